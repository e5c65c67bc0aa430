"""Verifying the access log against its seals, from the first to the newest, and naming the first thing that is broken."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from cseccase.audit import leaves
from cseccase.audit.chain import FIRST, Difference, Stretch, first_difference
from cseccase.audit.models import AccessEntry, AccessSeal
from cseccase.audit.sealing import seal_keys
from cseccase.confidentiality.context import viewing_as

WHY = "verifying the access log"
LATE = timedelta(minutes=15)
"""An entry older than this without a seal: nobody seals, or newer seals were taken away."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is broken: in which seal, at which entry where one can be named, and what happened."""

    words: str
    seal: int | None = None
    position: int | None = None
    entry: UUID | None = None

    def __str__(self) -> str:
        place = f"seal {self.seal}, " if self.seal is not None else ""
        place += f"position {self.position}, " if self.position is not None else ""
        place += f"entry {self.entry}, " if self.entry is not None else ""
        return f"{place.removesuffix(', ')}: {self.words}" if place else self.words


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found. `waiting` entries are newer than the newest seal: nothing vouches for them yet."""

    seals: int
    entries: int
    waiting: int
    fault: Fault | None

    @property
    def holds(self) -> bool:
        return self.fault is None


def log_verify(*, now: datetime) -> Verdict:
    """Checks every seal and every entry it covers; stops at the first fault."""
    noted = _heads_noted()
    with viewing_as(None, because=WHY):
        seals, entries, last = 0, 0, 0
        heads: dict[int, str] = {}
        for seal, fault in _checked():
            if fault:
                return Verdict(seals, entries, 0, fault)
            assert seal is not None
            seals, entries, last = seals + 1, entries + seal.entries, seal.last_position
            heads[seal.number] = bytes(seal.chain).hex()
        waiting, oldest = leaves.waiting_after(last)
        return Verdict(seals, entries, waiting, _head_fault(noted, heads) or _late_fault(oldest, now))


def _checked() -> Iterator[tuple[AccessSeal | None, Fault | None]]:
    """Each seal in order with what is wrong there; the caller stops at the first fault."""
    keys = {key.name: key for key in seal_keys()}
    number, after, previous = 1, 0, FIRST
    for seal in AccessSeal.objects.order_by("number").iterator(chunk_size=20):
        stretch = Stretch(
            seal.number, seal.sealed_at, seal.form, after, seal.last_position, previous, bytes(seal.leaves)
        )
        if seal.number != number:
            yield seal, Fault(f"seal {number} is missing", number, after + 1)
        elif bytes(seal.previous) != previous:
            yield seal, Fault("the seal does not follow the one before it", number, after + 1)
        elif bytes(seal.chain) != stretch.chain() or seal.entries != stretch.entries:
            yield seal, Fault("the seal itself was changed", number, after + 1)
        elif seal.key not in keys:
            yield seal, Fault(f"the seal names a key ({seal.key}) that is not known here", number)
        elif not hmac.compare_digest(keys[seal.key].sign(stretch.chain()), bytes(seal.signature)):
            yield seal, Fault("the signature is not that of the key", number, after + 1)
        else:
            found = leaves.leaves_between(after=after, last=seal.last_position, form=seal.form)
            difference = first_difference(stretch.leaves, found)
            yield seal, _entry_fault(number, difference) if difference else None
        number, after, previous = number + 1, seal.last_position, bytes(seal.chain)


def _entry_fault(number: int, difference: Difference) -> Fault:
    entry = AccessEntry.objects.filter(position=difference.position).values_list("pk", flat=True).first()
    return Fault(difference.words, number, difference.position, entry)


def _heads_noted() -> list[tuple[int, str]]:
    """What the sealer wrote outside the database, read before the seals are: a newer seal is no fault."""
    path = Path(settings.AUDIT_HEADS_FILE) if settings.AUDIT_HEADS_FILE else None
    if path is None or not path.exists():
        return []
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return [(int(number), chain) for number, chain in lines]


def _head_fault(noted: list[tuple[int, str]], heads: dict[int, str]) -> Fault | None:
    """What was noted outside the database must still be in it: a log cut short is whole in itself."""
    for number, chain in noted:
        if number not in heads:
            return Fault("the log was cut short: this seal was noted outside the database", number)
        if heads[number] != chain:
            return Fault("another seal was noted outside the database under this number", number)
    return None


def _late_fault(oldest: datetime | None, now: datetime) -> Fault | None:
    if oldest is None or now - oldest <= LATE:
        return None
    return Fault(
        f"entries since {oldest.isoformat(timespec='seconds')} have no seal: nobody seals, or seals were removed"
    )
