"""Who is looking: an immutable answer worked out once a request and handed inward."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Viewer:
    """One signed-in person as the confidentiality rules see them.

    `groups` are the agency groups that the person is in at this moment. `full` and `summary` are the record categories
    that the agreement in force lets the person's agency role see in full, or at least in summary: a grant whose
    category is in neither opens nothing, so a withdrawn agreement works on the next request, before any grant row is
    rewritten. `summary` contains `full`.
    """

    person: UUID
    name: str
    agency: UUID
    agency_name: str
    county: UUID
    role: str
    zone: str
    duties: frozenset[str] = frozenset()
    groups: tuple[int, ...] = ()
    full: frozenset[str] = field(default_factory=frozenset)
    summary: frozenset[str] = field(default_factory=frozenset)

    def has_duty(self, *duties: str) -> bool:
        """Whether the person is designated for one of these duties."""
        return bool(self.duties.intersection(duties))
