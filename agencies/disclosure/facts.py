"""What is true about one case when the disclosure rule is asked: plain values, no database.

Every moment is timezone-aware. A fact is live from `since` until just before `until`; no `until` means it has
no end yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol
from uuid import UUID

from agencies.disclosure.categories import ROLES, SECTION_CATEGORIES
from agencies.disclosure.emergency import LONGEST, REASON_NAMES

PARTY_KINDS: Final[frozenset[str]] = frozenset(
    {"assignment", "jurisdiction", "responder", "cross_report", "appointment", "retainer", "notice"}
)


class Lasting(Protocol):
    """Anything true since one moment and until another, where that is known already."""

    @property
    def since(self) -> datetime: ...
    @property
    def until(self) -> datetime | None: ...


FOREVER: Final = datetime.max.replace(tzinfo=UTC)
"""Stands in the rule for the end of a fact that has none yet; a grant says it as `ends_at=None`."""


def _role_check(role: str) -> None:
    if role not in ROLES:
        raise ValueError(f"'{role}' is not an agency role. The roles are {', '.join(ROLES)}.")


@dataclass(frozen=True, slots=True)
class SectionFact:
    """One part of a child's case file, holding one category of record.

    `custodian` is the agency whose private copy this is; `author` the one person it belongs to (then
    `custodian` is that person's agency); `meeting` the meeting whose minutes these are; `sealed` while a court's order
    seals it (WIC 781, 786, 827.95). Raises `ValueError`
    for a category that no case file has a section of.
    """

    id: UUID
    category: str
    custodian: UUID | None = None
    author: UUID | None = None
    meeting: UUID | None = None
    sealed: bool = False

    def __post_init__(self) -> None:
        if self.category not in SECTION_CATEGORIES:
            raise ValueError(f"'{self.category}' is not a category a case file has a section of.")


@dataclass(frozen=True, slots=True)
class PartyFact:
    """An agency takes part in this child's case, for the reason `kind` names (one of `PARTY_KINDS`)."""

    agency: UUID
    role: str
    kind: str
    since: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        _role_check(self.role)
        if self.kind not in PARTY_KINDS:
            raise ValueError(
                f"'{self.kind}' is no way to take part. The ways are {', '.join(sorted(PARTY_KINDS))}."
            )


@dataclass(frozen=True, slots=True)
class SeatFact:
    """An agency sits on this child's team; `deemed_in_writing` with the reasons on paper (WIC 18964).

    `window_until` is when a team of two ceases to share (WIC 18961.7(c)); the minutes of what it talked about stay
    its members' own.
    """

    agency: UUID
    role: str
    meeting: UUID
    deemed_in_writing: bool
    since: datetime
    until: datetime | None = None
    window_until: datetime | None = None

    def __post_init__(self) -> None:
        _role_check(self.role)


@dataclass(frozen=True, slots=True)
class AuthorisationFact:
    """A paper on file that lets one agency see certain categories: a consent, release, order or logged need.

    `kind` is a ground of the matrix (`youth`, `ROI`, `P2`, `CO`, ...). From `revoked_at` on it opens nothing. Where it
    names one `person` of the agency it opens to nobody else there; where it names its `discloser`, only what that
    agency holds; where it stands among the records of one `author`, none of that author's colleagues'.
    `section` is where it stands: what is sealed asks for a purpose that stands in just that section.
    """

    kind: str
    agency: UUID
    role: str
    categories: frozenset[str]
    since: datetime
    until: datetime | None = None
    revoked_at: datetime | None = None
    person: UUID | None = None
    discloser: UUID | None = None
    author: UUID | None = None
    section: UUID | None = None

    def __post_init__(self) -> None:
        _role_check(self.role)


@dataclass(frozen=True, slots=True)
class EmergencyFact:
    """One person broke the glass of this case file in an emergency; it closes when they end it, or by itself.

    Raises `ValueError` for an unknown role or reason, and for a look longer than `LONGEST`.
    """

    person: UUID
    role: str
    reason: str
    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        _role_check(self.role)
        if self.reason not in REASON_NAMES:
            raise ValueError(f"'{self.reason}' is no reason for an emergency look.")
        if self.until.astimezone(UTC) - self.since.astimezone(UTC) > LONGEST:
            raise ValueError("An emergency look lasts 60 minutes at most.")


@dataclass(frozen=True, slots=True)
class RestrictionFact:
    """The file is open to these people only, each with the agency they work for; to everybody else it is absent."""

    people: frozenset[tuple[UUID, UUID]]

    def of(self, agency: UUID) -> frozenset[UUID]:
        """The people of one agency whom it names."""
        return frozenset(person for person, works_for in self.people if works_for == agency)

    def names(self, person: UUID) -> bool:
        """Whether it names this person."""
        return any(person == named for named, _ in self.people)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """All that the disclosure rule may know of a case.

    `turns_adult_at`, where the birth date is known, makes every team-based grant end by itself at eighteen.
    """

    child_is_adult: bool
    parties: tuple[PartyFact, ...] = ()
    seats: tuple[SeatFact, ...] = ()
    authorisations: tuple[AuthorisationFact, ...] = ()
    turns_adult_at: datetime | None = None
    emergencies: tuple[EmergencyFact, ...] = ()
    restriction: RestrictionFact | None = None
