"""The sweeper: what claiming and telling of due stages costs, however many deadlines there have ever been."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db import connection, connections, transaction

from agencies.choices import Role
from agencies.models import Notice
from cseccase import clock
from cseccase.confidentiality.context import viewing_as
from cseccase.database import database_now
from cseccase.outbox.models import Message
from referrals.models import DeadlineStage
from referrals.services.beats import Driver
from referrals.services.sweep import BATCH, stages_claim, stages_fire
from reporting.bench.county import case_files_fill, county_for_bench
from reporting.bench.measure import Figure, as_owner, compare, timed

WHY = "a benchmark of the sweeper"
FILES = 5_000
OPEN_SHARE = 50
"""One deadline in fifty is open: 200,000 of 10,000,000."""
SMALL = 100_000
AT_ONCE = 10_000
STEP = 500_000

SECTIONS = """
INSERT INTO referrals_filesection (id, case_file_id, category, custodian_id, opened_at)
SELECT gen_random_uuid(), f.id, 'd01', %(lead)s, f.opened_at FROM
  (SELECT id, opened_at FROM referrals_casefile ORDER BY id LIMIT %(files)s) f
WHERE NOT EXISTS (SELECT FROM referrals_filesection s
                  WHERE s.case_file_id = f.id AND s.category = 'd01' AND s.custodian_id = %(lead)s)
"""
DEADLINES = """
WITH place AS MATERIALIZED (
  SELECT id, case_file_id, row_number() OVER (ORDER BY id) - 1 AS number
  FROM referrals_filesection WHERE category = 'd01' AND custodian_id = %(lead)s
), made AS (
  INSERT INTO referrals_deadline (id, section_id, case_file_id, rule, rulebook, force, owed_by_id, owed_to,
                                  started_root, started_at, due_at, at_once, met_by, met_at, drop_reason)
  SELECT uuidv7(), p.id, p.case_file_id, 'response-2h', 'bench-sweep', 'practice', %(lead)s, 'child', uuidv7(),
         moment, moment + interval '2 days', false, done, CASE WHEN done IS NOT NULL THEN moment + interval '1 hour' END, ''
  FROM (SELECT n, CASE WHEN n %% %(share)s <> 1 THEN uuidv7() END AS done,
               now() - CASE WHEN n %% %(share)s <> 1 THEN interval '1 year' + n * interval '1 second'
                            ELSE interval '1 day' END AS moment
        FROM generate_series(%(first)s, %(last)s) n) numbered
  JOIN place p ON p.number = n %% %(places)s
  RETURNING id, started_at, due_at, met_at
)
INSERT INTO referrals_deadlinestage (id, deadline_id, name, fire_at, fired_at)
SELECT uuidv7(), id, 'started', started_at, started_at FROM made WHERE met_at IS NOT NULL
UNION ALL
SELECT uuidv7(), id, stage, due_at, NULL FROM made, (VALUES ('started'), ('due')) stages(stage) WHERE met_at IS NULL
"""
HISTORY = "ALTER TABLE referrals_deadline {} TRIGGER USER"
"""A fill of millions leaves no history behind; nothing here reads it."""

FALL_DUE = """
WITH due AS (
  SELECT s.id FROM referrals_deadline d JOIN referrals_deadlinestage s ON s.deadline_id = d.id AND s.name = 'started'
  WHERE d.owed_by_id = %(lead)s AND d.met_at IS NULL AND d.dropped_by IS NULL AND d.rulebook = 'bench-sweep'
  ORDER BY d.due_at LIMIT %(count)s
)
UPDATE referrals_deadlinestage s SET fire_at = %(at)s, fired_at = NULL FROM due WHERE due.id = s.id
"""
UNTOLD = (
    "DELETE FROM outbox_message WHERE template = 'duty'; DELETE FROM agencies_notice WHERE about = 'deadline'"
)
BARE = """
SELECT id, deadline_id, name, fire_at, fired_at, cancelled_at FROM referrals_deadlinestage
WHERE fired_at IS NULL AND cancelled_at IS NULL AND fire_at <= statement_timestamp() ORDER BY fire_at LIMIT %(batch)s
"""


def figures(*, scale: int) -> Iterator[Figure]:
    """Claiming, two sweepers at once, the cost of one stage on few and on many deadlines, and the delay of firing."""
    county = county_for_bench()
    lead = county.viewer(Role.CHILD_WELFARE).agency
    case_files_fill(county, min(scale, FILES))
    small = min(scale, SMALL)
    rows_fill(lead, small)
    few = cost_of_a_stage(lead)
    rows_fill(lead, scale)
    many = cost_of_a_stage(lead)
    yield claiming(lead, scale)
    yield Figure(
        f"one due stage of {scale:,} deadlines against {small:,}",
        round(many * 1000, 3), "ms", round(few * 1000, 3), round(many / few, 2), 1.5,
    )  # fmt: skip
    yield sharing(lead)
    yield fire_delay(lead, scale)


def rows_fill(lead: UUID, count: int) -> None:
    """Fills up to `count` deadlines with two stages each, one in fifty open, by plain SQL in steps."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM referrals_deadline WHERE rulebook = 'bench-sweep'")
        there = cursor.fetchone()[0]
        cursor.execute(SECTIONS, {"lead": lead, "files": FILES})
        cursor.execute(
            "SELECT count(*) FROM referrals_filesection WHERE category = 'd01' AND custodian_id = %s", [lead]
        )
        fixed = {"lead": lead, "share": OPEN_SHARE, "places": cursor.fetchone()[0]}
        cursor.execute(HISTORY.format("DISABLE"))
        for first in range(there + 1, count + 1, STEP):
            last = min(first + STEP - 1, count)
            cursor.execute(DEADLINES, {**fixed, "first": first, "last": last})
        cursor.execute(HISTORY.format("ENABLE"))
        if there < count:
            cursor.execute("VACUUM ANALYZE referrals_deadline")
            cursor.execute("VACUUM ANALYZE referrals_deadlinestage")


def fall_due(lead: UUID, count: int) -> tuple[int, datetime]:
    """So many stages of open duties fall due this moment, and nobody has been told. Returns how many there were."""
    at = database_now()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(UNTOLD)
        cursor.execute(FALL_DUE, {"lead": lead, "count": count, "at": at})
        return cursor.rowcount, at


def claiming(lead: UUID, scale: int) -> Figure:
    """The locking read of a batch against the same rows read bare."""
    due, moment = fall_due(lead, BATCH)

    def measured() -> float:
        with viewing_as(None, because=WHY):
            seconds = timed(lambda: stages_claim(moment))
            transaction.set_rollback(True)
        return seconds

    def floor() -> float:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")

            def page() -> None:
                cursor.execute(BARE, {"batch": BATCH})
                cursor.fetchall()

            return timed(page)

    return compare(f"claim {due} due stages of {scale:,} deadlines", measured=measured, floor=floor, goal=3)


def cost_of_a_stage(lead: UUID) -> float:
    """Seconds that the sweeper needs for one due stage, told to people: the median of seven sweeps of a batch."""
    rounds = []
    for _ in range(7):
        due, _at = fall_due(lead, BATCH - 1)
        rounds.append(timed(sweep) / due)
    return sorted(rounds)[3]


def sharing(lead: UUID) -> Figure:
    """Two sweepers at once: seconds against one alone, and not a notice or a message more than there must be."""
    fall_due(lead, 5 * BATCH)
    alone = timed(sweep)
    due, _ = fall_due(lead, 5 * BATCH)
    began = perf_counter()
    fired = sweep_twice()
    together, wrong = perf_counter() - began, abs(sum(fired) - due) + notices_doubled()
    return Figure(
        f"two sweepers at {due:,} stages, {wrong} doubled or lost",
        round(together * 1000, 3), "ms", round(alone * 1000, 3),
        round(together / alone, 2) if wrong == 0 else float("inf"), 1.5,
    )  # fmt: skip


def sweep() -> int:
    """One round of the loop."""
    return stages_fire(now=clock.now(), by=Driver.LOOP)


def sweep_twice() -> list[int]:
    """Both drivers at once, as the product runs them; how many stages each fired."""
    fired: list[int] = []
    threads = [threading.Thread(target=_sweep_beside, args=(fired,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return fired


def _sweep_beside(fired: list[int]) -> None:
    try:
        fired.append(sweep())
    finally:
        connections.close_all()


def notices_doubled() -> int:
    """Notices and messages beyond one for each person, duty and stage."""
    with viewing_as(None, because=WHY):
        told = Notice.objects.filter(about=Notice.About.DEADLINE)
        keys: set[tuple[Any, ...]] = set(told.values_list("subject", "stage", "recipient"))
        letters = Message.objects.filter(template=Message.Template.DUTY).count()
        return told.count() - len(keys) + letters - len(keys)


def fire_delay(lead: UUID, scale: int) -> Figure:
    """All at once, thousands of open duties fall due: seconds until the slowest hundredth is told, against a minute."""
    count, at = fall_due(lead, AT_ONCE)
    sweep_twice()
    with viewing_as(None, because=WHY):
        fired = DeadlineStage.objects.filter(fire_at=at).values_list("fired_at", flat=True)
        late = sorted((moment - at).total_seconds() for moment in fired if moment)
    p99 = late[min(len(late) - 1, len(late) * 99 // 100)]
    return Figure(
        f"p99 of the delay, {count:,} duties due at once of {scale:,}",
        round(p99, 3), "s", 60.0, round(p99 / 60, 4), 1,
    )  # fmt: skip
