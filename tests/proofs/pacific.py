"""A second calculator of limits in California, in whole seconds, that shares no line and no table with the product's.

Daylight saving time here is the federal rule itself (15 USC 260a): from 2 a.m. on the second Sunday of March to 2 a.m. on
the first Sunday of November. Days are counted by the civil calendar's own arithmetic.
"""

from __future__ import annotations

from functools import cache

HOUR, DAY = 3600, 86400
STANDARD, SUMMER = -8 * HOUR, -7 * HOUR


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01."""
    shifted = year - (month <= 2)
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def civil_from_days(days: int) -> tuple[int, int, int]:
    era, of_era = divmod(days + 719468, 146097)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return year + era * 400 + (month <= 2), month, day


def sunday(year: int, month: int, which: int) -> int:
    """The day number of the `which`-th Sunday of a month; 1970-01-01 was a Thursday."""
    first = days_from_civil(year, month, 1)
    return first + (3 - first) % 7 + 7 * (which - 1)


@cache
def summer_of(year: int) -> tuple[int, int]:
    """When summer time begins and ends in a year, in seconds of UTC."""
    begins = sunday(year, 3, 2) * DAY + 2 * HOUR - STANDARD
    ends = sunday(year, 11, 1) * DAY + 2 * HOUR - SUMMER
    return begins, ends


def offset_at(utc: int) -> int:
    begins, ends = summer_of(civil_from_days(utc // DAY)[0])
    return SUMMER if begins <= utc < ends else STANDARD


def from_local(local: int) -> int:
    """UTC of a wall-clock time: of two the first, of a skipped one an hour later on the clock."""
    real = [local - offset for offset in (SUMMER, STANDARD) if offset_at(local - offset) == offset]
    return min(real) if real else local - STANDARD


def month_length(year: int, month: int) -> int:
    later = (year + 1, 1) if month == 12 else (year, month + 1)
    return days_from_civil(*later, 1) - days_from_civil(year, month, 1)


def due(start: int, unit: str, count: int) -> int:
    """The limit, in seconds of UTC, of a duty that began at `start`."""
    if unit == "minutes":
        return start + 60 * count
    if unit == "hours":
        return start + HOUR * count
    local_day, time_of_day = divmod(start + offset_at(start), DAY)
    if unit == "days":
        return from_local((local_day + count + 1) * DAY) - 60
    year, month, day = civil_from_days(local_day)
    year, month = year + (month - 1 + count) // 12, (month - 1 + count) % 12 + 1
    day = min(day, month_length(year, month))
    return from_local(days_from_civil(year, month, day) * DAY + time_of_day)
