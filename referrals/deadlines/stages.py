"""When people are told about a duty, whom each stage is for, and how soon somebody must say that they have it.

All of it is data: which stages a duty has by the kind of its length, whom they reach, and in how many minutes a stage
that nobody acknowledges goes one level up. Whether the duty is still open when a stage comes is the caller's to ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from referrals.deadlines import rules
from referrals.deadlines.engine import Clock

OWING_WORKERS: Final = "owing_workers"
ON_CALL: Final = "on_call"
OWING_SUPERVISORS: Final = "owing_supervisors"
DIRECTOR: Final = "director"
COORDINATOR: Final = "coordinator"
LADDER: Final = (OWING_WORKERS, ON_CALL, OWING_SUPERVISORS, DIRECTOR, COORDINATOR)
"""Who answers next when nobody below does."""

STARTED: Final = "started"
HALF: Final = "half"
WARNING: Final = "warning"
DUE: Final = "due"
BREACHED: Final = "breached"
STILL: Final = "still"
UP: Final = "up"


class Length(StrEnum):
    """What kind of time a duty leaves: it decides how often people are told."""

    AT_ONCE = "at once"
    SHORT = "a few hours"
    HOURS = "a day or two"
    DAYS = "days"


SHORT_AT_MOST: Final = timedelta(hours=4)
HOURS_AT_MOST: Final = timedelta(hours=48)

LEFT_OUT: Final[Mapping[Length, Mapping[str, str]]] = MappingProxyType(
    {
        Length.AT_ONCE: {HALF: "its limit is no target, so the warning comes after a quarter of it"},
        Length.SHORT: {HALF: "the warning follows within the hour; two in a row teach people to look away"},
        Length.HOURS: {},
        Length.DAYS: {},
    }
)
"""Which stages a duty of this length does without, and why."""

LEFT_OUT_BY_RULE: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {rules.NEXT_TEAM: {STARTED: "it starts in the meeting that was just held, before everybody's eyes"}}
)
"""Which further stages one rule does without, and why."""

AUDIENCES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        STARTED: frozenset({OWING_WORKERS}),
        HALF: frozenset({OWING_WORKERS}),
        WARNING: frozenset({OWING_WORKERS}),
        DUE: frozenset({OWING_WORKERS, ON_CALL, OWING_SUPERVISORS}),
        BREACHED: frozenset({OWING_WORKERS, OWING_SUPERVISORS, DIRECTOR}),
        STILL: frozenset({OWING_SUPERVISORS, DIRECTOR, COORDINATOR}),
    }
)
ON_CALL_FROM_THE_START: Final = frozenset({Length.AT_ONCE, Length.SHORT})
"""Duties due now reach the agency's on-call with their first notice."""

ACKNOWLEDGE_WITHIN: Final[Mapping[Length, Mapping[str, timedelta]]] = MappingProxyType(
    {
        Length.AT_ONCE: {stage: timedelta(minutes=30) for stage in (STARTED, DUE, BREACHED)},
        Length.SHORT: {stage: timedelta(minutes=15) for stage in (STARTED, DUE, BREACHED)},
        Length.HOURS: {stage: timedelta(hours=1) for stage in (DUE, BREACHED)},
        Length.DAYS: {stage: timedelta(hours=12) for stage in (DUE, BREACHED)},
    }
)
"""Within which time somebody must say that they have a stage; a stage that is not named here needs no word.

County practice. A duty of days falls due at midnight, when nobody is to be woken for a team meeting: twelve hours reach
the next working day.
"""

QUIET: Final[Mapping[Length, frozenset[str]]] = MappingProxyType(
    {
        Length.AT_ONCE: frozenset(),
        Length.SHORT: frozenset(),
        Length.HOURS: frozenset({HALF}),
        Length.DAYS: frozenset({STARTED, HALF}),
    }
)
"""Stages whose e-mail waits for the daily digest. Their notice inside the product comes at once like every other."""

BREACHED_AFTER: Final = timedelta(minutes=15)
"""How long after the limit people are asked why. The duty is late from its limit on; who did it in time needs a moment
to write it down."""
STILL_AT_LEAST: Final = timedelta(minutes=30)
STILL_AT_MOST: Final = timedelta(hours=24)
STILL_TIMES: Final = 30
"""How often people are told that a duty is still not done: about four weeks, at last once a day."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One moment at which a duty that is still open calls for someone's attention."""

    name: str
    fire_at: datetime
    audience: frozenset[str]


def length_of(started_at: datetime, due_at: datetime, *, at_once: bool) -> Length:
    """The kind of time between a start and a limit."""
    if at_once:
        return Length.AT_ONCE
    span = due_at - started_at
    if span <= SHORT_AT_MOST:
        return Length.SHORT
    return Length.HOURS if span <= HOURS_AT_MOST else Length.DAYS


def stages(clock: Clock, *, still_times: int = STILL_TIMES) -> tuple[Stage, ...]:
    """The moments of a duty, in order: those before its limit, the limit, and the first ones after it.

    A duty due at once warns after a quarter of its outer limit, since that limit is not a target (Penal Code
    11166(j): immediately, and in no case later); any other after three quarters. Once the last of them has fired,
    `next_still` says when the next one comes.
    """
    length = length_of(clock.started_at, clock.due_at, at_once=clock.at_once)
    left_out = {*LEFT_OUT[length], *LEFT_OUT_BY_RULE.get(clock.key.rule_id, {})}
    span = clock.due_at - clock.started_at
    moments = (
        (STARTED, clock.started_at),
        (HALF, clock.started_at + span / 2),
        (WARNING, clock.started_at + (span / 4 if clock.at_once else span * 3 / 4)),
        (DUE, clock.due_at),
        (BREACHED, clock.due_at + BREACHED_AFTER),
        *still_moments(clock.started_at, clock.due_at, times=still_times),
    )
    return tuple(
        Stage(name, moment, audience_of(name, length)) for name, moment in moments if name not in left_out
    )


def first_stages(clock: Clock) -> tuple[Stage, ...]:
    """The stages a duty begins with: of those that repeat, the first alone."""
    return stages(clock, still_times=1)


def still_moments(
    started_at: datetime, due_at: datetime, *, times: int = STILL_TIMES
) -> tuple[tuple[str, datetime], ...]:
    """When people are told that a duty is still not done: "still", "still-2" ..., each gap twice the last, a day at most."""
    gap = min(max((due_at - started_at) / 4, STILL_AT_LEAST), STILL_AT_MOST)
    moment, found = due_at, []
    for number in range(1, times + 1):
        moment += gap
        found.append((STILL if number == 1 else f"{STILL}-{number}", moment))
        gap = min(gap * 2, STILL_AT_MOST)
    return tuple(found)


def next_still(
    name: str, *, started_at: datetime, due_at: datetime, now: datetime
) -> tuple[str, datetime] | None:
    """The stage that follows a "still" that fired: the first one yet to come, so that a long silence is no flood."""
    moments = still_moments(started_at, due_at)
    names = [known for known, _ in moments]
    if name not in names:
        return None
    later = moments[names.index(name) + 1 :]
    return next((one for one in later if one[1] > now), None)


def kind_of(name: str) -> str:
    """What a stage is, whatever its number: "still-3" is a "still"."""
    return name.partition("-")[0]


def audience_of(name: str, length: Length) -> frozenset[str]:
    """Whom a stage of this name is for. Raises KeyError for a name that no duty has."""
    kind = kind_of(name)
    if kind == UP:
        return frozenset({LADDER[level_of(name)]})
    if length in ON_CALL_FROM_THE_START and kind in {STARTED, WARNING}:
        return AUDIENCES[kind] | {ON_CALL}
    return AUDIENCES[kind]


def is_escalated(name: str, level: str) -> bool:
    """Whether who is told on this level is told because somebody below has not done the duty."""
    return kind_of(name) == UP or level in {OWING_SUPERVISORS, DIRECTOR, COORDINATOR}


def is_quiet(name: str, length: Length) -> bool:
    """Whether a stage's e-mail can wait for the daily digest."""
    return kind_of(name) in QUIET[length]


def acknowledge_within(name: str, length: Length) -> timedelta | None:
    """In which time somebody must say that they have this stage; None where nobody is asked to."""
    if kind_of(name) == UP:
        return max(ACKNOWLEDGE_WITHIN[length].values())
    return ACKNOWLEDGE_WITHIN[length].get(name)


def level_of(name: str) -> int:
    """Which step of the ladder an "up" stage calls. Raises KeyError for a name that is none."""
    kind, _, number = name.partition("-")
    if kind != UP or not number.isdigit() or not 0 < int(number) < len(LADDER):
        raise KeyError(name)
    return int(number)


def up_after(name: str, length: Length) -> list[str]:
    """The steps of the ladder above those that this stage told, lowest first: what comes when nobody acknowledges it."""
    told = audience_of(name, length)
    highest = max(LADDER.index(level) for level in told)
    return [f"{UP}-{number}" for number in range(highest + 1, len(LADDER))]
