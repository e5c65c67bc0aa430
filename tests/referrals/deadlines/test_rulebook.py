"""The table of duties says what the law says, and a county may ask for more than the law but not for less."""

import pytest

from referrals.deadlines import kinds
from referrals.deadlines.calendar import CalendarDays, Hours, Months, Within
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Force, RuleError

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
