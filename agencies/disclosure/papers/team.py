"""Under which law a team shares, and for how long: it depends on how many sit there (WIC 18961.7, 18951, 830)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from agencies.disclosure.facts import FOREVER, Lasting

FULL_TEAM: Final = 3
INVESTIGATION_DAYS: Final = timedelta(days=30)
"""How long a team of two may share after a report, unless good cause is documented (WIC 18961.7(c))."""


@dataclass(frozen=True, slots=True)
class TeamWindow:
    """The law a team stands on; `until` is when its sharing ends (`None`: no end of its own before eighteen)."""

    law: str
    until: datetime | None


def team_window(
    *, seats: Sequence[Lasting], reported_at: datetime | None, good_cause_until: datetime | None
) -> TeamWindow:
    """What the seats taken now make of a meeting: three or more a team without limit, fewer one that lasts 30 days.

    The days run from the last report, or where none is known from the first seat; documented good cause lengthens
    them and never shortens them. Seats with an end are looked ahead to: once only two are left, the 30 days count.
    """
    law = "WIC 830, 18951" if len(seats) >= FULL_TEAM else "WIC 18961.7"
    lasting = sorted(seats, key=lambda seat: seat.until or FOREVER, reverse=True)
    falls_at = None
    if len(lasting) >= FULL_TEAM:
        falls_at = lasting[FULL_TEAM - 1].until
        if falls_at is None:
            return TeamWindow(law, None)
    left = lasting[: FULL_TEAM - 1]
    end = (reported_at or min(seat.since for seat in left)) + INVESTIGATION_DAYS
    return TeamWindow(law, max(end, good_cause_until or end, falls_at or end))
