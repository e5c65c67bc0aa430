"""A report covers a whole quarter or a whole year that is over, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.periods import SETTLING, Period, PeriodKind, period_read, periods_offered

ZONE = ZoneInfo("America/Los_Angeles")
PERIODS = st.builds(Period, st.integers(2001, 2090), st.integers(0, 4))


@given(PERIODS)
def test_a_period_is_read_back_from_its_address(period: Period) -> None:
    assert period_read(period.key) == period


@pytest.mark.parametrize(
    "key", ["", "2026-q5", "2026-q0", "26", "2026-07-01", "2026-q", "02026", "٢٠٢٦", "1999", "9999"]
)
def test_any_other_stretch_of_time_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"no quarter and no year|A period is"):
        period_read(key)


@given(st.integers(2001, 2090))
def test_four_quarters_make_the_year_without_a_gap_or_an_overlap(year: int) -> None:
    quarters = [Period(year, n) for n in (1, 2, 3, 4)]
    assert quarters[0].starts_on == Period(year).starts_on
    assert quarters[3].ends_on == Period(year).ends_on
    for before, after in pairwise(quarters):
        assert before.ends_on + timedelta(days=1) == after.starts_on
        assert before.moments(ZONE)[-1] == after.moments(ZONE)[0]


@given(PERIODS)
def test_the_parts_of_a_period_are_as_many_as_its_stretches(period: Period) -> None:
    assert len(period.moments(ZONE)) == len(period.parts()) + 1
    assert len(period.parts()) == (3 if period.kind == PeriodKind.QUARTER else 4)


def test_a_period_can_be_counted_only_when_late_entries_had_time_to_come_in() -> None:
    quarter = Period(2026, 3)
    first_day = quarter.ends_on + timedelta(days=1) + SETTLING
    assert not quarter.is_countable(first_day - timedelta(days=1))
    assert quarter.is_countable(first_day)


def test_only_closed_periods_are_offered_newest_first() -> None:
    offered = periods_offered(date(2026, 11, 22))
    assert [period.key for period in offered[:3]] == ["2026-q3", "2026-q2", "2026-q1"]
    assert "2026" not in {period.key for period in offered}
    assert "2025" in {period.key for period in offered}


def test_a_year_and_its_quarter_overlap_and_two_quarters_do_not() -> None:
    assert Period(2025).overlaps_other_kind(Period(2025, 2))
    assert Period(2025, 2).overlaps_other_kind(Period(2025))
    assert not Period(2025, 1).overlaps_other_kind(Period(2025, 2))
    assert not Period(2025).overlaps_other_kind(Period(2024, 4))
