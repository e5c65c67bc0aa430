"""Business days of a county's offices: what "within one business day" means for reviews and answers.

The holidays are those on which California courts and most county offices are closed (Code of Civil Procedure
135, Government Code 6700); a holiday on a Saturday is kept on Friday, one on a Sunday on Monday. A county that
keeps more days closed only has its people review sooner than they must. Pure; no clock of the law runs on this.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

FIXED: Final[tuple[tuple[int, int, str], ...]] = (
    (1, 1, "New Year’s Day"),
    (3, 31, "Cesar Chavez Day"),
    (6, 19, "Juneteenth"),
    (7, 4, "Independence Day"),
    (11, 11, "Veterans Day"),
    (12, 25, "Christmas Day"),
)
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
FLOATING: Final[tuple[tuple[int, int, int, str], ...]] = (
    (1, MONDAY, 3, "Martin Luther King Jr. Day"),
    (2, MONDAY, 3, "Presidents’ Day"),
    (5, MONDAY, -1, "Memorial Day"),
    (9, MONDAY, 1, "Labor Day"),
    (11, THURSDAY, 4, "Thanksgiving Day"),
)
"""Month, weekday, which one of the month (-1 the last)."""


@cache
def holidays(year: int) -> frozenset[date]:
    """The days of a year on which county offices are closed beside weekends."""
    days = {_kept(date(year, month, day)) for month, day, _ in FIXED}
    # New Year's Day of the next year is kept on December 31 when it falls on a Saturday.
    days.add(_kept(date(year + 1, 1, 1)))
    for month, weekday, which, _ in FLOATING:
        days.add(_nth(year, month, weekday, which))
    days.add(_nth(year, 11, THURSDAY, 4) + timedelta(days=1))
    return frozenset(day for day in days if day.year == year)


def is_business_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def business_days_after(start: datetime, count: int, zone: ZoneInfo) -> datetime:
    """11:59 p.m. county time on the `count`-th business day after the day of `start`, in UTC.

    Raises `ValueError` for fewer than one day.
    """
    if count < 1:
        raise ValueError("At least one business day.")
    day = start.astimezone(zone).date()
    for _ in range(count):
        day += timedelta(days=1)
        while not is_business_day(day):
            day += timedelta(days=1)
    return datetime.combine(day, time(23, 59), zone).astimezone(UTC)


def _kept(day: date) -> date:
    if day.weekday() == SATURDAY:
        return day - timedelta(days=1)
    return day + timedelta(days=1) if day.weekday() == SUNDAY else day


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    if which < 0:
        last = date(year, month + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
