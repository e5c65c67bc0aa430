"""Agencies, their people, what they agreed and what they are told."""

from agencies.models.county import Agency, County
from agencies.models.notice import Notice
from agencies.models.oncall import OnCallShift
from agencies.models.person import Designation, Person, PersonManager, Training
from agencies.models.protocol import (
    DisclosureCell,
    ProposedCell,
    ProtocolProposal,
    ProtocolVersion,
    VersionSettling,
)
from agencies.models.qualification import Qualification
from agencies.models.reach import CodeSent, PushDevice, TextNumber
from agencies.models.review import StaffReview, StaffReviewLine
from agencies.models.rulebook import CountyRulebook, RulebookProposal
from agencies.models.sign_in import FailedSignIn

__all__ = [
    "Agency",
    "CodeSent",
    "County",
    "CountyRulebook",
    "Designation",
    "DisclosureCell",
    "FailedSignIn",
    "Notice",
    "OnCallShift",
    "Person",
    "PersonManager",
    "ProposedCell",
    "ProtocolProposal",
    "ProtocolVersion",
    "PushDevice",
    "Qualification",
    "RulebookProposal",
    "StaffReview",
    "StaffReviewLine",
    "TextNumber",
    "Training",
    "VersionSettling",
]
