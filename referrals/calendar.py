"""Birthdays and other days of a young person's life."""

from __future__ import annotations

from calendar import isleap
from datetime import date


def birthday(born_on: date, age: int) -> date:
    """The day a person reaches an age; somebody born on February 29 does so on March 1 of a common year."""
    year = born_on.year + age
    if (born_on.month, born_on.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return born_on.replace(year=year)
