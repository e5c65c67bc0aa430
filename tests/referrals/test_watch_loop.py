"""The loop as a process of its own: it works beside workers, survives its database, and stops when it is asked."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from agencies.models import Notice
from cseccase.confidentiality.context import acting_because
from cseccase.outbox.models import Message
from referrals.models import DeadlineStage, Heartbeat
from referrals.services import sweep, watch
from referrals.services.beats import Driver
from referrals.services.sweep import stages_fire
from referrals.services.watch import Work
from tests.workers import eventually, watch_running, worker_running
from tests.worlds import county_make, referral_make

WHY = "test"


def waiting() -> int:
    with acting_because(WHY):
        return DeadlineStage.objects.filter(
            fired_at=None, cancelled_at=None, fire_at__lte=datetime.now(UTC)
        ).count()


def doubled() -> int:
    with acting_because(WHY):
        told = Counter(Notice.objects.values_list("subject", "stage", "recipient"))
        written = set(Message.objects.values_list("key", flat=True))
        digests = {key.split(":")[1] for key in written if key.startswith("digest:")}
        alone = [
            f"{subject}:{stage}:{person}"
            for subject, stage, person in told
            if stage not in {"started", "half"} or str(person) not in digests
        ]
        assert alone and written.issuperset(alone)
    return sum(told.values()) - len(told)


@pytest.mark.django_db(transaction=True)
def test_the_loop_alone_tells_everybody_survives_lost_connections_and_stops_cleanly(tmp_path: Path) -> None:
    world = county_make()
    referral_make(world, ago=timedelta(hours=3))
    with watch_running(tmp_path) as loop:
        eventually(lambda: waiting() == 0, what="the first sweep")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
            )
        referral_make(world, ago=timedelta(hours=3))
        eventually(lambda: waiting() == 0, what="the sweep after the connection was lost")
        eventually(lambda: Heartbeat.objects.filter(name=Driver.RECONCILER).exists(), what="a look")
        loop.send_signal(signal.SIGTERM)
        assert loop.wait(timeout=20) == 0
    assert doubled() == 0


@pytest.mark.django_db(transaction=True)
def test_worker_and_loop_together_double_nothing(tmp_path: Path) -> None:
    world = county_make()
    with worker_running(tmp_path / "worker"), watch_running(tmp_path):
        for _ in range(5):
            referral_make(world, ago=timedelta(hours=3))
        eventually(
            lambda: waiting() == 0 and Heartbeat.objects.filter(name__in=Driver).count() == 3,
            what="both sweepers' rounds",
        )
    assert doubled() == 0


@pytest.mark.django_db(transaction=True)
def test_three_sweepers_share_the_work_and_double_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "BATCH", 5)
    world = county_make()
    for _ in range(4):
        referral_make(world, ago=timedelta(hours=3))
    due, barrier, fired = waiting(), threading.Barrier(3), []

    def run() -> None:
        try:
            barrier.wait(timeout=10)
            fired.append(stages_fire(now=datetime.now(UTC), by=Driver.LOOP))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(fired) == due and waiting() == 0
    assert sum(1 for count in fired if count) > 1, "one sweeper did it all"
    assert doubled() == 0


def test_a_failing_round_waits_longer_each_time_and_then_works_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers: list[Any] = [OperationalError, OperationalError, OperationalError, None]

    def act() -> None:
        answer = answers.pop(0)
        if answer:
            raise answer

    work, pauses, hours = Work("sweep", act, every=5), [], [0.0]
    monkeypatch.setattr(watch, "monotonic", lambda: hours[0])
    for hour in range(4):
        hours[0] = 3600.0 * hour
        work.try_now()
        pauses.append(work.due - hours[0])
    assert pauses == [1.0, 2.0, 4.0, 5.0]
    assert work.failures == 0
