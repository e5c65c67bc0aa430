"""Under which law a team shares, and for how long: it depends on how many sit there (WIC 18961.7, 18951, 830)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FULL_TEAM: Final = 3
INVESTIGATION_DAYS: Final = timedelta(days=30)
"""How long a team of two may share after a report, unless good cause is documented (WIC 18961.7(c))."""


@dataclass(frozen=True, slots=True)
class TeamWindow:
    """The law a team stands on; `until` is when its sharing ends (`None`: no end of its own before eighteen)."""

    law: str
    until: datetime | None


def team_window(
    *, seats: int, reported_at: datetime | None, first_seat_at: datetime, good_cause_until: datetime | None
) -> TeamWindow:
    """What so many seats make of a meeting: three or more a team without limit, fewer one that lasts 30 days.

    The days run from the last report, or where none is known from the first seat; documented good cause lengthens
    them and never shortens them.
    """
    if seats >= FULL_TEAM:
        return TeamWindow("WIC 830, 18951", None)
    end = (reported_at or first_seat_at) + INVESTIGATION_DAYS
    return TeamWindow("WIC 18961.7", max(end, good_cause_until or end))
