"""How long a duty may take, and the moment that makes: elapsed hours, calendar days, month anniversaries.

Moments come in and go out timezone-aware; what comes out is in UTC. `zone` is the county's zone, whose days
and wall clock count. Sources: Penal Code 11166 (hours, without any pause), Division 31 (calendar days).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo


def _length_check(count: int, unit: str) -> None:
    if count < 1:
        raise ValueError(f"A deadline takes at least one {unit}, not {count}.")


@dataclass(frozen=True, slots=True)
class Minutes:
    """Elapsed minutes, for a county that asks for less than the protocol's hours (Los Angeles: 90)."""

    count: int

    def __post_init__(self) -> None:
        _length_check(self.count, "minute")

    def due(self, start: datetime, zone: ZoneInfo) -> datetime:
        return start.astimezone(UTC) + timedelta(minutes=self.count)

    @property
    def shortest(self) -> timedelta:
        return timedelta(minutes=self.count)

    @property
    def longest(self) -> timedelta:
        return timedelta(minutes=self.count)

    def __str__(self) -> str:
        return f"{self.count} min"


@dataclass(frozen=True, slots=True)
class Hours:
    """Elapsed hours by day and by night; a change of the clocks neither lengthens nor shortens them."""

    count: int

    def __post_init__(self) -> None:
        _length_check(self.count, "hour")

    def due(self, start: datetime, zone: ZoneInfo) -> datetime:
        return start.astimezone(UTC) + timedelta(hours=self.count)

    @property
    def shortest(self) -> timedelta:
        return timedelta(hours=self.count)

    @property
    def longest(self) -> timedelta:
        return timedelta(hours=self.count)

    def __str__(self) -> str:
        return f"{self.count} h"


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """Whole calendar days after the day of the start; due at 11:59 p.m. county time on the last of them.

    The moment is the following midnight less one minute, so it is shown on the day it belongs to.
    """

    count: int

    def __post_init__(self) -> None:
        _length_check(self.count, "day")

    def due(self, start: datetime, zone: ZoneInfo) -> datetime:
        after = start.astimezone(zone).date() + timedelta(days=self.count + 1)
        return datetime.combine(after, time(), zone).astimezone(UTC) - timedelta(minutes=1)

    @property
    def shortest(self) -> timedelta:
        # Begun in the last minute of a day, on a way that loses an hour to daylight saving time.
        return timedelta(days=self.count) - timedelta(hours=1, minutes=1)

    @property
    def longest(self) -> timedelta:
        return timedelta(days=self.count + 1) + timedelta(hours=1)

    def __str__(self) -> str:
        return f"{self.count} d"


@dataclass(frozen=True, slots=True)
class Months:
    """The same wall-clock time on the same day of a later month, or on the last day of a shorter one.

    A wall-clock time that the spring change skips falls one hour later; one that the autumn change repeats is
    taken the first time.
    """

    count: int

    def __post_init__(self) -> None:
        _length_check(self.count, "month")

    def due(self, start: datetime, zone: ZoneInfo) -> datetime:
        local = start.astimezone(zone)
        month_index = local.year * 12 + (local.month - 1) + self.count
        year, month = month_index // 12, month_index % 12 + 1
        day = date(year, month, min(local.day, monthrange(year, month)[1]))
        return datetime.combine(day, local.time(), zone).astimezone(UTC)

    @property
    def shortest(self) -> timedelta:
        return timedelta(days=28 * self.count) - timedelta(hours=1)

    @property
    def longest(self) -> timedelta:
        return timedelta(days=31 * self.count) + timedelta(hours=1)

    def __str__(self) -> str:
        return f"{self.count} mo"


Within = Minutes | Hours | CalendarDays | Months
UNITS: Final[Mapping[str, type[Within]]] = MappingProxyType(
    {"minutes": Minutes, "hours": Hours, "days": CalendarDays, "months": Months}
)
"""How a county writes a length: a unit and a whole number."""


def within_of(unit: str, count: int) -> Within:
    """A length as a county wrote it. Raises `ValueError` for a unit that there is not, or a length below one."""
    if unit not in UNITS:
        raise ValueError(f"A deadline is measured in {', '.join(UNITS)}, not in '{unit}'.")
    return UNITS[unit](count)


def unit_of(within: Within) -> str:
    """The unit that a length is written in."""
    return next(unit for unit, kind in UNITS.items() if type(within) is kind)


def last_minute_before(day: date, zone: ZoneInfo) -> datetime:
    """11:59 p.m. county time on the day before, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC) - timedelta(minutes=1)


def not_longer(new: Within, old: Within) -> bool:
    """Whether the new length can never end later than the old one, whatever the start."""
    if type(new) is type(old):
        return new.count <= old.count
    return new.longest <= old.shortest
