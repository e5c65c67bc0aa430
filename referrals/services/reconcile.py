"""The reconciler: looks in the database itself whether every promise about deadlines holds, and says so when one does not.

It trusts no other part: each invariant is a plain SQL question whose answer must be empty. What can be put right without
a decision is put right at once and logged by id; everything else is a person's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from agencies.models import Notice
from cseccase.confidentiality.context import viewing_as
from cseccase.database import database_now
from cseccase.logs import logger
from cseccase.outbox.alarms import alarms_agree
from cseccase.outbox.services import messages_write
from referrals.deadlines.engine import Clock, ClockKey
from referrals.deadlines.stages import HOURS_AT_MOST, first_stages
from referrals.models import Deadline, DeadlineStage
from referrals.services.beats import Driver, heartbeat, still_beating
from referrals.services.calling import letter_of
from referrals.services.replay import cases_replay
from referrals.services.watchmen import AlarmName, deadlines_trouble, drivers_trouble

WHY = "the reconciler compares what is with what must be"
SHOWN = 200
log = logger("reconcile")

BOUNDS = """
SELECT pg_try_advisory_xact_lock(hashtext('deadline reconciler')),
       set_config('idle_in_transaction_session_timeout', '60s', true), set_config('statement_timeout', '60s', true)
"""


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that must always be true. `sql` gives the ids that break it; `mend`, if any, puts those right."""

    name: AlarmName
    says: str
    sql: str
    mend: Callable[[Sequence[UUID]], None] | None = None


def deadlines_reconcile(*, now: datetime, cases: int = 20) -> list[AlarmName]:
    """One round: every invariant, the drivers, and a replay of the next `cases`. Returns what is wrong.

    `now` is the caller's clock, only compared with the database's. While another watchman is at it, nothing is done.
    """
    with viewing_as(None, because=WHY):
        with connection.cursor() as cursor:
            cursor.execute(BOUNDS)
            if not cursor.fetchone()[0]:
                return []
        heartbeat(Driver.RECONCILER, clock=now)
        wrong = {*deadlines_trouble(), *drivers_trouble()}
        wrong |= {invariant.name for invariant in INVARIANTS if _broken(invariant)}
        if cases_replay(count=cases):
            wrong.add(AlarmName.DEADLINE_DIFFERS)
        still_beating(Driver.RECONCILER, count=len(wrong))
        alarms_agree(seen=wrong, watched=list(AlarmName))
    return sorted(wrong)


def _broken(invariant: Invariant) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(invariant.sql, {"shown": SHOWN, "quiet": str(HOURS_AT_MOST.total_seconds())})
        found = [row[0] for row in cursor.fetchall()]
    for broken in found:
        log.warning("invariant broken", name=invariant.name, code=str(broken))
    if found and invariant.mend is not None:
        invariant.mend(found)
        log.warning("mended", name=invariant.name, count=len(found))
    return bool(found)


def _stages_mend(deadlines: Sequence[UUID]) -> None:
    """Gives duties the stages they lack; a stage whose moment has passed fires in the next sweep."""
    for row in Deadline.objects.unrestricted(because=WHY).filter(pk__in=deadlines).select_related("owed_by"):
        key = ClockKey(row.rule, row.owed_by.role, row.owed_to or None, row.started_root)
        wanted = first_stages(Clock(key, row.started_at, row.due_at, row.at_once))
        DeadlineStage.objects.bulk_create(
            (DeadlineStage(deadline=row, name=stage.name, fire_at=stage.fire_at) for stage in wanted),
            ignore_conflicts=True,
        )
        for stage in wanted:
            overtaken = DeadlineStage.objects.filter(deadline=row, name=stage.name, fired_at=None)
            overtaken.exclude(cancelled_at=None).update(fire_at=stage.fire_at, cancelled_at=None)
        log.warning("stages mended", deadline=str(row.pk))


def _messages_mend(notices: Sequence[UUID]) -> None:
    """Writes the messages that notices of duties lack."""
    messages_write(
        (letter_of(notice) for notice in Notice.objects.filter(pk__in=notices)),
        now=database_now(),
    )


INVARIANTS = (
    Invariant(
        AlarmName.STAGES_MISSING,
        "Every open duty that is not yet due has a stage waiting for its limit, or for a moment after it.",
        """
        SELECT d.id FROM referrals_deadline d
        WHERE d.met_at IS NULL AND d.dropped_by IS NULL AND d.due_at > clock_timestamp() AND NOT EXISTS (
          SELECT FROM referrals_deadlinestage s WHERE s.deadline_id = d.id AND s.fired_at IS NULL
            AND s.cancelled_at IS NULL AND s.fire_at >= d.due_at)
        ORDER BY d.due_at LIMIT %(shown)s
        """,
        _stages_mend,
    ),
    Invariant(
        AlarmName.STAGE_FIRED_EARLY,
        "No stage fired before its moment.",
        """
        SELECT id FROM referrals_deadlinestage
        WHERE fired_at > clock_timestamp() - interval '1 day' AND fired_at < fire_at LIMIT %(shown)s
        """,
    ),
    Invariant(
        AlarmName.STAGE_TOLD_NOBODY,
        "No stage of a duty that is still open fired without a notice for somebody.",
        """
        SELECT s.id FROM referrals_deadlinestage s JOIN referrals_deadline d ON d.id = s.deadline_id
        WHERE s.fired_at > clock_timestamp() - interval '1 day' AND d.met_at IS NULL AND d.dropped_by IS NULL
          AND NOT EXISTS (SELECT FROM agencies_notice n WHERE n.subject = s.deadline_id AND n.stage = s.name)
        LIMIT %(shown)s
        """,
    ),
    Invariant(
        AlarmName.NOTICE_TOO_SOON,
        "No notice tells of a stage that did not fire.",
        """
        SELECT n.id FROM agencies_notice n
        JOIN referrals_deadlinestage s ON s.deadline_id = n.subject AND s.name = n.stage
        WHERE n.created_at > clock_timestamp() - interval '1 day' AND n.about = 'deadline' AND s.fired_at IS NULL
        LIMIT %(shown)s
        """,
    ),
    Invariant(
        AlarmName.NOTICE_WITHOUT_MESSAGE,
        "Every notice of a duty has a message in the outbox, or its place in the digest of the next morning.",
        """
        SELECT n.id FROM agencies_notice n
        WHERE n.created_at > clock_timestamp() - interval '1 day' AND n.about = 'deadline' AND NOT EXISTS (
          SELECT FROM outbox_message m WHERE m.key = n.subject || ':' || n.stage || ':' || n.recipient_id)
          AND NOT (EXISTS (
            SELECT FROM referrals_deadline d WHERE d.id = n.subject AND (n.stage = 'half' OR (n.stage = 'started'
              AND NOT d.at_once AND d.due_at - d.started_at > make_interval(secs => %(quiet)s::float))))
          AND EXISTS (
            SELECT FROM outbox_message m WHERE m.recipient_id = n.recipient_id AND m.key LIKE 'digest:%%'
              AND (m.state <> 'sent' OR m.sent_at >= n.created_at)))
        LIMIT %(shown)s
        """,
        _messages_mend,
    ),
    Invariant(
        AlarmName.MESSAGE_LEASED_LONG,
        "No message stays in the hands of a relay that is gone.",
        """
        SELECT id FROM outbox_message
        WHERE state = 'leased' AND lease_until < clock_timestamp() - interval '3 minutes' LIMIT %(shown)s
        """,
    ),
    Invariant(
        AlarmName.MESSAGES_WAIT,
        "No message waits for five minutes after its time.",
        """
        SELECT id FROM outbox_message
        WHERE state IN ('waiting', 'uncertain') AND next_try_at < clock_timestamp() - interval '5 minutes'
        LIMIT %(shown)s
        """,
    ),
    Invariant(
        AlarmName.MESSAGE_FAILED,
        "No message of the last week was given up.",
        """
        SELECT id FROM outbox_message
        WHERE state = 'failed' AND created_at > clock_timestamp() - interval '7 days' LIMIT %(shown)s
        """,
    ),
)
