"""Which looks deserve a question: pure rules over one person's day, each with its reason in words.

A reason is no finding of wrong. Most have an innocent answer; the point is that somebody asks, and writes the answer down.
The kinds follow the proactive reviews of hospital records: no tie to the case, a name or an address in common, night, volume,
and repeated misses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from math import ceil
from uuid import UUID

NIGHT_FROM, NIGHT_TO = time(22), time(6)
MISSES = 5
"""So many refused or vain tries in one day are no slip of the finger."""

KNOWN_DAYS = 10
"""Fewer days of work than this say nothing about what is usual for a person."""

UNKNOWN_MOST = 20
"""What counts as usual for somebody of whom little is known yet: case files opened in one day."""

LEAST = 8
"""A day with this many case files or fewer is never too much."""


class Why(StrEnum):
    """The kinds of reasons, in the order in which they weigh."""

    NAME = "name"
    ADDRESS = "address"
    NO_TIE = "no_tie"
    MISSES = "misses"
    VOLUME = "volume"
    NIGHT = "night"


LABELS = {
    Why.NAME: "Same family name",
    Why.ADDRESS: "Same address",
    Why.NO_TIE: "No tie to the case",
    Why.MISSES: "Many refused tries",
    Why.VOLUME: "Many files in one day",
    Why.NIGHT: "At night",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to ask, in words; about one case file, or about the whole day."""

    why: Why
    words: str
    case: UUID | None = None


@dataclass(frozen=True, slots=True)
class CaseLooks:
    """What one person opened of one case file on one day, and how they stand to it."""

    case: UUID
    times: tuple[time, ...]
    has_tie: bool
    same_name: bool = False
    same_address: bool = False


@dataclass(frozen=True, slots=True)
class PersonDay:
    """One person's day in the log. `usual_most` is how many files they open on all but their fullest days."""

    cases: tuple[CaseLooks, ...]
    refused: int = 0
    usual_most: int | None = None
    works_nights: bool = False


def reasons_of(day: PersonDay) -> list[Reason]:
    """Every reason to ask about this day, the weightiest first; none for an ordinary one."""
    found = [reason for looks in day.cases for reason in _of_case(looks, works_nights=day.works_nights)]
    if day.refused >= MISSES:
        found.append(Reason(Why.MISSES, f"{day.refused} tries that day were refused or found nothing."))
    most = UNKNOWN_MOST if day.usual_most is None else max(day.usual_most, LEAST)
    if len(day.cases) > most:
        usual = (
            "little is known yet of what is usual for them"
            if day.usual_most is None
            else f"on 19 of 20 days they open at most {day.usual_most}"
        )
        found.append(Reason(Why.VOLUME, f"{len(day.cases)} case files opened that day; {usual}."))
    order = list(Why)
    return sorted(found, key=lambda reason: order.index(reason.why))


def _of_case(looks: CaseLooks, *, works_nights: bool) -> Iterable[Reason]:
    if looks.same_name:
        yield Reason(Why.NAME, "Their family name is also the child’s.", looks.case)
    if looks.same_address:
        yield Reason(Why.ADDRESS, "They live at an address that stands in the file.", looks.case)
    if not looks.has_tie:
        yield Reason(
            Why.NO_TIE,
            "No duty, referral, entry or seat of theirs, and no work of their team.",
            looks.case,
        )
    at_night = sorted(moment for moment in looks.times if is_night(moment))
    if at_night and not works_nights:
        words = f"Opened at {_clock(at_night[0])}, and they are not designated for the hotline."
        yield Reason(Why.NIGHT, words, looks.case)


def _clock(moment: time) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M} {'a.m.' if moment.hour < 12 else 'p.m.'}"


def is_night(moment: time) -> bool:
    """Between ten in the evening and six in the morning, on the county's clock."""
    return moment >= NIGHT_FROM or moment < NIGHT_TO


def usual_most(counts: Sequence[int]) -> int | None:
    """The 95th percentile (nearest rank) of case files a day; None while too few days are known."""
    if len(counts) < KNOWN_DAYS:
        return None
    return sorted(counts)[ceil(0.95 * len(counts)) - 1]


def same_family_name(full_name: str, family_name: str) -> bool:
    """Whether the last word of a staff member's name is a part of a child's family name, accents and case aside."""
    theirs = _folded(full_name).split()
    return bool(theirs) and len(theirs) > 1 and theirs[-1] in _folded(family_name).split()


def _folded(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.replace("-", " "))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
