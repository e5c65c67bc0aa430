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
from referrals.models.referral import Referral, SpecialProjectCode, StatusField
from referrals.models.sharing import Authorisation, CaseParty, SeatFact

__all__ = [
    "Authorisation",
    "CaseEvent",
    "CaseFile",
    "CaseParty",
    "Child",
    "Deadline",
    "DeadlineStage",
    "EmergencyLook",
    "FileSection",
    "Heartbeat",
    "MissingEpisode",
    "Referral",
    "Reporter",
    "SeatFact",
    "SectionGroupGrant",
    "SectionUserGrant",
    "SectionedModel",
    "SpecialProjectCode",
    "StatusField",
    "Whereabouts",
]
