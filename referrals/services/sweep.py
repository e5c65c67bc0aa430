"""The sweeper: tells people about stages that fell due. PostgreSQL's clock decides, and each notice exists once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models.functions import Now

from cseccase.confidentiality.context import viewing_as
from cseccase.logs import logger
from referrals.models import Deadline, DeadlineStage
from referrals.services.beats import Driver, heartbeat, still_beating
from referrals.services.calling import Call, people_call
from referrals.services.ladder import answered_meanwhile, ladder_follow

WHY = "the sweeper fires the stages of every case"
BATCH = 200
log = logger("sweep")

BOUNDS = """
SELECT clock_timestamp(), set_config('lock_timeout', '10s', true),
       set_config('idle_in_transaction_session_timeout', '60s', true)
"""
"""A sweeper that is frozen in its transaction gives its stages back: the database ends its session."""


def stages_fire(*, now: datetime, by: Driver = Driver.TASK) -> int:
    """Fires everything that is due, oldest first, in batches of one transaction each. Returns how many fired.

    What is due and when it was told is for the database's clock; `now`, the caller's own, is only compared with it.
    Any number of sweepers may run at the same time: each takes what no other has in its hands.
    """
    heartbeat(by, clock=now)
    total, stuck = 0, set[UUID]()
    while True:
        try:
            fired = _batch(by, stuck)
        except Exception:
            if not connection.is_usable():
                raise
            fired = _batch(by, stuck, each_alone=True)
        total += fired
        if fired < BATCH:
            return total - len(stuck)


def _batch(by: Driver, stuck: set[UUID], *, each_alone: bool = False) -> int:
    """Fires the next stages. With `each_alone` one that cannot be told joins the `stuck`, and the others are told."""
    with viewing_as(None, because=WHY):
        with connection.cursor() as cursor:
            cursor.execute(BOUNDS)
            now: datetime = cursor.fetchone()[0]
        batch = stages_claim(now, stuck)
        deadlines = {
            row.pk: row
            for row in Deadline.objects.unrestricted(because=WHY)
            .filter(pk__in={stage.deadline_id for stage in batch})
            .select_related("owed_by__county", "case_file__county")
        }
        living = [
            Call(deadlines[stage.deadline_id], stage)
            for stage in batch
            if deadlines[stage.deadline_id].is_open
        ]
        answered = answered_meanwhile(living)
        calls = [call for call in living if call.stage.pk not in answered]
        if each_alone:
            for call in calls:
                _call_alone(call, now, stuck)
        else:
            people_call(calls, now=now)
        told = [call for call in calls if call.stage.pk not in stuck]
        _mark([stage for stage in batch if stage.pk not in stuck], [call.stage for call in told])
        ladder_follow(told, now=now)
        still_beating(by, count=len(batch))
    if batch:
        log.info("stages fired", count=len(batch))
    return len(batch)


def _call_alone(call: Call, now: datetime, stuck: set[UUID]) -> None:
    """One stage that cannot be told must not keep everybody else's back; it stays due, and turns late."""
    try:
        with transaction.atomic():
            people_call([call], now=now)
    except Exception as error:  # noqa: BLE001  # whatever it is, the next stage is somebody else's
        stuck.add(call.stage.pk)
        log.error("stage cannot be told", stage=str(call.stage.pk), exc_type=type(error).__name__)


def stages_claim(now: datetime, stuck: Collection[UUID] = ()) -> list[DeadlineStage]:
    """The oldest waiting stages that are due and in nobody's hands, locked until the transaction ends.

    `now` is the moment that the notices will bear: nobody is told of a stage before its moment, not by a millisecond.
    """
    waiting = DeadlineStage.objects.filter(fired_at=None, cancelled_at=None, fire_at__lte=now)
    if stuck:
        waiting = waiting.exclude(pk__in=stuck)
    return list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("fire_at")[:BATCH])


def _mark(batch: Collection[DeadlineStage], told: Collection[DeadlineStage]) -> None:
    """A fired stage is one that was told; that of a duty done, or of a call answered meanwhile, was overtaken."""
    fired = {stage.pk for stage in told}
    if fired:
        DeadlineStage.objects.filter(pk__in=fired).update(fired_at=Now())
    overtaken = {stage.pk for stage in batch} - fired
    if overtaken:
        DeadlineStage.objects.filter(pk__in=overtaken).update(cancelled_at=Now())
