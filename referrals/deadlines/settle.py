"""What must change so that the clocks that stand become those that the events call for. Pure; the database is not asked.

The service that writes deadlines and the proof that replays histories both go through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from referrals.deadlines.engine import Clock

NEVER_OWED: Final = "The entry that started this clock was corrected."
ClockId = tuple[str, str, str, UUID]
"""Rule, role that owes it, recipient, root of the entry that started it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock as it stands stored. It is open while it is neither met nor dropped."""

    rulebook: str
    started_at: datetime
    due_at: datetime
    met_by: UUID | None = None
    met_at: datetime | None = None
    dropped_by: UUID | None = None
    drop_reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.dropped_by is None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What to start, what to change into what, and what to end because nothing calls for it any more."""

    begin: tuple[Clock, ...]
    move: tuple[tuple[ClockId, Clock], ...]
    end: tuple[ClockId, ...]


def clock_id(clock: Clock) -> ClockId:
    """What a stored clock and a called-for one are matched by."""
    return (clock.key.rule_id, clock.key.owed_by_role, clock.key.owed_to or "", clock.key.started_root)


def as_standing(clock: Clock) -> Standing:
    """A called-for clock as it is stored."""
    return Standing(
        rulebook=clock.rulebook,
        started_at=clock.started_at,
        due_at=clock.due_at,
        met_by=clock.met_by,
        met_at=clock.met_at,
        dropped_by=clock.dropped_by,
        drop_reason=clock.drop_reason,
    )


def settlement(standing: Mapping[ClockId, Standing], due: Iterable[Clock]) -> Settlement:
    """The difference between what stands and what is called for; nothing where they agree."""
    begin: list[Clock] = []
    move: list[tuple[ClockId, Clock]] = []
    called_for: set[ClockId] = set()
    for clock in due:
        key = clock_id(clock)
        called_for.add(key)
        row = standing.get(key)
        if row is None:
            begin.append(clock)
        elif row != as_standing(clock):
            move.append((key, clock))
    end = [key for key, row in standing.items() if key not in called_for and row.drop_reason != NEVER_OWED]
    return Settlement(tuple(begin), tuple(move), tuple(end))


def ended(row: Standing, root: UUID) -> Standing:
    """A clock whose start was corrected away: nothing is owed, and the row stays readable."""
    return replace(row, met_by=None, met_at=None, dropped_by=root, drop_reason=NEVER_OWED)


def settled(standing: Mapping[ClockId, Standing], due: Iterable[Clock]) -> dict[ClockId, Standing]:
    """What stands after the settlement was carried out."""
    change = settlement(standing, due)
    after = dict(standing)
    after.update({clock_id(clock): as_standing(clock) for clock in change.begin})
    after.update({key: as_standing(clock) for key, clock in change.move})
    after.update({key: ended(standing[key], key[3]) for key in change.end})
    return after
