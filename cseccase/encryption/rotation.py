"""Changing keys while people work.

`manage.py keys add` puts a new key beside the others, `keys rotate` makes it current and seals everything anew in small
batches, `keys retire` forgets the old one once nothing is sealed under it. Each value is exchanged only if it is still the
one that was read (compare and swap), so an edit made meanwhile is never lost; whatever is done stays done, so a stopped
rotation goes on where it was. It runs as the owner of the tables, for histories may not be changed by the application.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from psycopg2.extras import execute_values

from cseccase.encryption.fields import SealedField, sealed_fields, sealed_models
from cseccase.encryption.keyring import Keyring, keyring, keyring_change, new_key_id
from cseccase.encryption.seal import HEADER_BYTES, Place, header_of, seal, unseal

BATCH = 500
RUNNING = (
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'virtualxid' AND granted AND pid <> pg_backend_pid() "
    "AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
)


class KeyInUse(RuntimeError):
    """Something is still sealed under the key that was to be retired."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of one column a pass has sealed anew; what somebody changed meanwhile is left for the next pass."""

    table: str
    column: str
    resealed: int
    changed_meanwhile: int


def key_add() -> str:
    """A new sealing key beside the current one, and its id."""
    key_id = new_key_id()
    keyring_change(lambda ring: Keyring(ring.seal.added(key_id), ring.index))
    return key_id


def key_turn(key_id: str) -> None:
    """From now on everything is sealed under this key. Raises `KeyMissing`."""
    keyring_change(lambda ring: Keyring(ring.seal.turned_to(key_id), ring.index))


def key_retire(key_id: str) -> None:
    """Forgets a key. Raises `KeyInUse` while anything holds it, ValueError for the current one, `KeyMissing`."""
    keyring().seal.without(key_id)
    others_wait()
    held = {f"{table}.{column}": count for (table, column), count in held_by(key_id).items()}
    if held:
        words = ", ".join(f"{count} in {place}" for place, count in sorted(held.items()))
        raise KeyInUse(f"Key {key_id} still seals {words}. Run `manage.py keys rotate` first.")
    keyring_change(lambda ring: Keyring(ring.seal.without(key_id), ring.index))


def held_by(key_id: str) -> Counter[tuple[str, str]]:
    """How many values of each column are sealed under a key; columns without one are left out."""
    found: Counter[tuple[str, str]] = Counter()
    with connection.cursor() as cursor:
        for model, field in _columns():
            table, column = model._meta.db_table, field.column
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE substr("{column}", 1, {HEADER_BYTES}) = %s',  # noqa: S608  # our own names
                [header_of(key_id)],
            )
            count = cursor.fetchone()[0]
            if count:
                found[(table, str(column))] = count
    return found


def others_wait(seconds: float = 60) -> None:
    """Waits until every transaction that runs now has ended: one that sealed under an old key is not seen before.

    Raises `KeyInUse` when one runs on for longer.
    """
    until = time.monotonic() + seconds
    with connection.cursor() as cursor:
        cursor.execute(RUNNING)
        running = [name for (name,) in cursor.fetchall()]
        while running:
            if time.monotonic() > until:
                raise KeyInUse(
                    "A transaction has been running for a minute; what it seals is not known. Try again later."
                )
            time.sleep(0.1)
            cursor.execute(f"{RUNNING} AND virtualtransaction = ANY (%s)", [running])
            running = [name for (name,) in cursor.fetchall()]


def reseal_all() -> Iterator[Progress]:
    """Seals every value anew that is not under the current key: once, and what was being written meanwhile once more."""
    yield from _reseal_once()
    others_wait()
    yield from _reseal_once()


def _reseal_once() -> Iterator[Progress]:
    for model, field in _columns():
        while True:
            progress = _reseal_column(model, field)
            if progress.resealed or progress.changed_meanwhile:
                yield progress
            if not progress.changed_meanwhile:
                break


def _columns() -> Iterator[tuple[type[models.Model], SealedField]]:
    for model in sealed_models():
        for field in sealed_fields(model):
            yield model, field


def _reseal_column(model: type[models.Model], field: SealedField) -> Progress:
    done = missed = 0
    after: UUID | None = None
    while True:
        rows = _batch(model, field, after)
        if not rows:
            return Progress(model._meta.db_table, str(field.column), done, missed)
        swapped = _swap(model, field, rows)
        done, missed = done + swapped, missed + len(rows) - swapped
        after = rows[-1][0]


def _batch(
    model: type[models.Model], field: SealedField, after: UUID | None
) -> list[tuple[UUID, UUID, bytes]]:
    """Row key, object id and sealed text of rows that are not under the current key."""
    table, pk, column = model._meta.db_table, _key_column(model), field.column
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{pk}", "id", "{column}" FROM "{table}" WHERE (%s::uuid IS NULL OR "{pk}" > %s) '  # noqa: S608  # our own names
            f'AND octet_length("{column}") > 0 AND substr("{column}", 1, {HEADER_BYTES}) <> %s '
            f'ORDER BY "{pk}" LIMIT {BATCH}',
            [after, after, header_of(keyring().seal.current)],
        )
        return [(key, object_id, bytes(sealed)) for key, object_id, sealed in cursor.fetchall()]


def _swap(model: type[models.Model], field: SealedField, rows: list[tuple[UUID, UUID, bytes]]) -> int:
    """Exchanges the texts that are still the ones read, in one short transaction; returns how many were."""
    table, pk, column = model._meta.db_table, _key_column(model), field.column
    exchanged = [(str(key), old, _resealed(model, field, object_id, old)) for key, object_id, old in rows]
    with transaction.atomic(), connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            f'UPDATE "{table}" SET "{column}" = swap.new FROM (VALUES %s) AS swap(key, old, new) '  # noqa: S608  # our own names
            f'WHERE "{table}"."{pk}" = swap.key::uuid AND "{table}"."{column}" = swap.old',
            exchanged,
            page_size=BATCH,
        )
        count: int = cursor.rowcount
        return count


def _resealed(model: type[models.Model], field: SealedField, object_id: UUID, old: bytes) -> bytes:
    record: Any = getattr(model, "instance_type", model)
    place = Place(record._meta.db_table, str(field.column), object_id)
    return seal(unseal(old, place), place)


def _key_column(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)
