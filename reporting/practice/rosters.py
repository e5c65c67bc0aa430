"""Who answers at night in the practice county: four weeks of the three agencies that are owed within two hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agencies.services.oncall import PatternSaid, roster_fill
from cseccase.confidentiality.context import viewing_as
from reporting.practice.county import PracticeCounty

WEEKS: Final = 4
CHANGE_AT: Final = time(8)
"""Shifts last from eight in the morning to eight."""

MONDAY_TO_THURSDAY, FRIDAY_TO_SUNDAY = frozenset({0, 1, 2, 3}), frozenset({4, 5, 6})
EVERY_DAY: Final = MONDAY_TO_THURSDAY | FRIDAY_TO_SUNDAY


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is on which days, by whose hand it stands in the roster; that supervisor is the backup."""

    person: str
    supervisor: str
    weekdays: frozenset[int]


TURNS: Final = (
    Turn("Mai Tanaka", "Priya Raman", MONDAY_TO_THURSDAY),
    Turn("Dana Reyes", "Priya Raman", FRIDAY_TO_SUNDAY),
    Turn("Tomas Vega", "Ines Calloway", EVERY_DAY),
    Turn("Sofia Duarte", "Ellen Farrow", EVERY_DAY),
)


def rosters_fill(practice: PracticeCounty) -> int:
    """Fills the rosters from yesterday on, so that somebody is on call at every moment. Returns how many shifts."""
    yesterday = practice.now.astimezone(ZoneInfo(practice.county.zone)).date() - timedelta(days=1)
    shifts = 0
    for turn in TURNS:
        viewer = practice.viewer(turn.supervisor)
        with viewing_as(viewer):
            shifts += roster_fill(
                viewer=viewer,
                said=PatternSaid(
                    person=practice.people[turn.person].pk,
                    backup=practice.people[turn.supervisor].pk,
                    weekdays=turn.weekdays,
                    begins=CHANGE_AT,
                    ends=CHANGE_AT,
                    first_day=yesterday,
                    weeks=WEEKS,
                ),
                now=practice.now,
            )
    return shifts
