"""What every paper on file says, and the two questions asked of it: is it whole, and what does it open now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

SIGNERS: Final = {
    "youth": "the young person",
    "guardian": "a parent, guardian or other legal representative",
    "both": "the young person and a parent or guardian",
    "attorney": "the young person’s attorney",
    "court": "the court, in the parents’ place",
}
"""In what capacity somebody signed."""


@dataclass(frozen=True, slots=True)
class Lack:
    """An element that the law asks of a paper and that this one has not; `field` names where to write it."""

    field: str
    words: str
    law: str

    @property
    def message(self) -> str:
        return f"{self.words} ({self.law})."


@dataclass(frozen=True, slots=True)
class Opened:
    """What a paper opens at one moment: one category of record, to one agency or one person of it."""

    category: str
    agency: UUID
    person: UUID | None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When a paper is put on file, and how old the young person was on a day (`None`: not known)."""

    now: datetime
    today: date
    age_on: Callable[[date], int | None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What every paper says: to whom it opens which records, from when until when, and where it lies.

    `agency` and, where the paper names one person, `person` receive. `discloser` is set where the paper opens only
    what that agency holds. From `revoked_at` on it opens nothing.
    """

    category: str
    agency: UUID
    since: datetime
    evidence: str
    person: UUID | None = None
    discloser: UUID | None = None
    until: datetime | None = None
    revoked_at: datetime | None = None

    kind: ClassVar[str] = ""
    name: ClassVar[str] = ""
    law: ClassVar[str] = ""
    elements: ClassVar[tuple[Lack, ...]] = ()

    def ground(self) -> str:
        """The word of the disclosure matrix that this paper answers."""
        return self.kind

    @property
    def is_whole(self) -> bool:
        """Whether every element is there that does not depend on the day: only such a paper opens anything."""
        return all(said(getattr(self, element.field)) for element in self.elements)

    def lacks(self, when: Circumstances) -> tuple[Lack, ...]:
        """Everything the law asks for that is missing or wrong, each with its section; empty when the paper is whole."""
        missing = [element for element in self.elements if not said(getattr(self, element.field))]
        return (*missing, *self._common(when), *self._own(when))

    def opens_at(self, at: datetime) -> Opened | None:
        """What the paper opens at a moment: nothing before it begins, after it ends, from its revocation on, or unwhole."""
        ends = [end for end in (self.until, self.revoked_at) if end is not None]
        if not self.is_whole or at < self.since or any(end <= at for end in ends):
            return None
        return Opened(self.category, self.agency, self.person)

    def _common(self, when: Circumstances) -> Iterator[Lack]:
        if not self.evidence.strip():
            yield Lack(
                "evidence",
                "Say where the paper lies: a date, a number, a folder",
                "County protocol, evidence",
            )
        if self.since > when.now:
            yield Lack(
                "since",
                "This begins in the future. Record it on the day it begins",
                "County protocol, evidence",
            )
        if self.until is not None and self.until <= when.now:
            yield Lack("until", "This is over already, so it opens nothing", "County protocol, evidence")

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        """What only this kind of paper must satisfy."""
        yield from ()


def said(value: object) -> bool:
    """Whether an element is there: a word that is not only blanks, a day, a tick."""
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def not_later(field: str, day: date | None, when: Circumstances, law: str) -> Iterator[Lack]:
    """A day on which something was signed or ordered is not after today."""
    if day is not None and day > when.today:
        yield Lack(field, "This day is in the future", law)
