"""The canonical bytes of log entries, digested where they lie: PostgreSQL hashes, only leaves travel."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

CANONICAL = {
    1: """jsonb_build_array(position, id, (extract(epoch FROM at) * 1000000)::bigint, verb, person, person_name,
          agency, agency_name, subject_kind, subject, case_file, category, basis, facts)::text""",
}
"""What is hashed of an entry, by the form that a seal names. A form once used is never changed."""

LEAVES = """
SELECT coalesce(string_agg(int8send(position) || sha256(convert_to({canonical}, 'UTF8')), ''::bytea ORDER BY position), '')
FROM {rows}
"""
STRETCH = "audit_accessentry WHERE position > %s AND position <= %s"
NEXT = "(SELECT * FROM audit_accessentry WHERE position > %s AND position <= %s ORDER BY position LIMIT %s) t"


def leaves_between(*, after: int, last: int, form: int) -> bytes:
    """The leaves of every entry after one position, up to another."""
    return _leaves(STRETCH, form, (after, last))


def next_leaves(*, after: int, last: int, form: int, limit: int) -> bytes:
    """The leaves of the next entries of a stretch, at most `limit`."""
    return _leaves(NEXT, form, (after, last, limit))


def _leaves(rows: str, form: int, values: tuple[int, ...]) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(LEAVES.format(canonical=CANONICAL[form], rows=rows), values)
        return bytes(cursor.fetchone()[0])


def highest_position() -> int:
    """The highest position that anybody can see."""
    return int(_one("SELECT coalesce(max(position), 0) FROM audit_accessentry")[0])


def own_transaction() -> int:
    """The number of this transaction, drawn now: every transaction that has a lower one has begun already."""
    return int(_one("SELECT pg_current_xact_id()::text")[0])


def oldest_transaction() -> int:
    """The lowest number of a transaction that is still under way."""
    return int(_one("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")[0])


def waiting_after(position: int) -> tuple[int, datetime | None]:
    """How many entries stand after a position, and the oldest moment among them."""
    count, oldest = _one("SELECT count(*), min(at) FROM audit_accessentry WHERE position > %s", position)
    return int(count), oldest


def sealer_lock() -> bool:
    """Whether this transaction is the only one that seals now."""
    return bool(_one("SELECT pg_try_advisory_xact_lock(hashtext('audit seal'))")[0])


def _one(statement: str, *values: int) -> tuple:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple = cursor.fetchone()  # type: ignore[type-arg]
        return row
