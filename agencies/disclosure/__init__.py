"""Who may know what about a child, and on which ground: the county's disclosure matrix and its one rule."""

from agencies.disclosure.categories import CATEGORY_NAMES, ROLES, WRITERS
from agencies.disclosure.facts import (
    AuthorisationFact,
    CaseFacts,
    EmergencyFact,
    PartyFact,
    SeatFact,
    SectionFact,
)
from agencies.disclosure.matrix import DEFAULT_MATRIX_PATH, Access, Cell, Matrix, MatrixError, matrix_read
from agencies.disclosure.rule import GrantDue, grants_due

__all__ = [
    "CATEGORY_NAMES",
    "DEFAULT_MATRIX_PATH",
    "ROLES",
    "WRITERS",
    "Access",
    "AuthorisationFact",
    "CaseFacts",
    "Cell",
    "EmergencyFact",
    "GrantDue",
    "Matrix",
    "MatrixError",
    "PartyFact",
    "SeatFact",
    "SectionFact",
    "grants_due",
    "matrix_read",
]
