"""Who is looking: an immutable answer worked out once a request and handed inward."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Emergency:
    """One case file that a person opened in an emergency, by the number they named it by, until its end."""

    record: UUID
    case_file: UUID
    number: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Viewer:
    """One signed-in person as the confidentiality rules see them.

    `groups` are the agency groups that the person is in at this moment. `full` and `summary` are the record categories
    that the agreement in force lets the person's agency role see in full, or at least in summary: a grant whose
    category is in neither opens nothing, so a withdrawn agreement works on the next request, before any grant row is
    rewritten. `summary` contains `full`.

    `emergencies` are the files this person holds open in an emergency. What they open is there to be read only: it is
    visible to a viewer who `only_reads`, and a request that could change anything is made by one who does not.
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
    emergencies: tuple[Emergency, ...] = ()
    only_reads: bool = False

    @property
    def sees_emergencies(self) -> bool:
        """Whether the grants of an emergency look count for this viewer."""
        return self.only_reads and bool(self.emergencies)

    def has_duty(self, *duties: str) -> bool:
        """Whether the person is designated for one of these duties."""
        return bool(self.duties.intersection(duties))

    def apart_from_emergencies(self) -> Viewer:
        """The same person with only what is theirs by their agency's part."""
        return replace(self, only_reads=False)

    def as_reader(self) -> Viewer:
        """The same person with no duty to act: sees as much, may do nothing."""
        return replace(self, duties=frozenset())
