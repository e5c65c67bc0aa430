"""Eighteen begins with the birthday's first moment by the county's clocks, in both halves of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.calendar import adult_moment, birthday

LA = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("born_on", "utc"),
    [
        (date(2008, 7, 4), datetime(2026, 7, 4, 7, tzinfo=UTC)),
        (date(2008, 12, 25), datetime(2026, 12, 25, 8, tzinfo=UTC)),
        (date(2008, 2, 29), datetime(2026, 3, 1, 8, tzinfo=UTC)),
        (date(2008, 3, 8), datetime(2026, 3, 8, 8, tzinfo=UTC)),
        (date(2008, 3, 9), datetime(2026, 3, 9, 7, tzinfo=UTC)),
        (date(2008, 11, 1), datetime(2026, 11, 1, 7, tzinfo=UTC)),
        (date(2008, 11, 2), datetime(2026, 11, 2, 8, tzinfo=UTC)),
    ],
)
def test_eighteen_begins_at_the_countys_midnight_whatever_the_clocks_do(born_on: date, utc: datetime) -> None:
    assert adult_moment(born_on, LA) == utc


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)))
def test_the_moment_is_midnight_of_the_eighteenth_birthday(born_on: date) -> None:
    local = adult_moment(born_on, LA).astimezone(ZoneInfo(LA))
    assert local.date() == birthday(born_on, 18)
    assert (local.hour, local.minute) == (0, 0)
