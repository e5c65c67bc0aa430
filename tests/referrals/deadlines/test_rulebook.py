"""The table of duties says what the law says, and a county may ask for more than the law but not for less."""

import pytest

from referrals.deadlines import kinds
from referrals.deadlines.calendar import CalendarDays, Hours, Months, Within
from referrals.deadlines.register import ROWS, Treatment, rules_of
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
    "immediate-24h": ("C2", "law", "law", Hours(24), False),
    "reporter-call-now": ("A1", "law", "practice", Hours(2), True),
    "reporter-written-36h": ("A2", "law", "law", Hours(36), False),
    "police-cross-now": ("A9", "law", "practice", Hours(2), True),
    "police-written-36h": ("A9", "law", "law", Hours(36), False),
    "police-notice-36h": ("A10", "law", "law", Hours(36), False),
    "licensing-24h": ("A11", "law", "law", Hours(24), True),
    "licensing-written-36h": ("A11", "law", "law", Hours(36), False),
    "attorney-copy-36h": ("A12", "law", "law", Hours(36), False),
    "attorney-answer-30d": ("A12", "law", "law", CalendarDays(30), False),
    "parent-attorney-36h": ("A13", "law", "law", Hours(36), False),
    "index-form": ("A14", "law", "practice", CalendarDays(5), False),
    "index-correction": ("A14", "law", "practice", CalendarDays(5), False),
    "search-contact": ("A8", "law", "practice", CalendarDays(7), False),
    "missing-notice-24h": ("B1", "law", "law", Hours(24), True),
    "search-effort": ("B3", "law", "practice", CalendarDays(7), False),
    "return-screen": ("B4", "law", "practice", Hours(24), False),
    "return-debrief": ("B4", "law", "practice", CalendarDays(3), False),
    "return-le": ("B5", "practice", "practice", Hours(24), True),
    "return-ncmec": ("A8", "law", "practice", Hours(24), True),
    "team-run": ("B6", "practice", "practice", Hours(72), False),
    "custody-exam-72h": ("C4b", "law", "law", Hours(72), False),
    "team-testimony": ("C8", "practice", "practice", CalendarDays(10), False),
    "team-change": ("C9", "practice", "practice", CalendarDays(7), False),
    "team-crisis": ("C10", "practice", "practice", Hours(72), False),
    "assess-cw": ("C11", "practice", "practice", CalendarDays(30), False),
    "assess-cw-6mo": ("C11", "practice", "practice", Months(6), False),
    "assess-po": ("C12", "practice", "practice", CalendarDays(10), False),
    "assess-po-6mo": ("C12", "practice", "practice", Months(6), False),
    "assess-mh": ("C13", "practice", "practice", CalendarDays(10), False),
    "project-code-end": ("C14", "law", "practice", CalendarDays(5), False),
    "family-team-60d": ("C16", "law", "law", CalendarDays(60), False),
    "family-team-icwa-30d": ("C16", "law", "law", CalendarDays(30), False),
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
        assert set(rule.starts_on) <= kinds.EVENT_KINDS
        assert rule.starts_on
        law = any(source in rule.citation for source in ("Penal Code", "WIC", "Division 31"))
        assert law is (rule.force is Force.LAW)
        assert rule.limit_force is Force.PRACTICE or rule.force is Force.LAW, "no law, no limit by law"


def test_every_row_of_the_register_is_kept_by_clocks_or_says_why_not() -> None:
    numbers = [f"A{n}" for n in range(1, 15)] + [f"B{n}" for n in range(1, 7)]
    numbers += ["C1", "C2", "C3", "C4", "C4b", *(f"C{n}" for n in range(5, 18))]
    assert [row.number for row in ROWS] == numbers
    for row in ROWS:
        kept = rules_of(row, DEFAULT_RULEBOOK.rules)
        assert bool(kept) is (row.treatment is Treatment.CLOCK), row.number
        assert kept or row.reason
    assert {rule.register for rule in DEFAULT_RULEBOOK.rules} <= set(numbers)
    assert {row.number for row in ROWS if row.treatment is not Treatment.CLOCK} == {"B2", "C15", "C17"}


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
