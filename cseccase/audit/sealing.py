"""Sealing the access log: a watchman's round that chains and signs what is final, and holds up nobody.

An entry is final when no transaction that was writing entries as the round began is still under way, for then nobody can
commit a lower position any more. docs/decisions/0008-sealed-log.md.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from cseccase.audit import leaves
from cseccase.audit.chain import FIRST, FORM, LEAF, SealKey, Stretch
from cseccase.audit.models import AccessSeal
from cseccase.confidentiality.context import acting_because
from cseccase.logs import logger

WHY = "sealing the access log"
BATCH = 5000
ROUND = 200
"""At most so many seals a round; the next round takes the rest."""

PATIENCE = 10.0
"""Seconds that a round waits for transactions older than itself."""

log = logger("audit")


def seal_keys() -> list[SealKey]:
    """The keys known here: the first signs, all verify."""
    return [SealKey(secret.encode()) for secret in settings.AUDIT_SEAL_KEYS]


def log_seal(*, now: datetime, patience: float = PATIENCE) -> int:
    """Seals every entry that is final and not yet sealed; returns how many. Safe to run twice and at the same time."""
    with transaction.atomic(durable=True), acting_because(WHY):
        if not leaves.sealer_lock():
            return 0
        up_to = leaves.highest_position()
        if not _older_ones_ended(patience):
            return 0
        seals = _seals_write(up_to, now)
    sealed = sum(seal.entries for seal in seals)
    if seals:
        _head_note(seals[-1])
        log.info("audit.sealed", count=sealed, name=f"{seals[-1].number}:{seals[-1].chain.hex()}")
    return sealed


def _older_ones_ended(patience: float) -> bool:
    until = time.monotonic() + patience
    older = leaves.writers()
    while older := older & leaves.writers():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _seals_write(up_to: int, now: datetime) -> list[AccessSeal]:
    last = AccessSeal.objects.order_by("-number").defer("leaves").first()
    key = seal_keys()[0]
    number, after, previous = (last.number, last.last_position, bytes(last.chain)) if last else (0, 0, FIRST)
    written: list[AccessSeal] = []
    while len(written) < ROUND:
        found = leaves.next_leaves(after=after, last=up_to, form=FORM, limit=BATCH)
        if not found:
            break
        end = int.from_bytes(found[-LEAF : -LEAF + 8], "big")
        stretch = Stretch(number + 1, now, FORM, after, end, previous, found)
        seal = _sealed(stretch, key)
        seal.save(force_insert=True)
        written.append(seal)
        number, after, previous = stretch.number, end, stretch.chain()
    return written


def _sealed(stretch: Stretch, key: SealKey) -> AccessSeal:
    chain = stretch.chain()
    return AccessSeal(
        number=stretch.number,
        sealed_at=stretch.sealed_at,
        form=stretch.form,
        last_position=stretch.last,
        entries=stretch.entries,
        leaves=stretch.leaves,
        previous=stretch.previous,
        chain=chain,
        key=key.name,
        signature=key.sign(chain),
    )


def _head_note(seal: AccessSeal) -> None:
    """Writes the newest chain value where the database's owner cannot reach it, when a place is given."""
    if settings.AUDIT_HEADS_FILE:
        with Path(settings.AUDIT_HEADS_FILE).open("a", encoding="ascii") as file:
            file.write(f"{seal.number} {seal.chain.hex()}\n")
