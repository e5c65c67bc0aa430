"""Agencies, their people, what they agreed and what they are told."""

from agencies.models.county import Agency, County
from agencies.models.notice import Notice
from agencies.models.person import Designation, Person, PersonManager, Training
from agencies.models.protocol import DisclosureCell, ProtocolVersion

__all__ = [
    "Agency",
    "County",
    "Designation",
    "DisclosureCell",
    "Notice",
    "Person",
    "PersonManager",
    "ProtocolVersion",
    "Training",
]
