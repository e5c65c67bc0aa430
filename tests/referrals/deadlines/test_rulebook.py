"""The table of duties says what the law says, and a county may ask for more than the law but not for less."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from referrals.deadlines import kinds
from referrals.deadlines.calendar import CalendarDays, Hours, Months, Within
from referrals.deadlines.engine import Clock, ClockKey
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Force, RuleError
from referrals.deadlines.stages import COORDINATOR, OWING_SUPERVISORS, OWING_WORKERS, stages

TABLE = {
    # id: register, force, force of the limit, length, at once
    "response-2h": ("C1", "practice", "practice", Hours(2), False),
    "cross-report-now": ("A3", "law", "practice", Hours(2), True),
    "written-36h": ("A4", "law", "law", Hours(36), False),
    "victim-le-24h": ("A5", "law", "law", Hours(24), True),
    "missing-le-24h": ("A6", "law", "law", Hours(24), True),
    "missing-ncmec-24h": ("A7", "law", "law", Hours(24), True),
    "support-72h": ("C3", "practice", "practice", Hours(72), False),
    "medical-72h": ("C4", "practice", "practice", Hours(72), False),
    "investigate-10d": ("C5", "law", "law", CalendarDays(10), False),
    "team-10d": ("C6", "practice", "practice", CalendarDays(10), False),
    "team-monthly": ("C7", "practice", "practice", Months(1), False),
}


def test_every_duty_has_the_force_and_the_limit_of_the_register() -> None:
    found = {
        rule.id: (rule.register, rule.force, rule.limit_force, rule.within, rule.at_once)
        for rule in DEFAULT_RULEBOOK.rules
    }
    assert found == TABLE


def test_every_rule_is_complete_and_speaks_of_known_events() -> None:
    for rule in DEFAULT_RULEBOOK.rules:
        assert rule.met_by in kinds.EVENT_KINDS
        assert all((rule.title, rule.citation, rule.consequence, rule.stages))
        assert rule.force is Force.PRACTICE or "Penal Code" in rule.citation or "Division 31" in rule.citation


@pytest.mark.parametrize(
    ("rule_id", "within"),
    [("victim-le-24h", Hours(12)), ("investigate-10d", CalendarDays(5)), ("investigate-10d", Hours(200))],
)
def test_a_county_may_shorten_what_the_law_commands(rule_id: str, within: Within) -> None:
    book = DEFAULT_RULEBOOK.shorten(rule_id, within)
    assert book.rule(rule_id).within == within
    assert book.rule(rule_id).limit_force is Force.PRACTICE
    assert book.rule(rule_id).force is Force.LAW
    assert DEFAULT_RULEBOOK.rule(rule_id).within == TABLE[rule_id][3]


@pytest.mark.parametrize(
    ("rule_id", "within"),
    [
        ("victim-le-24h", Hours(25)),
        ("victim-le-24h", CalendarDays(1)),
        ("written-36h", Hours(37)),
        ("cross-report-now", Hours(3)),
        ("investigate-10d", CalendarDays(11)),
        ("investigate-10d", Hours(240)),
        ("investigate-10d", Months(1)),
    ],
)
def test_nobody_may_lengthen_what_the_law_commands(rule_id: str, within: Within) -> None:
    with pytest.raises(RuleError, match="Choose a shorter limit"):
        DEFAULT_RULEBOOK.shorten(rule_id, within)


def test_a_practice_is_the_countys_to_set() -> None:
    assert DEFAULT_RULEBOOK.shorten("response-2h", Hours(3)).rule("response-2h").within == Hours(3)


def test_a_changed_rulebook_has_another_version_and_the_same_change_the_same_one() -> None:
    once = DEFAULT_RULEBOOK.shorten("response-2h", Hours(1))
    assert once.version != DEFAULT_RULEBOOK.version
    assert once == DEFAULT_RULEBOOK.shorten("response-2h", Hours(1))
    assert once.version != once.shorten("team-10d", CalendarDays(7)).version


def test_an_unknown_rule_is_refused_and_named() -> None:
    with pytest.raises(RuleError, match="tea-10d"):
        DEFAULT_RULEBOOK.rule("tea-10d")
    with pytest.raises(RuleError, match="tea-10d"):
        DEFAULT_RULEBOOK.shorten("tea-10d", Hours(1))


# --- stages

START = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)


def clock(span: timedelta, *, at_once: bool = False) -> Clock:
    return Clock(ClockKey("any", "CW", None, uuid4()), START, START + span, at_once)


@pytest.mark.parametrize(
    ("span", "at_once", "moments"),
    [
        (timedelta(hours=2), False, (0, 90, 120, 150)),
        (timedelta(hours=2), True, (0, 30, 120, 150)),
        (timedelta(hours=1), False, (0, 45, 60, 90)),
        (timedelta(hours=24), True, (0, 360, 1440, 1800)),
        (timedelta(hours=72), False, (0, 3240, 4320, 5400)),
        (timedelta(days=10), False, (0, 10800, 14400, 15840)),
    ],
)
def test_stages_come_in_order_at_their_share_of_the_span(
    span: timedelta, at_once: bool, moments: tuple[int, ...]
) -> None:
    found = stages(clock(span, at_once=at_once))
    assert [stage.name for stage in found] == ["started", "warning", "due", "still"]
    assert [int((stage.fire_at - START).total_seconds()) // 60 for stage in found] == list(moments)


def test_who_is_told_widens_stage_by_stage() -> None:
    found = {stage.name: stage.audience for stage in stages(clock(timedelta(hours=2)))}
    assert found["started"] == found["warning"] == {OWING_WORKERS}
    assert found["due"] == {OWING_WORKERS, OWING_SUPERVISORS}
    assert found["still"] == {OWING_SUPERVISORS, COORDINATOR}
