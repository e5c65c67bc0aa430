"""What every deadline of a case stands at: a pure function of its events and the rulebook.

The order in which events are given does not matter, and asking again always gives the same answer, so a
replay from scratch and a stored deadline can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from referrals.deadlines import kinds
from referrals.deadlines.acts import is_by, is_shown
from referrals.deadlines.events import Event, in_force
from referrals.deadlines.rule import Rule
from referrals.deadlines.rulebook import Rulebook, Rulebooks
from referrals.deadlines.starts import Start, starts


class ClockState(StrEnum):
    """How a duty stands at one moment. "Overdue" is never stored: it is an open duty after its limit."""

    OPEN = "open"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class ClockKey:
    """What makes a duty this one and no other: its rule, who owes it to whom, and what began it."""

    rule_id: str
    owed_by_role: str
    owed_to: str | None
    started_root: UUID


@dataclass(frozen=True, slots=True)
class Clock:
    """One duty with its limit and what became of it. Moments are UTC.

    `rulebook` is the version that was in force when it started, and that it keeps. `met_by` and `dropped_by` are ids of the events in force that ended it; whichever happened first stands
    alone.
    """

    key: ClockKey
    started_at: datetime
    due_at: datetime
    at_once: bool
    rulebook: str = ""
    met_by: UUID | None = None
    met_at: datetime | None = None
    dropped_by: UUID | None = None
    dropped_at: datetime | None = None
    drop_reason: str = ""

    def state(self, now: datetime) -> ClockState:
        """How the duty stood at `now`; at the limit itself it is still in time."""
        if self.dropped_at is not None and self.dropped_at <= now:
            return ClockState.DROPPED
        if self.met_at is not None and self.met_at <= now:
            return ClockState.MET if self.met_at <= self.due_at else ClockState.MET_LATE
        return ClockState.OPEN if now <= self.due_at else ClockState.OVERDUE


def clocks(events: Iterable[Event], *, rulebook: Rulebook | Rulebooks, zone: ZoneInfo) -> tuple[Clock, ...]:
    """Every duty of a case, oldest first, as its events and the county's rulebooks have it.

    Each runs by the rulebook in force at the moment it started, whatever came since. `zone` is the county's, for limits in days and months. Raises `RuleError` when the rulebook lacks a rule.
    """
    holding = in_force(events)
    ranks = {rule.id: rank for rank, rule in enumerate(rulebook.rules)}
    found = {
        _key(start): _clock(start, holding, rulebook.at(start.started_at), zone)
        for start in starts(holding, rulebook=rulebook, zone=zone)
    }
    return tuple(sorted(found.values(), key=lambda clock: _order(clock, ranks[clock.key.rule_id])))


def _order(clock: Clock, rank: int) -> tuple[datetime, int, str, str, int]:
    key = clock.key
    return (clock.started_at, rank, key.owed_by_role, key.owed_to or "", key.started_root.int)


def _key(start: Start) -> ClockKey:
    return ClockKey(start.rule_id, start.owed_by, start.owed_to, start.root)


def _clock(start: Start, events: Sequence[Event], book: Rulebook, zone: ZoneInfo) -> Clock:
    rule = book.rule(start.rule_id)
    due_at = start.due_at or rule.within.due(start.started_at, zone)
    key = _key(start)
    clock = Clock(key, start.started_at, due_at, rule.at_once, rulebook=book.version)
    done = next((event for event in events if _satisfies(event, rule, start)), None)
    dropped, reason = _drop(start, key, events)
    if dropped is not None and (done is None or dropped.occurred_at < done.occurred_at):
        return replace(clock, dropped_by=dropped.id, dropped_at=dropped.occurred_at, drop_reason=reason)
    if done is not None:
        return replace(clock, met_by=done.id, met_at=done.occurred_at)
    return clock


def _satisfies(event: Event, rule: Rule, start: Start) -> bool:
    """Whether this act does the duty: the right act, by and to the right one, in time order, and shown."""
    if event.occurred_at < start.started_at or not is_shown(event, rule):
        return False
    # An act that began the next duty of its kind is not that duty done.
    if rule.rolls and (event.root == start.root or event.occurred_at == start.started_at):
        return False
    # Of a chain that ends of itself an act counts for all that was owed before it, in whatever order it was typed.
    named = None if rule.rolls and rule.ends_on else event.says("started_root")
    if named not in {None, str(start.root)}:
        return False
    if "to" in rule.evidence and event.says("to") != start.owed_to:
        return False
    return is_by(event, rule, start.owed_by)


def _drop(start: Start, key: ClockKey, events: Sequence[Event]) -> tuple[Event | None, str]:
    """What ended the duty undone, soonest first: a decision that spares this agency, or an approved drop."""
    dropped = next((event for event in events if _drops(event, key)), None)
    decided = start.ended_by
    if dropped is not None and (decided is None or dropped.occurred_at <= decided.occurred_at):
        return dropped, dropped.says("reason") or ""
    return decided, start.end_reason


def _drops(event: Event, key: ClockKey) -> bool:
    if event.kind != kinds.DUTY_DROPPED or event.says("reason") is None or event.says("approved_by") is None:
        return False
    said = (event.says("rule"), event.says("owed_by"), event.says("owed_to"), event.says("started_root"))
    return said == (key.rule_id, key.owed_by_role, key.owed_to, str(key.started_root))
