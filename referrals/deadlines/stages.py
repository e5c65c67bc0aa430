"""When people are told about a duty, and who: at its start, before its limit, at it, and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from referrals.deadlines.engine import Clock

OWING_WORKERS: Final = "owing_workers"
OWING_SUPERVISORS: Final = "owing_supervisors"
COORDINATOR: Final = "coordinator"

STARTED: Final = "started"
WARNING: Final = "warning"
DUE: Final = "due"
STILL: Final = "still"

STILL_AT_LEAST: Final = timedelta(minutes=30)
STILL_AT_MOST: Final = timedelta(hours=24)

AUDIENCES: Final = {
    STARTED: frozenset({OWING_WORKERS}),
    WARNING: frozenset({OWING_WORKERS}),
    DUE: frozenset({OWING_WORKERS, OWING_SUPERVISORS}),
    STILL: frozenset({OWING_SUPERVISORS, COORDINATOR}),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One moment at which a duty that is still open calls for someone's attention."""

    name: str
    fire_at: datetime
    audience: frozenset[str]


def stages(clock: Clock) -> tuple[Stage, ...]:
    """The four moments of a duty, in order. Whether it is still open when they come is the caller's to ask.

    A duty due at once warns after a quarter of its outer limit, since that limit is not a target (Penal Code
    11166(j): immediately, and in no case later); any other after three quarters.
    """
    span = clock.due_at - clock.started_at
    warn_after = span / 4 if clock.at_once else span * 3 / 4
    still_after = min(max(span / 4, STILL_AT_LEAST), STILL_AT_MOST)
    return (
        Stage(STARTED, clock.started_at, AUDIENCES[STARTED]),
        Stage(WARNING, clock.started_at + warn_after, AUDIENCES[WARNING]),
        Stage(DUE, clock.due_at, AUDIENCES[DUE]),
        Stage(STILL, clock.due_at + still_after, AUDIENCES[STILL]),
    )


def audience_of(name: str) -> frozenset[str]:
    """Whom a stage of this name is for. Raises KeyError for a name that no duty has."""
    return AUDIENCES[name]
