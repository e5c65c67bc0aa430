"""What starts, meets, breaches, corrects and drops each duty, event by event."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest

from referrals.deadlines import kinds
from referrals.deadlines.calendar import Hours
from referrals.deadlines.engine import Clock, ClockState, clocks
from referrals.deadlines.events import Event, in_force
from referrals.deadlines.rules import DEFAULT_RULEBOOK
from referrals.deadlines.stages import stages

SPACE = UUID("00000000-0000-4000-8000-0000000000d0")
ZONE = ZoneInfo("America/Los_Angeles")
T0 = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def uid(name: str) -> UUID:
    return uuid5(SPACE, name)


def event(
    name: str,
    kind: str,
    at: datetime = T0,
    *,
    role: str | None = "CW",
    received: datetime | None = None,
    recorded: datetime | None = None,
    corrects: str | None = None,
    root: str | None = None,
    **facts: object,
) -> Event:
    return Event(
        id=uid(name),
        root=uid(root or corrects or name),
        kind=kind,
        occurred_at=at,
        received_at=received,
        recorded_at=recorded or at + 5 * MINUTE,
        agency=uid(f"agency {role}"),
        agency_role=role,
        facts=facts,
        supersedes=uid(corrects) if corrects else None,
    )


def referral(name: str = "referral", at: datetime = T0, *, urgent: object = True, **more: object) -> Event:
    more.setdefault("jurisdiction", "cw")
    return event(name, kinds.REFERRAL_RECEIVED, at, received=at, urgent=urgent, **more)  # type: ignore[arg-type]


def asked(events: Iterable[Event]) -> dict[tuple[str, str, str | None, UUID], Clock]:
    found = clocks(events, rulebook=DEFAULT_RULEBOOK, zone=ZONE)
    made = {(c.key.rule_id, c.key.owed_by_role, c.key.owed_to, c.key.started_root): c for c in found}
    assert len(made) == len(found)
    return made


def one(
    events: Iterable[Event], rule: str, by: str, to: str | None = "child", root: str = "referral"
) -> Clock:
    return asked(events)[(rule, by, to, uid(root))]


def owing(events: Iterable[Event], rule: str, now: datetime) -> set[str]:
    """Who owes this duty at a moment, open or overdue."""
    live = {ClockState.OPEN, ClockState.OVERDUE}
    return {
        c.key.owed_by_role for c in asked(events).values() if c.key.rule_id == rule and c.state(now) in live
    }


# --- every rule: start, in time at the limit, late one minute after, overdue while undone

REPORT = {"mode": "telephone", "reference": "26-1188"}
IDENTIFIED = event("found", kinds.CHILD_IDENTIFIED, received=T0, receives_services=True)
MISSING = event("run", kinds.WENT_MISSING, received=T0, receives_services=True, victim_or_at_risk=True)
CALL = event("call", kinds.CROSS_REPORT_MADE, to="le", mode="telephone")
HELD = event("first meeting", kinds.MEETING_HELD, tier="initial")
TEN_DAYS = datetime(2026, 11, 29, 7, 59, tzinfo=UTC)
RULES = [
    ("response-2h", [referral()], "CW", "child", "referral", T0 + 2 * HOUR, (kinds.RESPONDER_ARRIVED, {})),
    ("response-2h", [referral()], "ADV", "child", "referral", T0 + 2 * HOUR, (kinds.RESPONDER_ARRIVED, {})),
    *(
        (
            "cross-report-now",
            [referral()],
            "CW",
            to,
            "referral",
            T0 + 2 * HOUR,
            (kinds.CROSS_REPORT_MADE, {"to": to, "mode": mode}),
        )
        for to in ("le", "da")
        for mode in ("telephone", "fax", "electronic")
    ),
    *(
        (
            "written-36h",
            [referral(), CALL],
            "CW",
            "le",
            "referral",
            T0 + 36 * HOUR,
            (kinds.WRITTEN_REPORT_SENT, {"to": "le", "mode": mode}),
        )
        for mode in ("fax", "electronic")
    ),
    *(
        (
            "victim-le-24h",
            [IDENTIFIED],
            "CW",
            "le",
            "found",
            T0 + 24 * HOUR,
            (kinds.LE_REPORT_MADE, REPORT | m),
        )
        for m in ({"mode": "telephone"}, {"mode": "fax"}, {"mode": "electronic"})
    ),
    *(
        (
            "missing-le-24h",
            [MISSING],
            "CW",
            "le",
            "run",
            T0 + 24 * HOUR,
            (kinds.MISSING_REPORTED, REPORT | {"to": "le", "mode": mode}),
        )
        for mode in ("telephone", "fax", "electronic")
    ),
    *(
        (
            "missing-ncmec-24h",
            [MISSING],
            "CW",
            "ncmec",
            "run",
            T0 + 24 * HOUR,
            (kinds.MISSING_REPORTED, REPORT | {"to": "ncmec", "mode": mode}),
        )
        for mode in ("telephone", "electronic")
    ),
    ("support-72h", [referral()], "CW", "child", "referral", T0 + 72 * HOUR, (kinds.SUPPORT_COMPLETED, {})),
    (
        "medical-72h",
        [referral()],
        "PH",
        "child",
        "referral",
        T0 + 72 * HOUR,
        (kinds.MEDICAL_EVALUATION_DONE, {}),
    ),
    (
        "investigate-10d",
        [referral(urgent=False)],
        "CW",
        "child",
        "referral",
        TEN_DAYS,
        (kinds.INVESTIGATION_BEGUN, {}),
    ),
    ("team-10d", [referral()], "CW", "child", "referral", TEN_DAYS, (kinds.MEETING_HELD, {"tier": "crisis"})),
    (
        "team-monthly",
        [HELD],
        "CW",
        "child",
        "first meeting",
        datetime(2026, 12, 18, 20, 0, tzinfo=UTC),
        (kinds.MEETING_HELD, {"tier": "ongoing"}),
    ),
]
each_rule = pytest.mark.parametrize(
    ("rule", "before", "by", "to", "root", "due", "act"),
    [pytest.param(*row, id=f"{row[0]}-{row[2]}-{row[3]}-{row[6][1].get('mode', '')}") for row in RULES],
)


@each_rule
def test_a_duty_starts_is_met_in_time_late_or_stays_overdue(
    rule: str,
    before: list[Event],
    by: str,
    to: str,
    root: str,
    due: datetime,
    act: tuple[str, dict[str, object]],
) -> None:
    undone = one(before, rule, by, to, root)
    assert (undone.started_at, undone.due_at) == (T0, due)
    assert undone.at_once is DEFAULT_RULEBOOK.rule(rule).at_once
    assert (undone.state(T0), undone.state(due)) == (ClockState.OPEN, ClockState.OPEN)
    assert undone.state(due + MINUTE) is ClockState.OVERDUE
    kind, facts = act
    in_time = event("act", kind, due, role=by, **facts)  # type: ignore[arg-type]
    late = event("act", kind, due + MINUTE, role=by, **facts)  # type: ignore[arg-type]
    met = one([*before, in_time], rule, by, to, root)
    assert (met.met_by, met.met_at, met.state(due + HOUR)) == (uid("act"), due, ClockState.MET)
    assert met.state(due - MINUTE) is ClockState.OPEN, "what comes later is not known earlier"
    assert one([*before, late], rule, by, to, root).state(due + HOUR) is ClockState.MET_LATE


@each_rule
def test_an_act_that_lacks_its_evidence_does_not_count(
    rule: str,
    before: list[Event],
    by: str,
    to: str,
    root: str,
    due: datetime,
    act: tuple[str, dict[str, object]],
) -> None:
    kind, facts = act
    needed = set(DEFAULT_RULEBOOK.rule(rule).evidence)
    assert needed <= set(facts)
    for lacking in needed:
        for empty in (None, "", "  "):
            bare = event("act", kind, due, role=by, **{**facts, lacking: empty})  # type: ignore[arg-type]
            assert one([*before, bare], rule, by, to, root).met_by is None
    message_left = event("act", kind, due, role=by, **{**facts, "outcome": "voicemail"})  # type: ignore[arg-type]
    assert one([*before, message_left], rule, by, to, root).met_by is None
    answered = event("act", kind, due, role=by, **{**facts, "outcome": "answered"})  # type: ignore[arg-type]
    assert one([*before, answered], rule, by, to, root).met_by == uid("act")


@each_rule
def test_an_act_before_the_duty_began_or_about_another_does_not_count(
    rule: str,
    before: list[Event],
    by: str,
    to: str,
    root: str,
    due: datetime,
    act: tuple[str, dict[str, object]],
) -> None:
    kind, facts = act
    early = event("act", kind, T0 - MINUTE, role=by, **facts)  # type: ignore[arg-type]
    elsewhere = event("act", kind, due, role=by, started_root=str(uid("other")), **facts)  # type: ignore[arg-type]
    named = event("act", kind, due, role=by, started_root=str(uid(root)), **facts)  # type: ignore[arg-type]
    assert one([*before, early], rule, by, to, root).met_by is None
    assert one([*before, elsewhere], rule, by, to, root).met_by is None
    assert one([*before, named], rule, by, to, root).met_by == uid("act")


@each_rule
def test_a_drop_needs_a_reason_and_an_approval(
    rule: str,
    before: list[Event],
    by: str,
    to: str,
    root: str,
    due: datetime,
    act: tuple[str, dict[str, object]],
) -> None:
    said: dict[str, object] = {
        "rule": rule,
        "owed_by": by,
        "owed_to": to,
        "started_root": uid(root),
        "reason": "Reported in error",
        "approved_by": uid("supervisor"),
    }
    at = T0 + HOUR
    dropped = one([*before, event("drop", kinds.DUTY_DROPPED, at, **said)], rule, by, to, root)  # type: ignore[arg-type]
    assert (dropped.dropped_by, dropped.drop_reason) == (uid("drop"), "Reported in error")
    assert dropped.state(at - MINUTE) is ClockState.OPEN
    assert dropped.state(due + HOUR) is ClockState.DROPPED
    for lacking in said:
        unfit = event("drop", kinds.DUTY_DROPPED, at, **{**said, lacking: None})  # type: ignore[arg-type]
        assert one([*before, unfit], rule, by, to, root).dropped_by is None


@each_rule
def test_a_duty_done_before_it_was_dropped_stays_done(
    rule: str,
    before: list[Event],
    by: str,
    to: str,
    root: str,
    due: datetime,
    act: tuple[str, dict[str, object]],
) -> None:
    kind, facts = act
    said = {
        "rule": rule,
        "owed_by": by,
        "owed_to": to,
        "started_root": uid(root),
        "reason": "No",
        "approved_by": "S",
    }
    drop = event("drop", kinds.DUTY_DROPPED, due, **said)  # type: ignore[arg-type]
    done = event("act", kind, due - MINUTE, role=by, **facts)  # type: ignore[arg-type]
    late = event("act", kind, due + MINUTE, role=by, **facts)  # type: ignore[arg-type]
    assert one([*before, drop, done], rule, by, to, root).state(due + HOUR) is ClockState.MET
    assert one([*before, drop, late], rule, by, to, root).state(due + HOUR) is ClockState.DROPPED


# --- receipt, correction, withdrawal


def test_typing_late_moves_no_limit() -> None:
    typed_late = event(
        "referral",
        kinds.REFERRAL_RECEIVED,
        T0,
        received=T0,
        recorded=T0 + 9 * HOUR,
        urgent=True,
        jurisdiction="cw",
    )
    assert one([typed_late], "response-2h", "CW").due_at == T0 + 2 * HOUR


def test_a_corrected_receipt_moves_every_limit() -> None:
    corrected = event(
        "correction",
        kinds.REFERRAL_RECEIVED,
        T0,
        received=T0 - HOUR,
        recorded=T0 + 3 * HOUR,
        corrects="referral",
        urgent=True,
        jurisdiction="cw",
    )
    before, after = asked([referral()]), asked([referral(), corrected])
    assert before.keys() == after.keys()
    for key, clock in after.items():
        assert clock.started_at == T0 - HOUR
        if not key[0].endswith("10d"):
            assert clock.due_at == before[key].due_at - HOUR


def test_the_last_correction_holds_and_a_withdrawal_removes() -> None:
    first = referral()
    second = event("second", kinds.NOTE, corrects="referral", recorded=T0 + HOUR)
    third = event("third", kinds.WITHDRAWN, corrects="second", root="referral", recorded=T0 + 2 * HOUR)
    assert in_force([first, second]) == (second,)
    assert in_force([third, first, second]) == ()
    assert asked([first, third, second]) == {}


def test_a_correction_holds_even_when_recorded_at_the_same_moment() -> None:
    for name in ("one", "two", "three", "four"):
        corrected = event(name, kinds.WITHDRAWN, corrects="referral")
        assert in_force([referral(), corrected]) == in_force([corrected, referral()]) == ()


def test_of_two_corrections_of_one_entry_the_last_recorded_holds() -> None:
    older = referral("older", corrects="referral", recorded=T0 + HOUR, jurisdiction="probation")
    newer = referral("newer", corrects="referral", recorded=T0 + 2 * HOUR, jurisdiction="cw")
    assert in_force([newer, referral(), older]) == (newer,)


def test_withdrawn_evidence_opens_the_duty_again() -> None:
    arrived = event("arrived", kinds.RESPONDER_ARRIVED, T0 + HOUR)
    undone = event("undone", kinds.WITHDRAWN, T0 + HOUR, corrects="arrived", recorded=T0 + 3 * HOUR)
    assert one([referral(), arrived], "response-2h", "CW").met_by == uid("arrived")
    assert one([referral(), arrived, undone], "response-2h", "CW").state(T0 + 4 * HOUR) is ClockState.OVERDUE


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="occurred_at"):
        event("naive", kinds.NOTE, T0.replace(tzinfo=None), recorded=T0)


# --- who responds


@pytest.mark.parametrize(
    ("facts", "who"),
    [
        ({"jurisdiction": "unknown"}, {"CW", "PO", "ADV"}),
        ({"jurisdiction": None}, {"CW", "PO", "ADV"}),
        ({"jurisdiction": "cw"}, {"CW", "ADV"}),
        ({"jurisdiction": "probation"}, {"PO", "ADV"}),
        ({"jurisdiction": "dual", "lead": "cw"}, {"CW", "ADV"}),
        ({"jurisdiction": "dual", "lead": "probation"}, {"PO", "ADV"}),
        ({"jurisdiction": "dual"}, {"CW", "PO", "ADV"}),
    ],
)
def test_an_urgent_referral_sends_by_its_jurisdiction_answer(facts: dict[str, object], who: set[str]) -> None:
    undecided = [referral(**facts)]  # type: ignore[arg-type]
    decided = [
        referral(jurisdiction="unknown"),
        event("decision", kinds.RESPONSE_DECIDED, T0 + 10 * MINUTE, tier="crisis", **facts),  # type: ignore[arg-type]
    ]
    for events in (undecided, decided):
        for rule in ("response-2h", "support-72h"):
            assert owing(events, rule, T0 + HOUR) == who
        assert owing(events, "medical-72h", T0 + HOUR) == {"PH"}
        assert owing(events, "team-10d", T0 + HOUR) == {"CW"}
        assert owing(events, "investigate-10d", T0 + HOUR) == set()


def test_an_urgent_answer_left_open_counts_as_urgent() -> None:
    assert owing([referral(urgent=None)], "response-2h", T0) == {"CW", "ADV"}


def test_one_agencys_arrival_is_not_anothers() -> None:
    arrived = event("arrived", kinds.RESPONDER_ARRIVED, T0 + HOUR, role="ADV")
    assert owing([referral(), arrived], "response-2h", T0 + HOUR) == {"CW"}


def test_a_decision_for_the_initial_tier_ends_the_crisis_and_starts_the_investigation() -> None:
    decision = event("decision", kinds.RESPONSE_DECIDED, T0 + HOUR, tier="initial", jurisdiction="cw")
    events = [referral(), decision]
    for rule, by in (
        ("response-2h", "CW"),
        ("response-2h", "ADV"),
        ("support-72h", "CW"),
        ("medical-72h", "PH"),
    ):
        clock = one(events, rule, by)
        assert clock.dropped_by == uid("decision")
        assert "no immediate danger" in clock.drop_reason
        assert (clock.state(T0), clock.state(T0 + HOUR)) == (ClockState.OPEN, ClockState.DROPPED)
    assert one(events, "investigate-10d", "CW").started_at == T0
    assert one(events, "team-10d", "CW").dropped_by is None


def test_who_had_arrived_before_the_tier_was_lowered_has_arrived() -> None:
    arrived = event("arrived", kinds.RESPONDER_ARRIVED, T0 + 30 * MINUTE)
    decision = event("decision", kinds.RESPONSE_DECIDED, T0 + HOUR, tier="initial", jurisdiction="cw")
    assert one([referral(), decision, arrived], "response-2h", "CW").state(T0 + 2 * HOUR) is ClockState.MET


def test_a_decision_on_jurisdiction_spares_only_the_agency_it_takes_out() -> None:
    decision = event("decision", kinds.RESPONSE_DECIDED, T0 + HOUR, tier="crisis", jurisdiction="cw")
    events = [referral(jurisdiction="unknown"), decision]
    assert owing(events, "response-2h", T0 + 30 * MINUTE) == {"CW", "PO", "ADV"}
    assert owing(events, "response-2h", T0 + HOUR) == {"CW", "ADV"}
    assert "another agency" in one(events, "response-2h", "PO").drop_reason


def test_a_withdrawn_decision_gives_the_duty_back() -> None:
    decision = event("decision", kinds.RESPONSE_DECIDED, T0 + HOUR, tier="initial")
    undone = event("undone", kinds.WITHDRAWN, T0 + HOUR, corrects="decision", recorded=T0 + 3 * HOUR)
    assert owing([referral(), decision, undone], "response-2h", T0 + HOUR) == {"CW", "ADV"}


def test_a_decision_that_says_nothing_of_the_tier_leaves_it() -> None:
    down = event("down", kinds.RESPONSE_DECIDED, T0 + HOUR, tier="initial")
    moved = event("moved", kinds.RESPONSE_DECIDED, T0 + 2 * HOUR, jurisdiction="probation")
    assert owing([referral(), down, moved], "response-2h", T0 + 3 * HOUR) == set()
    assert owing([referral(), moved], "response-2h", T0 + 2 * HOUR) == {"PO", "ADV"}


def test_of_several_decisions_the_first_that_spares_an_agency_ends_its_duty() -> None:
    down = event("down", kinds.RESPONSE_DECIDED, T0 + HOUR, tier="initial")
    again = event("again", kinds.RESPONSE_DECIDED, T0 + 2 * HOUR, tier="initial", jurisdiction="probation")
    assert one([referral(), down, again], "response-2h", "CW").dropped_by == uid("down")


def test_back_to_crisis_counts_as_never_left() -> None:
    down = event("down", kinds.RESPONSE_DECIDED, T0 + HOUR, tier="initial")
    up = event("up", kinds.RESPONSE_DECIDED, T0 + 2 * HOUR, tier="crisis")
    clock = one([referral(), down, up], "response-2h", "CW")
    assert (clock.dropped_by, clock.due_at) == (None, T0 + 2 * HOUR)
    assert one([referral(), down, up], "investigate-10d", "CW").dropped_by == uid("up")


def test_an_ordinary_referral_is_investigated_and_met_on_in_ten_days() -> None:
    found = {key[0] for key in asked([referral(urgent=False)])}
    assert found == {"investigate-10d", "team-10d", "cross-report-now"}


def test_an_ordinary_referral_that_turns_urgent_runs_from_when_the_danger_was_known() -> None:
    learnt = T0 + 26 * HOUR
    decision = event("decision", kinds.RESPONSE_DECIDED, learnt + HOUR, received=learnt, tier="crisis")
    events = [referral(urgent=False), decision]
    assert one(events, "response-2h", "CW").due_at == learnt + 2 * HOUR
    assert one(events, "medical-72h", "PH").started_at == learnt
    assert one(events, "investigate-10d", "CW").dropped_by == uid("decision")
    assert one(events, "team-10d", "CW").started_at == T0


def test_two_referrals_keep_two_sets_of_duties() -> None:
    second = referral("second", T0 + 48 * HOUR, urgent=False)
    decision = event("decision", kinds.RESPONSE_DECIDED, T0 + 49 * HOUR, tier="crisis")
    about_first = event(
        "late", kinds.RESPONSE_DECIDED, T0 + 50 * HOUR, tier="initial", started_root=uid("referral")
    )
    events = [referral(), second, decision, about_first]
    assert one(events, "response-2h", "CW", root="second").started_at == T0 + 49 * HOUR
    assert one(events, "response-2h", "CW").dropped_by == uid("late")


# --- reports


def test_probation_that_received_the_report_owes_it_to_child_welfare_too() -> None:
    received = referral(role="PO")
    assert {key[1:3] for key in asked([received]) if key[0] == "cross-report-now"} == {
        ("PO", "le"),
        ("PO", "da"),
        ("PO", "cw"),
    }
    assert {key[1:3] for key in asked([referral()]) if key[0] == "cross-report-now"} == {
        ("CW", "le"),
        ("CW", "da"),
    }


def test_a_report_to_one_recipient_is_none_to_another() -> None:
    told = event("told", kinds.CROSS_REPORT_MADE, T0 + HOUR, to="le", mode="telephone")
    assert one([referral(), told], "cross-report-now", "CW", "le").met_by == uid("told")
    assert one([referral(), told], "cross-report-now", "CW", "da").met_by is None
    to_police = event("police", kinds.MISSING_REPORTED, T0 + HOUR, to="le", **REPORT)  # type: ignore[arg-type]
    assert one([MISSING, to_police], "missing-le-24h", "CW", "le", "run").met_by == uid("police")
    assert one([MISSING, to_police], "missing-ncmec-24h", "CW", "ncmec", "run").met_by is None


@pytest.mark.parametrize(
    ("rule", "kind", "to", "mode"),
    [
        ("written-36h", kinds.WRITTEN_REPORT_SENT, "le", "telephone"),
        ("written-36h", kinds.WRITTEN_REPORT_SENT, "le", "mail"),
        ("missing-ncmec-24h", kinds.MISSING_REPORTED, "ncmec", "fax"),
        ("cross-report-now", kinds.CROSS_REPORT_MADE, "da", "mail"),
    ],
)
def test_a_mode_the_law_does_not_name_does_not_count(rule: str, kind: str, to: str, mode: str) -> None:
    act = event("act", kind, T0 + HOUR, to=to, mode=mode, reference="26-1188")
    events = [referral(), CALL, MISSING, act]
    assert one(events, rule, "CW", to, "run" if rule.startswith("missing") else "referral").met_by is None


def test_another_agencys_own_report_is_not_the_countys() -> None:
    for role, counts in (("LE", False), ("ADV", False), ("PO", True), (None, True)):
        told = event("told", kinds.CROSS_REPORT_MADE, T0 + HOUR, role=role, to="da", mode="telephone")
        found = asked([referral(), told])
        assert (found[("cross-report-now", "CW", "da", uid("referral"))].met_by is not None) is counts
        assert any(key[0] == "written-36h" for key in found) is counts


def test_a_written_report_is_owed_once_to_each_agency_telephoned_and_to_no_other() -> None:
    calls = [
        event("call", kinds.CROSS_REPORT_MADE, T0 + HOUR, to="le", mode="telephone"),
        event("again", kinds.CROSS_REPORT_MADE, T0 + 2 * HOUR, to="le", mode="telephone"),
        event("faxed", kinds.CROSS_REPORT_MADE, T0 + HOUR, to="da", mode="fax"),
        event(
            "unanswered", kinds.CROSS_REPORT_MADE, T0 + HOUR, to="cw", mode="telephone", outcome="voicemail"
        ),
    ]
    written = {key: clock for key, clock in asked([referral(), *calls]).items() if key[0] == "written-36h"}
    assert list(written) == [("written-36h", "CW", "le", uid("referral"))]
    assert {clock.started_at for clock in written.values()} == {T0}, "from receipt, not from the call"


def test_a_call_with_no_referral_on_file_owes_its_written_report_from_its_own_receipt() -> None:
    assert one([CALL], "written-36h", "CW", "le", "call").due_at == T0 + 36 * HOUR


@pytest.mark.parametrize(("answer", "owed"), [(True, True), (None, True), (False, False)])
def test_an_identified_victim_is_reported_unless_services_are_ruled_out(answer: object, owed: bool) -> None:
    identified = event("found", kinds.CHILD_IDENTIFIED, received=T0, receives_services=answer)
    assert (("victim-le-24h", "CW", "le", uid("found")) in asked([identified])) is owed


@pytest.mark.parametrize("services", [True, None, False])
@pytest.mark.parametrize("at_risk", [True, None, False])
def test_a_missing_child_is_reported_unless_ruled_out(services: object, at_risk: object) -> None:
    run = event("run", kinds.WENT_MISSING, received=T0, receives_services=services, victim_or_at_risk=at_risk)
    owed = {key[0] for key in asked([run])} & {"missing-le-24h", "missing-ncmec-24h"}
    ruled_out = services is False or at_risk is False
    assert owed == (set() if ruled_out else {"missing-le-24h", "missing-ncmec-24h"})


def test_being_found_does_not_undo_the_duty_to_have_reported() -> None:
    located = event("located", kinds.CHILD_LOCATED, T0 + HOUR)
    assert (
        one([MISSING, located], "missing-le-24h", "CW", "le", "run").state(T0 + 25 * HOUR)
        is ClockState.OVERDUE
    )


@pytest.mark.parametrize(
    ("facts", "by"),
    [
        ({"jurisdiction": "cw"}, "CW"),
        ({"jurisdiction": "unknown"}, "CW"),
        ({"jurisdiction": "dual"}, "CW"),
        ({"jurisdiction": "dual", "lead": "cw"}, "CW"),
        ({"jurisdiction": "dual", "lead": "probation"}, "PO"),
        ({"jurisdiction": "probation"}, "PO"),
    ],
)
def test_the_agency_with_the_case_reports(facts: dict[str, object], by: str) -> None:
    events = [referral(at=T0 - HOUR, **facts), IDENTIFIED, MISSING]  # type: ignore[arg-type]
    reports = {
        key[1] for key in asked(events) if key[0] in {"victim-le-24h", "missing-le-24h", "missing-ncmec-24h"}
    }
    assert reports == {by}


def test_an_agency_that_gave_the_case_up_before_owes_no_report() -> None:
    decision = event("decision", kinds.RESPONSE_DECIDED, T0 - HOUR, jurisdiction="probation")
    found = asked([referral(at=T0 - 2 * HOUR), decision, IDENTIFIED])
    assert {key[1] for key in found if key[0] == "victim-le-24h"} == {"PO"}


def test_the_duty_to_report_moves_with_the_case_and_keeps_its_limit() -> None:
    decision = event("decision", kinds.RESPONSE_DECIDED, T0 + HOUR, tier="crisis", jurisdiction="probation")
    events = [referral(at=T0 - HOUR), IDENTIFIED, decision]
    assert owing(events, "victim-le-24h", T0) == {"CW", "PO"}
    assert owing(events, "victim-le-24h", T0 + HOUR) == {"PO"}
    assert one(events, "victim-le-24h", "PO", "le", "found").due_at == T0 + 24 * HOUR
    told = event("told", kinds.LE_REPORT_MADE, T0 + 30 * MINUTE, **REPORT)  # type: ignore[arg-type]
    assert owing([*events, told], "victim-le-24h", T0 + HOUR) == set()


# --- meetings


def test_every_meeting_starts_the_next_and_meets_the_last() -> None:
    second = event("second meeting", kinds.MEETING_HELD, T0 + timedelta(days=20), tier="ongoing")
    events = [HELD, second]
    assert one(events, "team-monthly", "CW", root="first meeting").met_by == uid("second meeting")
    following = one(events, "team-monthly", "CW", root="second meeting")
    assert (following.met_by, following.due_at) == (None, datetime(2027, 1, 8, 20, 0, tzinfo=UTC))


def test_a_meeting_does_not_meet_itself() -> None:
    assert one([HELD], "team-monthly", "CW", root="first meeting").met_by is None


# --- both nights on which the clocks change


@pytest.mark.parametrize(
    ("received", "response", "days"),
    [
        # 12:30 a.m. on the autumn night: two hours later the wall clock shows 1:30 a.m. for the second time.
        (datetime(2026, 11, 1, 7, 30, tzinfo=UTC), "2026-11-01 01:30 PST", "2026-11-11 23:59 PST"),
        # 12:30 a.m. on the spring night: two hours later it shows 3:30 a.m.
        (datetime(2027, 3, 14, 8, 30, tzinfo=UTC), "2027-03-14 03:30 PDT", "2027-03-24 23:59 PDT"),
    ],
)
@pytest.mark.parametrize("spelled_in", [UTC, ZONE])
def test_a_change_of_the_clocks_shifts_no_duty(
    received: datetime, response: str, days: str, spelled_in: ZoneInfo
) -> None:
    events = [referral(at=received.astimezone(spelled_in))]

    def shown(rule: str) -> str:
        return one(events, rule, "CW").due_at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M %Z")

    assert shown("response-2h") == response
    assert shown("team-10d") == days
    assert one(events, "response-2h", "CW").due_at - received == 2 * HOUR
    warning = stages(one(events, "response-2h", "CW"))[1]
    assert warning.fire_at - received == timedelta(minutes=90)


def test_a_shorter_county_limit_is_kept() -> None:
    book = DEFAULT_RULEBOOK.shorten("response-2h", Hours(1))
    found = clocks([referral()], rulebook=book, zone=ZONE)
    assert {c.due_at for c in found if c.key.rule_id == "response-2h"} == {T0 + HOUR}
