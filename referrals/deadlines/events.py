"""One entry of a case's chronology as the deadline engine reads it, and which entries are in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from referrals.deadlines import kinds


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a case, as somebody recorded it.

    `root` is the first entry of its chain of corrections (its own id when it corrects nothing). `received_at`
    is when the agency got the information, `occurred_at` when the thing happened, `recorded_at` when it was
    typed: no deadline ever runs from typing. An act that answers one certain duty may name it by the fact
    `started_root`, the root of the event that started the duty; unnamed, it counts for every duty of its kind
    begun before it.

    Moments are kept in UTC, since two moments of one local zone would be compared by the wall clock. Raises
    `ValueError` for a moment without a time zone.
    """

    id: UUID
    root: UUID
    kind: str
    occurred_at: datetime
    received_at: datetime | None
    recorded_at: datetime
    agency: UUID | None = None
    agency_role: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    supersedes: UUID | None = None

    def __post_init__(self) -> None:
        for name in ("occurred_at", "received_at", "recorded_at"):
            moment: datetime | None = getattr(self, name)
            if moment is None:
                continue
            if moment.tzinfo is None:
                raise ValueError(f"`{name}` of an event must carry its time zone.")
            object.__setattr__(self, name, moment.astimezone(UTC))

    @property
    def known_at(self) -> datetime:
        """When the agency knew: on receipt, or when it happened where receipt is not told."""
        return self.occurred_at if self.received_at is None else self.received_at

    def says(self, key: str) -> str | None:
        """A fact as a word; nothing where it is missing or blank."""
        value = self.facts.get(key)
        if value is None:
            return None
        return str(value).strip() or None


def in_force(events: Iterable[Event]) -> tuple[Event, ...]:
    """What the chronology says now: of each chain the last correction, without the withdrawn, oldest first.

    Where two corrections claim the same entry, the one recorded last holds.
    """
    chains: defaultdict[UUID, dict[UUID, Event]] = defaultdict(dict)
    for event in events:
        chains[event.root][event.id] = event
    holding = (_last_word(chain) for chain in chains.values())
    return tuple(sorted((event for event in holding if event.kind != kinds.WITHDRAWN), key=_by_time))


def _last_word(chain: Mapping[UUID, Event]) -> Event:
    replaced = {event.supersedes for event in chain.values()}
    open_ends = [event for event in chain.values() if event.id not in replaced] or list(chain.values())
    return max(open_ends, key=lambda event: (event.recorded_at, event.id.int))


def _by_time(event: Event) -> tuple[datetime, datetime, int]:
    return (event.occurred_at, event.recorded_at, event.root.int)
