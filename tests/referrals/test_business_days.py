"""One business day: weekends, holidays, and the nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.business_days import business_days_after, holidays, is_business_day

ZONE = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ((2026, 11, 18, 2, 0), (2026, 11, 19)),  # a Wednesday night
        ((2026, 11, 20, 23, 30), (2026, 11, 23)),  # Friday evening: Monday
        ((2026, 11, 25, 12, 0), (2026, 11, 30)),  # the day before Thanksgiving: the Monday after
        ((2026, 10, 31, 23, 0), (2026, 11, 2)),  # the night the clocks go back
        ((2026, 7, 2, 9, 0), (2026, 7, 6)),  # July 4, 2026 is a Saturday and kept on Friday
        ((2027, 12, 30, 9, 0), (2028, 1, 3)),  # New Year's Day 2028 is a Saturday and kept on December 31
    ],
)
def test_the_next_business_day_ends_at_11_59_pm_in_the_county(
    start: tuple[int, ...], due: tuple[int, int, int]
) -> None:
    found = business_days_after(datetime(*start, tzinfo=ZONE), 1, ZONE).astimezone(ZONE)  # type: ignore[misc,arg-type]
    assert (found.date(), found.hour, found.minute) == (date(*due), 23, 59)


def test_the_holidays_of_2026() -> None:
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 2, 16),
        date(2026, 3, 31),
        date(2026, 5, 25),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 9, 7),
        date(2026, 11, 11),
        date(2026, 11, 26),
        date(2026, 11, 27),
        date(2026, 12, 25),
    ]


def test_fewer_than_one_day_is_refused() -> None:
    with pytest.raises(ValueError, match="At least one"):
        business_days_after(datetime(2026, 1, 1, tzinfo=UTC), 0, ZONE)


@given(
    st.integers(0, 16 * 365 * 24 * 60).map(
        lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.integers(1, 10),
)
def test_it_is_always_a_business_day_later_than_the_start_and_one_day_more_is_never_sooner(
    start: datetime, count: int
) -> None:
    due = business_days_after(start, count, ZONE)
    assert is_business_day(due.astimezone(ZONE).date())
    assert timedelta(0) < due - start < timedelta(days=2 * count + 6)
    assert business_days_after(start, count + 1, ZONE) > due
