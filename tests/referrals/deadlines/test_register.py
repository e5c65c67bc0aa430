"""Every clock of the register, to every recipient: starts, is met in each allowed way, breached, corrected and dropped.

The cases are named by rule; a rule of the register without one fails here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from referrals.deadlines import kinds
from referrals.deadlines.engine import Clock, ClockState, clocks
from referrals.deadlines.events import Event
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Rule, ShownBy
from tests.referrals.deadlines.test_engine import T0, event, referral, uid

ZONE = ZoneInfo("America/Los_Angeles")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ALL_MODES = ("telephone", "fax", "electronic", "writing", "in_person", "mail", "")
Started = tuple[list[Event], str, datetime, str]
"""What begins the duty, who owes it, by when, and the name of the entry that began it."""


def local(month: int, day: int, year: int = 2026) -> datetime:
    """11:59 p.m. in California on a day, written down by hand as UTC."""
    offset = 7 if (3, 8) <= (month, day) < (11, 1) else 8
    return datetime(year, month, day, 23, 59, tzinfo=UTC) + timedelta(hours=offset)


def said(kind: str, role: str = "CW", **facts: object) -> list[Event]:
    return [event("start", kind, received=T0, role=role, **facts)]  # type: ignore[arg-type]


def hours(count: int) -> datetime:
    return T0 + timedelta(hours=count)


CALL = [referral(), event("call", kinds.CROSS_REPORT_MADE, to="le", mode="telephone")]
RUN = said(kinds.WENT_MISSING)
FOUND = said(kinds.CHILD_LOCATED)
HALF_A_YEAR = datetime(2027, 5, 18, 19, 0, tzinfo=UTC)
CONCLUDED = said(kinds.INVESTIGATION_CONCLUDED, finding="substantiated")

CASES: dict[str, Started] = {
    "response-2h": ([referral()], "CW", hours(2), "referral"),
    "immediate-24h": ([referral()], "CW", hours(24), "referral"),
    "cross-report-now": ([referral()], "CW", hours(2), "referral"),
    "written-36h": (CALL, "CW", hours(36), "referral"),
    "support-72h": ([referral()], "ADV", hours(72), "referral"),
    "medical-72h": ([referral()], "PH", hours(72), "referral"),
    "investigate-10d": ([referral(urgent=False)], "CW", local(11, 28), "referral"),
    "team-10d": ([referral()], "CW", local(11, 28), "referral"),
    "victim-le-24h": (said(kinds.CHILD_IDENTIFIED), "CW", hours(24), "start"),
    "missing-le-24h": (RUN, "CW", hours(24), "start"),
    "missing-ncmec-24h": (RUN, "CW", hours(24), "start"),
    "missing-notice-24h": (RUN, "CW", hours(24), "start"),
    "search-contact": (RUN, "CW", local(11, 25), "start"),
    "search-effort": (RUN, "CW", local(11, 25), "start"),
    "team-run": (RUN, "CW", hours(72), "start"),
    "return-screen": (FOUND, "CW", hours(24), "start"),
    "return-debrief": (FOUND, "CW", local(11, 21), "start"),
    "return-le": (FOUND, "CW", hours(24), "start"),
    "return-ncmec": (FOUND, "CW", hours(24), "start"),
    "reporter-call-now": (said(kinds.EXPLOITATION_SUSPECTED, "ADV"), "ADV", hours(2), "start"),
    "reporter-written-36h": (said(kinds.EXPLOITATION_SUSPECTED, "ED"), "ED", hours(36), "start"),
    "police-cross-now": (said(kinds.POLICE_REPORT_RECEIVED, "LE"), "LE", hours(2), "start"),
    "police-written-36h": (said(kinds.POLICE_REPORT_RECEIVED, "LE"), "LE", hours(36), "start"),
    "police-notice-36h": (said(kinds.POLICE_INVESTIGATION_BEGUN, "LE"), "LE", hours(36), "start"),
    "licensing-24h": (said(kinds.FACILITY_ABUSE_REPORTED, "PO"), "PO", hours(24), "start"),
    "licensing-written-36h": (said(kinds.FACILITY_ABUSE_REPORTED), "CW", hours(36), "start"),
    "attorney-copy-36h": (said(kinds.CUSTODY_ABUSE_ALLEGED, "LE"), "LE", hours(36), "start"),
    "attorney-answer-30d": (said(kinds.ATTORNEY_ASKED), "CW", local(12, 18), "start"),
    "parent-attorney-36h": (said(kinds.YOUTHS_CHILD_REPORTED), "CW", hours(36), "start"),
    "index-form": (CONCLUDED, "CW", local(11, 23), "start"),
    "index-correction": (said(kinds.FINDING_CHANGED), "CW", local(11, 23), "start"),
    "custody-exam-72h": (said(kinds.CUSTODY_ABUSE_ALLEGED, abuse="sexual"), "CW", hours(72), "start"),
    "team-monthly": (said(kinds.MEETING_HELD), "CW", datetime(2026, 12, 18, 20, 0, tzinfo=UTC), "start"),
    "team-testimony": (said(kinds.TESTIMONY_PLANNED, on="2026-12-02"), "CW", local(12, 1), "start"),
    "team-change": (said(kinds.PLAN_CHANGE_NEEDED), "CW", local(11, 25), "start"),
    "team-crisis": (said(kinds.TRAFFICKER_THREAT, "ADV"), "CW", hours(72), "start"),
    "assess-cw": (said(kinds.PLACEMENT_CHANGED), "CW", local(12, 18), "start"),
    "assess-cw-6mo": (said(kinds.ASSESSMENT_DONE), "CW", HALF_A_YEAR, "start"),
    "assess-po": (said(kinds.DETENTION_ENTERED, "PO"), "PO", local(11, 28), "start"),
    "assess-po-6mo": (said(kinds.ASSESSMENT_DONE, "PO"), "PO", HALF_A_YEAR, "start"),
    "assess-mh": (said(kinds.MENTAL_HEALTH_REFERRED), "MH", local(11, 28), "start"),
    "project-code-end": (CONCLUDED, "CW", local(11, 23), "start"),
    "family-team-60d": (said(kinds.FOSTER_CARE_ENTERED), "CW", local(1, 17, 2027), "start"),
    "family-team-icwa-30d": (
        said(kinds.FOSTER_CARE_ENTERED, "PO", indian_child="yes"),
        "PO",
        local(12, 18),
        "start",
    ),
}
EVERY = [
    pytest.param(rule, owed_to, id=f"{rule.register}-{rule.id}-{owed_to}")
    for rule in DEFAULT_RULEBOOK.rules
    for owed_to in (rule.owed_to or (kinds.TO_LAW_ENFORCEMENT,))
]
each_clock = pytest.mark.parametrize(("rule", "owed_to"), EVERY)


def found(events: list[Event], rule: Rule, owed_to: str, root: str) -> Clock | None:
    for clock in clocks(events, rulebook=DEFAULT_RULEBOOK, zone=ZONE):
        key = clock.key
        by = CASES[rule.id][1]
        if (key.rule_id, key.owed_by_role, key.owed_to, key.started_root) == (
            rule.id,
            by,
            owed_to,
            uid(root),
        ):
            return clock
    return None


def one(events: list[Event], rule: Rule, owed_to: str) -> Clock:
    clock = found(events, rule, owed_to, CASES[rule.id][3])
    assert clock is not None
    return clock


def proof(rule: Rule, owed_to: str, mode: str) -> dict[str, object]:
    facts: dict[str, object] = dict.fromkeys(rule.evidence, "said")
    return {**facts, "to": owed_to, "mode": mode}


def act(rule: Rule, owed_to: str, at: datetime, *, mode: str = "", role: str = "", **more: object) -> Event:
    mode = mode or min(rule.modes, default="telephone")
    facts = {**proof(rule, owed_to, mode), **more}
    return event("act", rule.met_by, at, role=role or CASES[rule.id][1], **facts)  # type: ignore[arg-type]


def test_every_rule_of_the_register_has_a_case() -> None:
    assert set(CASES) == {rule.id for rule in DEFAULT_RULEBOOK.rules}


@each_clock
def test_it_starts_when_the_agency_was_told_and_is_breached_after_its_limit(rule: Rule, owed_to: str) -> None:
    events, by, due, _ = CASES[rule.id]
    clock = one(events, rule, owed_to)
    assert (clock.started_at, clock.due_at, clock.at_once) == (T0, due, rule.at_once)
    assert clock.key.owed_by_role == by
    assert clock.state(due) is ClockState.OPEN
    assert clock.state(due + MINUTE) is ClockState.OVERDUE


@each_clock
def test_it_is_met_in_each_mode_that_is_allowed_and_in_no_other(rule: Rule, owed_to: str) -> None:
    events, _, due, _ = CASES[rule.id]
    for mode in ALL_MODES:
        facts = proof(rule, owed_to, mode)
        done = event("act", rule.met_by, due, role=CASES[rule.id][1], **facts)  # type: ignore[arg-type]
        met = one([*events, done], rule, owed_to).met_by
        if rule.modes:
            assert (met == uid("act")) is (mode in rule.modes), mode
        else:
            assert met == uid("act"), mode
    late = act(rule, owed_to, due + MINUTE)
    assert one([*events, late], rule, owed_to).state(due + HOUR) is ClockState.MET_LATE


@each_clock
def test_a_message_left_or_a_piece_of_evidence_lacking_does_not_meet_it(rule: Rule, owed_to: str) -> None:
    events, _, due, _ = CASES[rule.id]
    assert one([*events, act(rule, owed_to, due, outcome="voicemail")], rule, owed_to).met_by is None
    for lacking in rule.evidence:
        assert one([*events, act(rule, owed_to, due, **{lacking: " "})], rule, owed_to).met_by is None
    if "to" in rule.evidence:
        assert one([*events, act(rule, owed_to, due, to="somebody else")], rule, owed_to).met_by is None
    if rule.shown_by is ShownBy.OWING_AGENCY:
        assert one([*events, act(rule, owed_to, due, role="JC")], rule, owed_to).met_by is None
    if rule.shown_by is ShownBy.COUNTY_REPORTER:
        assert one([*events, act(rule, owed_to, due, role="ADV")], rule, owed_to).met_by is None
        assert one([*events, act(rule, owed_to, due, role="PO")], rule, owed_to).met_by == uid("act")


@each_clock
def test_a_corrected_act_moves_it_back_and_a_withdrawn_start_takes_it_away(rule: Rule, owed_to: str) -> None:
    events, by, due, root = CASES[rule.id]
    done = act(rule, owed_to, due)
    undone = event("mend", kinds.WITHDRAWN, due, recorded=due + HOUR, role=by, corrects="act")
    assert one([*events, done, undone], rule, owed_to).met_by is None
    later = event(
        "mend",
        rule.met_by,
        due + 2 * MINUTE,
        recorded=due + HOUR,
        role=by,
        corrects="act",
        **proof(rule, owed_to, min(rule.modes, default="telephone")),  # type: ignore[arg-type]
    )
    assert one([*events, done, later], rule, owed_to).state(due + HOUR) is ClockState.MET_LATE
    begun = next(e for e in events if e.id == uid(root))
    never = event("never", kinds.WITHDRAWN, T0, recorded=T0 + HOUR, corrects=root)
    assert found([*events, never], rule, owed_to, root) is None
    moved = event(
        "moved",
        begun.kind,
        T0 - HOUR,
        received=T0 - HOUR,
        recorded=T0 + HOUR,
        role=begun.agency_role,
        corrects=root,
        **dict(begun.facts),  # type: ignore[arg-type]
    )
    assert one([*events, moved], rule, owed_to).started_at == T0 - HOUR


@each_clock
def test_a_supervisors_reasoned_drop_ends_it_and_the_same_without_a_reason_does_not(
    rule: Rule, owed_to: str
) -> None:
    events, by, due, root = CASES[rule.id]
    facts: dict[str, object] = {
        "rule": rule.id,
        "owed_by": by,
        "owed_to": owed_to,
        "started_root": str(uid(root)),
        "reason": "Reported in error",
        "approved_by": str(uid("supervisor")),
    }
    drop = event("drop", kinds.DUTY_DROPPED, T0 + MINUTE, **facts)  # type: ignore[arg-type]
    assert one([*events, drop], rule, owed_to).state(due + HOUR) is ClockState.DROPPED
    for lacking in ("reason", "approved_by", "owed_to"):
        bare = event("drop", kinds.DUTY_DROPPED, T0 + MINUTE, **{**facts, lacking: ""})  # type: ignore[arg-type]
        assert one([*events, bare], rule, owed_to).state(due + HOUR) is ClockState.OVERDUE


SPARED = [
    (rule, kind, fact, word)
    for rule in DEFAULT_RULEBOOK.rules
    for kind, (fact, word) in product(rule.starts_on, rule.spared_if)
]


@pytest.mark.parametrize(("rule", "kind", "fact", "word"), SPARED)
def test_what_the_register_spares_starts_nothing(rule: Rule, kind: str, fact: str, word: str) -> None:
    begun, by, _, root = CASES[rule.id]
    spared = [
        event(
            root,
            kind,
            received=T0,
            role=begun[0].agency_role,
            **{**begun[0].facts, fact: word == "True" or word},
        )
    ]
    owed = {
        c.key.owed_to
        for c in clocks(spared, rulebook=DEFAULT_RULEBOOK, zone=ZONE)
        if c.key.rule_id == rule.id
    }
    kept = set(rule.owed_to) - set(rule.spared) if rule.spared else set()
    assert owed == kept, by


NEEDED = [(rule, need) for rule in DEFAULT_RULEBOOK.rules for need in rule.needs]


@pytest.mark.parametrize(("rule", "need"), NEEDED)
@pytest.mark.parametrize(("answer", "starts"), [(True, True), (None, True), (False, False)])
def test_a_need_that_is_denied_spares_and_an_unknown_one_counts(
    rule: Rule, need: str, answer: object, starts: bool
) -> None:
    begun = CASES[rule.id][0][0]
    told = [event("start", begun.kind, received=T0, **{need: answer})]  # type: ignore[arg-type]
    owed = {clock.key.rule_id for clock in clocks(told, rulebook=DEFAULT_RULEBOOK, zone=ZONE)}
    assert (rule.id in owed) is starts


def roots(events: list[Event], rule_id: str, at: datetime) -> set[UUID]:
    """What of a rule is open at a moment, by the entry that started it."""
    return {
        clock.key.started_root
        for clock in clocks(events, rulebook=DEFAULT_RULEBOOK, zone=ZONE)
        if clock.key.rule_id == rule_id and clock.state(at) in {ClockState.OPEN, ClockState.OVERDUE}
    }
