"""The only stretches of time a committee report may cover: whole quarters and whole calendar years that are over.

A free choice of days would let two reports be subtracted from one another down to one child.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import models

SETTLING: Final = timedelta(days=10)
"""How long after its last day a period can first be counted, so that what was entered late is in it."""

QUARTERS_OFFERED: Final = 8
YEARS_OFFERED: Final = 3
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class PeriodKind(models.TextChoices):
    """How long a period is."""

    QUARTER = "quarter", "Quarter"
    YEAR = "year", "Year"


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a period's course: a month of a quarter, a quarter of a year."""

    label: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter (`number` 1 to 4) or a calendar year (`number` 0). Raises `ValueError` for any other number."""

    year: int
    number: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.number <= 4 or not 2000 <= self.year <= 9998:
            raise ValueError("A period is a year, or one of its four quarters.")

    @property
    def kind(self) -> PeriodKind:
        return PeriodKind.QUARTER if self.number else PeriodKind.YEAR

    @property
    def key(self) -> str:
        """How the period is written in an address: "2026-q3", "2025"."""
        return f"{self.year}-q{self.number}" if self.number else f"{self.year}"

    @property
    def first_month(self) -> int:
        return 3 * self.number - 2 if self.number else 1

    @property
    def starts_on(self) -> date:
        return date(self.year, self.first_month, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self._after - timedelta(days=1)

    @property
    def _after(self) -> date:
        return date(
            self.year + (self.number in {0, 4}), 1 if self.number in {0, 4} else 3 * self.number + 1, 1
        )

    @property
    def label(self) -> str:
        """ "July to September 2026", "January to December 2025"."""
        last = self.first_month + (2 if self.number else 11)
        return f"{MONTHS[self.first_month - 1]} to {MONTHS[last - 1]} {self.year}"

    @property
    def short_label(self) -> str:
        return f"{self.label} ({'quarter' if self.number else 'year'})"

    def parts(self) -> Sequence[Part]:
        """The lines of its course: months of a quarter, quarters of a year (months of a year would be too small)."""
        if not self.number:
            return [Part(Period(self.year, n).label.removesuffix(f" {self.year}"), Period(self.year, n).starts_on)
                    for n in (1, 2, 3, 4)]  # fmt: skip
        months = range(self.first_month, self.first_month + 3)
        return [Part(MONTHS[month - 1], date(self.year, month, 1)) for month in months]

    def moments(self, zone: ZoneInfo) -> list[datetime]:
        """Where its parts begin, and where it ends, as moments of the county's zone."""
        days = [part.starts_on for part in self.parts()] + [self._after]
        return [datetime(day.year, day.month, day.day, tzinfo=zone) for day in days]

    def is_countable(self, today: date) -> bool:
        """Whether it is over, and long enough for late entries to be in."""
        return today >= self._after + SETTLING

    def overlaps_other_kind(self, other: Period) -> bool:
        """Whether one is the year of the other: together they could be subtracted."""
        return self.year == other.year and self.kind != other.kind


def period_read(key: str) -> Period:
    """The period of an address; raises `ValueError` for what is none."""
    year, _, quarter = key.partition("-q")
    if not year.isascii() or not year.isdecimal() or (quarter and quarter not in {"1", "2", "3", "4"}):
        raise ValueError("This is no quarter and no year.")
    period = Period(int(year), int(quarter or 0))
    if period.key != key:
        raise ValueError("This is no quarter and no year.")
    return period


def periods_offered(today: date) -> list[Period]:
    """The newest quarters and years that can be counted, newest first."""
    quarters = [Period(year, n) for year in range(today.year, today.year - 4, -1) for n in (4, 3, 2, 1)]
    years = [Period(year) for year in range(today.year - 1, today.year - 6, -1)]
    return [
        *[period for period in quarters if period.is_countable(today)][:QUARTERS_OFFERED],
        *[period for period in years if period.is_countable(today)][:YEARS_OFFERED],
    ]
