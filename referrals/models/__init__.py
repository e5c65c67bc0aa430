"""Children, their case files, what came in, what is owed."""

from referrals.models.case_file import (
    CaseFile,
    FileSection,
    SectionedModel,
    SectionGroupGrant,
    SectionUserGrant,
)
from referrals.models.child import Child, Reporter, Whereabouts
from referrals.models.deadline import Deadline, DeadlineStage, Heartbeat
from referrals.models.emergency import EmergencyLook
from referrals.models.event import CaseEvent, MissingEpisode
from referrals.models.name_token import ChildToken
from referrals.models.note import PrivateNote
from referrals.models.oversight import BreachReason, DutyAcknowledgement
from referrals.models.paper import Paper
from referrals.models.papers import (
    MODEL_OF,
    PAPER_MODELS,
    AdultConsent,
    CasaAppointment,
    CourtFileStanding,
    CourtOrder,
    GoodCause,
    InformationRelease,
    NeedToKnow,
    Part2Consent,
    PrivilegeWaiver,
    Retainer,
    SealedPurpose,
    TeamRelease,
    YouthChoice,
)
from referrals.models.referral import Referral, SpecialProjectCode, StatusField
from referrals.models.request import AccessRequest
from referrals.models.restriction import CaseRestriction
from referrals.models.seal import SectionSeal
from referrals.models.sharing import CaseParty, SeatFact

__all__ = [
    "MODEL_OF",
    "PAPER_MODELS",
    "AccessRequest",
    "AdultConsent",
    "BreachReason",
    "CasaAppointment",
    "CaseEvent",
    "CaseFile",
    "CaseParty",
    "CaseRestriction",
    "Child",
    "ChildToken",
    "CourtFileStanding",
    "CourtOrder",
    "Deadline",
    "DeadlineStage",
    "DutyAcknowledgement",
    "EmergencyLook",
    "FileSection",
    "GoodCause",
    "Heartbeat",
    "InformationRelease",
    "MissingEpisode",
    "NeedToKnow",
    "Paper",
    "Part2Consent",
    "PrivateNote",
    "PrivilegeWaiver",
    "Referral",
    "Reporter",
    "Retainer",
    "SealedPurpose",
    "SeatFact",
    "SectionGroupGrant",
    "SectionSeal",
    "SectionUserGrant",
    "SectionedModel",
    "SpecialProjectCode",
    "StatusField",
    "TeamRelease",
    "Whereabouts",
    "YouthChoice",
]
