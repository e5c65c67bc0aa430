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


def writers() -> frozenset[str]:
    """The other transactions that have begun to write entries and are still under way, in this database.

    A statement takes the lock on its table before it draws a position, and keeps it until its transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.virtualtransaction FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            "WHERE l.locktype = 'relation' AND l.relation = 'audit_accessentry'::regclass AND l.granted "
            "AND d.datname = current_database() AND l.mode NOT IN ('AccessShareLock', 'RowShareLock') "
            "AND l.pid <> pg_backend_pid()"
        )
        return frozenset(row[0] for row in cursor.fetchall())


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
