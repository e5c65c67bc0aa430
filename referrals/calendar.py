"""Birthdays and other days of a young person's life."""

from __future__ import annotations

from calendar import isleap
from datetime import date, datetime
from zoneinfo import ZoneInfo


def birthday(born_on: date, age: int) -> date:
    """The day a person reaches an age; somebody born on February 29 does so on March 1 of a common year."""
    year = born_on.year + age
    if (born_on.month, born_on.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return born_on.replace(year=year)


ADULT_AT = 18


def adult_moment(born_on: date, zone: str) -> datetime:
    """The first moment of the eighteenth birthday by the county's clocks: from then on a team is no longer for a child."""
    turned = birthday(born_on, ADULT_AT)
    return datetime(turned.year, turned.month, turned.day, tzinfo=ZoneInfo(zone))
