"""Every hour of ten years, times every length that the register uses, against a calculator of another make.

`manage.py test --proof clock [--full]`; a change runs the hours around every daylight-saving change and a share of the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from referrals.deadlines.calendar import (
    CalendarDays,
    Hours,
    Minutes,
    Months,
    Within,
    last_minute_before,
    unit_of,
)
from referrals.deadlines.rules import DEFAULT_RULEBOOK
from tests.proofs import pacific

ZONE = ZoneInfo("America/Los_Angeles")
FIRST, LAST = datetime(2021, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
SHARE = 29
LENGTHS: tuple[Within, ...] = (
    *sorted({rule.within for rule in DEFAULT_RULEBOOK.rules}, key=str),
    Minutes(90),
    CalendarDays(1),
    Hours(48),
    Months(12),
)


def starts(*, every: int) -> Iterator[datetime]:
    """Each hour of ten years, or a share of them and all within a day of a change of the clocks."""
    changes = [moment for year in range(2021, 2031) for moment in pacific.summer_of(year)]
    hours = int((LAST - FIRST).total_seconds()) // 3600
    for number in range(hours):
        start = FIRST + timedelta(hours=number)
        near = any(abs(start.timestamp() - change) <= pacific.DAY for change in changes)
        if near or number % every == 0:
            yield start


def wrong(start: datetime) -> list[str]:
    found = []
    for within in LENGTHS:
        said = within.due(start, ZONE)
        meant = pacific.due(int(start.timestamp()), unit_of(within), within.count)
        if int(said.timestamp()) != meant or said.tzinfo is not UTC:
            found.append(f"{start} + {within}: {said}")
    return found


def run(counts: dict[str, int], *, every: int) -> None:
    mistakes: list[str] = []
    offsets = set()
    for start in starts(every=every):
        counts["moments"] = counts.get("moments", 0) + 1
        offsets.add((start.year, pacific.offset_at(int(start.timestamp()))))
        mistakes += wrong(start)
    counts["lengths"] = len(LENGTHS)
    counts["daylight_changes"] = len(offsets)
    counts["checked"] = counts["moments"] * len(LENGTHS)
    counts["wrong"] = len(mistakes)
    assert mistakes == []
    assert counts["daylight_changes"] == 20


@pytest.mark.proof("clock")
def test_every_limit_of_ten_years_is_right(proof_counts: dict[str, int], proof_is_full: bool) -> None:
    run(proof_counts, every=1 if proof_is_full else SHARE)


def test_limits_around_every_change_of_the_clocks_are_right() -> None:
    run({}, every=10_000)


def test_the_other_calculator_is_not_always_content() -> None:
    """A limit that forgot the change of the clocks would be found."""
    start = datetime(2026, 10, 31, 20, 0, tzinfo=UTC)
    assert pacific.due(int(start.timestamp()), "days", 1) != int((start + timedelta(days=1)).timestamp())
    autumn = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
    assert pacific.offset_at(int(autumn.timestamp())) == pacific.STANDARD
    assert pacific.offset_at(int(autumn.timestamp()) - 1) == pacific.SUMMER


def test_the_minute_before_a_day_is_the_last_of_the_day_before() -> None:
    for number in range(3652):
        day = (FIRST + timedelta(days=number)).date()
        meant = pacific.from_local(pacific.days_from_civil(day.year, day.month, day.day) * pacific.DAY) - 60
        assert int(last_minute_before(day, ZONE).timestamp()) == meant
