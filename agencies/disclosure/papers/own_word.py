"""The young person's own word: whom they let know, before 18 and after; and what one worker needs for a task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from agencies.disclosure.papers.minors import ADULT, MINOR_CONSENT, may_consent
from agencies.disclosure.papers.terms import Circumstances, Lack, Opened, Terms, not_later

ADULT_CONSENT: Final = "NMD"
MINOR_CONSENTED_CARE: Final = "r12"
NEED_LONGEST: Final = timedelta(days=14)
"""A logged need to know ends after at most this long: the county's own limit; a longer need is logged again."""

_CHOICE = "Family Code 6920-6930, Health and Safety Code 123115, county protocol on SOGIE"
_ADULT = "WIC 18964(c)"
TASKS: Final = {
    "transport": "Transport of the child",
    "visit": "Visit to the child",
    "welfare_check": "Welfare check",
    "safety": "Keeping the child safe from a person",
    "relief": "Getting immigration relief",
    "other": "Another task",
}


@dataclass(frozen=True, slots=True)
class ChoiceTerms(Terms):
    """The child's own signed choice about one recipient: who may know about identity, or about care of their own consent.

    Telling one person is not telling the next: every recipient has a choice of their own.
    """

    allows: str = ""
    signed: bool = False
    signed_on: date | None = None
    minor_section: str = ""

    kind: ClassVar[str] = "youth"
    name: ClassVar[str] = "The young person’s own choice"
    law: ClassVar[str] = _CHOICE
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("allows", "Write what the young person lets this recipient know", _CHOICE),
        Lack("signed", "The young person must have signed", _CHOICE),
        Lack("signed_on", "Write the day of the signature", _CHOICE),
    )

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        yield from not_later("signed_on", self.signed_on, when, _CHOICE)
        if self.category != MINOR_CONSENTED_CARE:
            return
        age = when.age_on(self.signed_on or when.today)
        if age is not None and age >= ADULT:
            return
        if self.minor_section not in MINOR_CONSENT:
            yield Lack(
                "minor_section", "Choose the care that the minor consented to", "Family Code 6920-6930"
            )
        elif not may_consent(self.minor_section, age):
            entry = MINOR_CONSENT[self.minor_section]
            yield Lack("minor_section", f"This needs an age of {entry.from_age}", entry.law)


@dataclass(frozen=True, slots=True)
class AdultConsentTerms(Terms):
    """A nonminor dependent's explicit, written and informed consent: from 18 nothing else opens the team's records."""

    explained: str = ""
    purpose: str = ""
    in_writing: bool = False
    signed_on: date | None = None

    kind: ClassVar[str] = ADULT_CONSENT
    name: ClassVar[str] = "Young adult’s own written consent"
    law: ClassVar[str] = _ADULT
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("explained", "Write what was explained: consent must be informed", _ADULT),
        Lack("purpose", "Write what the consent is for", _ADULT),
        Lack("in_writing", "The consent must be in writing and explicit", _ADULT),
        Lack("signed_on", "Write the day of the signature", _ADULT),
    )

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        yield from not_later("signed_on", self.signed_on, when, _ADULT)
        age = when.age_on(self.signed_on or when.today)
        if age is None:
            yield Lack("signed_on", "Record the date of birth first: this consent is an adult’s own", _ADULT)
        elif age < ADULT:
            yield Lack("signed_on", "On this day the young person was not yet 18", _ADULT)


@dataclass(frozen=True, slots=True)
class NeedTerms(Terms):
    """A task for which somebody must know, logged with its end, in force once a supervisor agreed."""

    task: str = ""
    purpose: str = ""
    approved_at: datetime | None = None

    kind: ClassVar[str] = "need"
    name: ClassVar[str] = "Logged need to know"
    law: ClassVar[str] = "County protocol, need to know"
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("task", "Choose the task", "County protocol, need to know"),
        Lack("purpose", "Write why this recipient must know", "County protocol, need to know"),
        Lack(
            "until", "A need to know is logged with its end. Say until when", "County protocol, need to know"
        ),
    )

    def opens_at(self, at: datetime) -> Opened | None:
        if self.approved_at is None or at < self.approved_at:
            return None
        # Slots and super() of a dataclass do not go together.
        return Terms.opens_at(self, at)

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        if self.until is not None and self.until > self.since + NEED_LONGEST:
            yield Lack(
                "until",
                f"At most {NEED_LONGEST.days} days; log it again then",
                "County protocol, need to know",
            )
