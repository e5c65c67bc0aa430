"""A duty is late by law from the law's own limit on, also where the county asks for it sooner (reference 1.1, R10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from referrals.deadlines import rules
from referrals.deadlines.calendar import Hours
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Rule, limit_set
from referrals.duty_words import OVERDUE, is_late_by_law, left_words, state_of

ZONE = ZoneInfo("America/Los_Angeles")
TOLD = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
"""In the night on which the clocks go back: elapsed hours are elapsed hours."""


@dataclass
class Duty:
    started_at: datetime
    due_at: datetime


def timed(rule: Rule) -> Duty:
    return Duty(TOLD, rule.within.due(TOLD, ZONE))


@pytest.fixture
def sooner() -> Rule:
    """The written report, which the law wants within 36 hours and this county within 30."""
    return limit_set(DEFAULT_RULEBOOK.rule(rules.WRITTEN_REPORT), Hours(30))


@pytest.mark.parametrize(
    ("hours", "late", "words"),
    [
        (29, False, "1 h left"),
        (31, False, "1 h past the county’s target"),
        (36, False, "6 h past the county’s target"),
        (37, True, "1 h overdue by law"),
    ],
)
def test_the_countys_sooner_limit_is_its_target_until_the_laws_own_has_passed(
    sooner: Rule, hours: int, late: bool, words: str
) -> None:
    now = TOLD + timedelta(hours=hours)
    assert is_late_by_law(timed(sooner), sooner, now, ZONE) is late
    assert left_words(timed(sooner), sooner, now, ZONE) == words
    assert state_of(OVERDUE, is_late=late) == ("overdue" if late else "past_target")


def test_a_limit_that_no_law_names_is_never_overdue_by_law() -> None:
    rule = DEFAULT_RULEBOOK.rule(rules.RESPONSE)
    now = TOLD + timedelta(days=9)
    assert not is_late_by_law(timed(rule), rule, now, ZONE)
    shorter = limit_set(rule, Hours(1))
    assert not is_late_by_law(timed(shorter), shorter, now, ZONE)


def test_a_limit_set_back_to_the_laws_is_the_laws_again(sooner: Rule) -> None:
    rule = DEFAULT_RULEBOOK.rule(rules.WRITTEN_REPORT)
    assert limit_set(rule, rule.within) == rule
    assert sooner.law_within == rule.within
