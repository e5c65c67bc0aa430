"""Stages fire once, reach the right people, and stop when the duty is done."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import monotonic, sleep
from uuid import UUID

import pytest
from django.db import connection, connections
from django.db.models import Q

from agencies.choices import Duty, Role
from agencies.models import Notice
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.outbox.models import Message
from referrals.deadlines import kinds
from referrals.models import CaseEvent, CaseFile, Deadline, DeadlineStage
from referrals.services import sweep
from referrals.services.event import event_correct, event_record
from referrals.services.sweep import stages_claim, stages_fire
from tests.worlds import World, county_make, referral_make

WHY = "test"


def notices(rule: str, role: str) -> set[tuple[str, str, bool]]:
    """Stage, e-mail of the recipient, and whether it was escalated."""
    with acting_because(WHY):
        ids = (
            Deadline.objects.unrestricted(because=WHY)
            .filter(rule=rule, owed_by__role=role)
            .values_list("pk", flat=True)
        )
        rows = Notice.objects.filter(subject__in=list(ids)).select_related("recipient")
        return {(row.stage, row.recipient.email, row.escalated) for row in rows}


def staffed() -> World:
    world = county_make()
    for role in (Role.CHILD_WELFARE, Role.PROBATION, Role.ADVOCATE):
        world.person(role)
        world.person(role, Duty.SUPERVISOR)
    world.person(Role.CHILD_WELFARE, Duty.COORDINATOR)
    return world


@pytest.mark.django_db
def test_an_unanswered_duty_reaches_the_supervisor_and_then_the_coordinator() -> None:
    world = staffed()
    referral_make(world, ago=timedelta(hours=1))
    stages_fire(now=datetime.now(UTC))
    worker = world.person(Role.ADVOCATE).email
    supervisor = world.person(Role.ADVOCATE, Duty.SUPERVISOR).email
    coordinator = world.person(Role.CHILD_WELFARE, Duty.COORDINATOR).email
    # Nobody is on call, so the supervisor stands in for the on-call; nobody has left anything undone yet.
    assert notices("response-2h", "ADV") == {("started", worker, False), ("started", supervisor, False)}

    referral_make(world, ago=timedelta(hours=3))
    stages_fire(now=datetime.now(UTC))
    told = notices("response-2h", "ADV")
    assert {("started", worker, False), ("warning", worker, False), ("due", worker, False)} <= told
    assert {("breached", supervisor, True), ("still", supervisor, True), ("still", coordinator, True)} <= told
    assert not any(email == coordinator and stage != "still" for stage, email, _ in told)


@pytest.mark.django_db
def test_what_is_due_is_asked_for_the_very_moment_that_the_notices_bear() -> None:
    referral_make(staffed(), ago=timedelta(hours=1))
    with viewing_as(None, because=WHY):
        stage = DeadlineStage.objects.filter(fire_at__lt=datetime.now(UTC)).latest("fire_at")
        assert stage not in stages_claim(stage.fire_at - timedelta(milliseconds=1))
        assert stage in stages_claim(stage.fire_at)


def letters() -> int:
    """How many messages wait or went, those of the daily digest left out."""
    return Message.objects.exclude(key__startswith="digest:").count()


def loud() -> int:
    """How many notices of duties have an e-mail of their own: all but the quiet ones of duties owed in days."""
    quiet = Q(stage="half") | Q(stage="started", subject__in=_days())
    return Notice.objects.exclude(quiet).count()


def _days() -> list[UUID]:
    rows = Deadline.objects.unrestricted(because=WHY).filter(at_once=False)
    return [row.pk for row in rows if row.due_at - row.started_at > timedelta(hours=48)]


@pytest.mark.django_db
def test_sweeping_again_tells_nobody_twice() -> None:
    world = staffed()
    referral_make(world, ago=timedelta(hours=3))
    assert stages_fire(now=datetime.now(UTC)) > 0
    with acting_because(WHY):
        before = Notice.objects.count(), Message.objects.count()
        assert loud() == letters() > 0
    assert stages_fire(now=datetime.now(UTC)) == 0
    with acting_because(WHY):
        assert (Notice.objects.count(), Message.objects.count()) == before


@pytest.mark.django_db
def test_a_duty_that_is_done_tells_nobody_any_more() -> None:
    world = staffed()
    referral = referral_make(world, ago=timedelta(hours=1))
    viewer = world.viewer(Role.ADVOCATE)
    now = datetime.now(UTC)
    with viewing_as(viewer):
        event_record(
            viewer=viewer,
            case_file=CaseFile.objects.visible_to(viewer).get(pk=referral.case_file_id),
            kind=kinds.RESPONDER_ARRIVED,
            occurred_at=now - timedelta(minutes=20),
            now=now,
        )
    with acting_because(WHY):
        duty = Deadline.objects.unrestricted(because=WHY).get(rule="response-2h", owed_by__role="ADV")
        assert duty.met_at == now - timedelta(minutes=20)
        DeadlineStage.objects.filter(deadline=duty).update(fire_at=now - timedelta(minutes=1))
    stages_fire(now=datetime.now(UTC))
    assert notices("response-2h", "ADV") == set()
    assert notices("response-2h", "PO") != set()


@pytest.mark.django_db
def test_an_agency_with_nobody_designated_for_the_stage_is_still_told() -> None:
    world = county_make()
    world.person(Role.ADVOCATE, Duty.COORDINATOR)
    referral_make(world, ago=timedelta(hours=1))
    stages_fire(now=datetime.now(UTC))
    assert notices("response-2h", "ADV") == {
        ("started", world.person(Role.ADVOCATE, Duty.COORDINATOR).email, True)
    }


@pytest.mark.django_db
def test_a_stage_that_cannot_be_told_keeps_nobody_else_waiting() -> None:
    world = staffed()
    referral_make(world, ago=timedelta(hours=3))
    with acting_because(WHY):
        duty = DeadlineStage.objects.earliest("fire_at").deadline_id
        DeadlineStage.objects.filter(deadline_id=duty, name="started").update(name="unheard of")
        due = DeadlineStage.objects.filter(fire_at__lte=datetime.now(UTC)).count()
    assert stages_fire(now=datetime.now(UTC)) == due - 1 > 5
    with acting_because(WHY):
        (stuck,) = DeadlineStage.objects.filter(fired_at=None, fire_at__lte=datetime.now(UTC))
    assert (stuck.name, stuck.cancelled_at) == ("unheard of", None)


@pytest.mark.django_db
def test_a_sweeper_whose_own_clock_is_wrong_fires_at_the_databases_moments() -> None:
    world = staffed()
    referral_make(world, ago=timedelta(hours=1))
    began = datetime.now(UTC)
    stages_fire(now=began + timedelta(days=30))
    with acting_because(WHY):
        assert not DeadlineStage.objects.filter(
            fired_at__isnull=False, fire_at__gt=datetime.now(UTC)
        ).exists()
        moments = [
            *DeadlineStage.objects.exclude(fired_at=None).values_list("fired_at", flat=True),
            *Notice.objects.values_list("created_at", flat=True),
        ]
    assert moments and all(began <= moment <= datetime.now(UTC) for moment in moments)


@pytest.mark.django_db
def test_whats_overdue_fires_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "BATCH", 4)
    world = staffed()
    for hours in (3, 30, 1, 9):
        referral_make(world, ago=timedelta(hours=hours))
    stages_fire(now=datetime.now(UTC))
    with acting_because(WHY):
        rows = list(DeadlineStage.objects.exclude(fired_at=None).values_list("fired_at", "fire_at"))
    batches = [[fire for at, fire in rows if at == moment] for moment in sorted({at for at, _ in rows})]
    assert len(batches) > 5
    assert all(max(one) <= min(next_) for one, next_ in pairwise(batches))


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_share_the_work_and_double_nothing() -> None:
    world = staffed()
    for _ in range(6):
        referral_make(world, ago=timedelta(hours=3))
    barrier = threading.Barrier(2)
    fired: list[int] = []

    def sweep() -> None:
        try:
            barrier.wait(timeout=10)
            fired.append(stages_fire(now=datetime.now(UTC)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with acting_because(WHY):
        assert sum(fired) == DeadlineStage.objects.exclude(fired_at=None).count() > 0
        assert loud() == letters()
        keys = list(Notice.objects.values_list("subject", "stage", "recipient"))
        assert len(keys) == len(set(keys))
    connection.close()


WAITING_FOR_A_LOCK = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(WAITING_FOR_A_LOCK)
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_correction_leaves_the_moment_of_a_stage_that_fires_meanwhile_as_it_was() -> None:
    world = staffed()
    referral = referral_make(world, ago=timedelta(minutes=89))
    with acting_because(WHY):
        stage = DeadlineStage.objects.filter(
            name="warning", fire_at__gt=datetime.now(UTC), fired_at=None
        ).earliest("fire_at")
        entry = CaseEvent.objects.unrestricted(because=WHY).get(
            case_file=referral.case_file_id, kind=kinds.REFERRAL_RECEIVED
        )
    held = threading.Event()

    def fire() -> None:
        try:
            with acting_because(WHY):
                DeadlineStage.objects.filter(pk=stage.pk).update(fired_at=stage.fire_at)
                held.set()
                end = monotonic() + 20
                while not somebody_waits() and monotonic() < end:
                    sleep(0.02)
        finally:
            connections.close_all()

    sweeper = threading.Thread(target=fire)
    sweeper.start()
    assert held.wait(timeout=20)
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    later = entry.received_at + timedelta(minutes=5)
    with viewing_as(viewer):
        event_correct(
            viewer=viewer,
            event_id=entry.pk,
            now=datetime.now(UTC),
            reason="a typing error",
            received_at=later,
            occurred_at=later,
        )
    sweeper.join(timeout=30)
    with acting_because(WHY):
        after = DeadlineStage.objects.get(pk=stage.pk)
        moved = DeadlineStage.objects.get(deadline=stage.deadline_id, name="due")
    assert (after.fire_at, after.fired_at) == (stage.fire_at, stage.fire_at)
    assert moved.fire_at == later + timedelta(hours=2)
