"""Duties that an entry of the chronology starts by itself, as their rules say: no code knows one of them by name.

Where a fact is not told the safe side counts: a duty is spared only by a fact that was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from referrals.deadlines import kinds
from referrals.deadlines import rule_ids as ids
from referrals.deadlines.acts import is_by, is_shown
from referrals.deadlines.answers import Start, answers_about, county_reporter, owed, referrals_of
from referrals.deadlines.calendar import last_minute_before
from referrals.deadlines.events import Event
from referrals.deadlines.register.missing import GROUND_WORDS, NOTICE_GROUNDS
from referrals.deadlines.rule import Owing, Rule
from referrals.deadlines.rulebook import ALL_FOSTER, Rulebook, Rulebooks

SHORTEST = timedelta(minutes=1)
LOCATED = "The child was located."
REPORTED_MISSING = frozenset({ids.MISSING_TO_LE, ids.MISSING_TO_NCMEC, ids.CONTINUING_CONTACT})


def triggered(events: Sequence[Event], books: Rulebook | Rulebooks, zone: ZoneInfo) -> Iterator[Start]:
    """Every duty that an event in force starts by its rule alone; `events` are oldest first."""
    referrals = referrals_of(events)
    present = {event.kind for event in events}
    for rule in books.rules:
        if rule.owed_by is Owing.RESPONSE or present.isdisjoint((*rule.starts_on, rule.met_by)):
            continue
        for event in events:
            for owed_to in _recipients(rule, event, events, books):
                for start in _owed_by(rule, owed_to, event, events, referrals):
                    yield _with_day(_with_end(start, rule, event, events), rule, event, books, zone)


def _recipients(
    rule: Rule, event: Event, events: Sequence[Event], books: Rulebook | Rulebooks
) -> tuple[str, ...]:
    """To whom this entry starts the duty; nobody where it does not."""
    if event.kind in rule.starts_on and event.kind != rule.met_by:
        return _not_spared(rule, event) if _applies(rule, event, books) else ()
    if rule.rolls and is_shown(event, rule) and _goes_on(rule, event, events, books):
        to = event.says("to") if "to" in rule.evidence else None
        return tuple(owed_to for owed_to in rule.owed_to if to in {None, owed_to})
    return ()


def _applies(rule: Rule, event: Event, books: Rulebook | Rulebooks) -> bool:
    if any(event.says(fact) != word for fact, word in rule.only_if):
        return False
    if all(event.facts.get(fact) is not False for fact in rule.needs):
        return True
    # A child missing from foster care is reported whether at risk or not, where the county reads the law so.
    return (
        rule.id in REPORTED_MISSING
        and event.facts.get("in_foster_care") is True
        and books.at(event.known_at).reads(ALL_FOSTER)
    )


def _not_spared(rule: Rule, event: Event) -> tuple[str, ...]:
    if not any(event.says(fact) == word for fact, word in rule.spared_if):
        return rule.owed_to
    return tuple(owed_to for owed_to in rule.owed_to if rule.spared and owed_to not in rule.spared)


def _goes_on(rule: Rule, act: Event, events: Sequence[Event], books: Rulebook | Rulebooks) -> bool:
    """Whether the act continues something: what began it applies still, and nothing ended it before the act."""
    if rule.starts_on == (rule.met_by,):
        return True
    begun = [
        event
        for event in events
        if event.kind in rule.starts_on and event.known_at <= act.occurred_at and _applies(rule, event, books)
    ]
    return any(
        not any(
            end.kind in rule.ends_on and event.occurred_at <= end.occurred_at <= act.occurred_at
            for end in events
        )
        for event in begun
    )


def _owed_by(
    rule: Rule, owed_to: str, event: Event, events: Sequence[Event], referrals: Sequence[Event]
) -> Iterator[Start]:
    is_act = event.kind == rule.met_by
    started_at = event.occurred_at if is_act else event.known_at
    if rule.owed_by is Owing.COUNTY_REPORTER:
        if is_act and not is_by(event, rule, ""):
            return
        yield from _by_county(rule, owed_to, event, started_at, events, referrals)
        return
    role = _role(rule, event)
    if role:
        yield Start(rule.id, role, owed_to, event.root, started_at)


def _role(rule: Rule, event: Event) -> str:
    if rule.owed_by is not Owing.RECORDER:
        return rule.owed_by.value
    return event.agency_role if event.agency_role in rule.roles and event.agency_role else rule.otherwise


def _by_county(
    rule: Rule,
    owed_to: str,
    event: Event,
    started_at: datetime,
    events: Sequence[Event],
    referrals: Sequence[Event],
) -> Iterator[Start]:
    """Owed by the county's reporting agency as answered when it was known, and as decided since."""
    answers = answers_about(event, events, referrals)
    earlier = [answer for answer in answers if answer.event.known_at <= started_at]
    later = [answer for answer in answers if answer.event.known_at > started_at]
    asked = [*earlier[-1:], *later]
    if asked:
        yield from owed(rule.id, owed_to, event.root, started_at, asked, county_reporter)
    else:
        yield Start(rule.id, kinds.CHILD_WELFARE, owed_to, event.root, started_at)


def _with_end(start: Start, rule: Rule, event: Event, events: Sequence[Event]) -> Start:
    """The duty as it ends undone, by the soonest of a decision, an end its rule names, and a recorded exception."""
    ends = [(start.ended_by, start.end_reason)] if start.ended_by is not None else []
    ends += [
        (end, LOCATED)
        for end in events
        if end.kind in rule.ends_on and end.occurred_at >= event.occurred_at and end.root != event.root
    ]
    if rule.id == ids.MISSING_NOTICE:
        ends += _notice_ends(start, event, events)
    if not ends:
        return start
    ended_by, reason = min(ends, key=lambda end: (end[0].occurred_at, end[0].recorded_at, end[0].root.int))
    return replace(start, ended_by=ended_by, end_reason=reason)


def _notice_ends(start: Start, event: Event, events: Sequence[Event]) -> list[tuple[Event, str]]:
    """Recorded exceptions of the nine notices (WIC 16501.35(b)(2)(F)); a court's limit stands until it is corrected."""
    owed_to = start.owed_to or ""
    allowed = NOTICE_GROUNDS.get(owed_to, frozenset())
    if owed_to == kinds.TO_TRIBE and event.says("indian_child") == "no":
        return [(event, GROUND_WORDS["not_indian"])]
    said = event.facts.get("not_owed")
    ground = said.get(owed_to) if isinstance(said, dict) else None
    found = [(event, GROUND_WORDS[ground])] if ground in allowed else []
    for entry in events:
        if entry.kind != kinds.NOTICE_NOT_OWED or entry.says("to") != owed_to:
            continue
        ground = entry.says("ground") or ""
        meant = entry.says("started_root") in {None, str(event.root)}
        lasting = ground == "court_limit" or entry.occurred_at >= event.occurred_at
        if ground in allowed and meant and lasting:
            found.append((entry, GROUND_WORDS[ground]))
    return found


def _with_day(start: Start, rule: Rule, event: Event, books: Rulebook | Rulebooks, zone: ZoneInfo) -> Start:
    day = _day(event, rule.before) if rule.before else None
    if day is None:
        return start
    due_at = last_minute_before(day, zone)
    if rule.before_caps:
        due_at = min(due_at, books.at(start.started_at).rule(rule.id).within.due(start.started_at, zone))
    return replace(start, due_at=max(due_at, start.started_at + SHORTEST))


def _day(event: Event, fact: str) -> date | None:
    try:
        return date.fromisoformat(event.says(fact) or "")
    except ValueError:
        return None
