"""Whatever stops the deadlines is told within three minutes; after an outage everything overdue fires within two.

Time is compressed twenty times: a sweeper is silent after 4.5 seconds and a stage late after 6, and the watchman has 9.
Short form in every run; `manage.py test --proof watchman [--full]` for 50 trials.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from agencies.models import Notice
from cseccase.confidentiality.context import acting_because
from cseccase.outbox.models import Alarm
from referrals.models import DeadlineStage
from tests.workers import eventually, watch_running, worker_running
from tests.worlds import county_make, referral_make

WHY = "test"
FASTER = 20
WITHIN = 180 / FASTER
IN_THE_LOOP = {"SWEEPER_SILENT_SECONDS": "5", "STAGE_LATE_SECONDS": "6"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def compressed(settings: Any) -> None:
    settings.SWEEPER_SILENT_AFTER = timedelta(seconds=90) / FASTER
    settings.STAGE_LATE_AFTER = timedelta(seconds=120) / FASTER


def health() -> tuple[int, str]:
    answer = Client().get("/healthz/deadlines")
    return answer.status_code, answer.content.decode()


def waiting() -> int:
    with acting_because(WHY):
        return DeadlineStage.objects.filter(
            fired_at=None, cancelled_at=None, fire_at__lte=datetime.now(UTC)
        ).count()


@contextmanager
def held(stage: DeadlineStage) -> Iterator[None]:
    """Somebody's transaction keeps a stage in its hands, so that every sweeper passes it by."""
    has, done = threading.Event(), threading.Event()

    def hold() -> None:
        with acting_because(WHY):
            DeadlineStage.objects.select_for_update().get(pk=stage.pk)
            has.set()
            done.wait(timeout=60)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert has.wait(timeout=10)
    try:
        yield
    finally:
        done.set()
        thread.join()


def stage_due_in(seconds: float) -> DeadlineStage:
    """The last stage of some duty, which now falls due in a moment."""
    with acting_because(WHY):
        stage = DeadlineStage.objects.filter(fired_at=None, cancelled_at=None).latest("fire_at")
        stage.fire_at = datetime.now(UTC) + timedelta(seconds=seconds)
        stage.save()
    return stage


def seconds_until(true: Any, *, what: str) -> float:
    began = time.monotonic()
    eventually(true, seconds=3 * WITHIN, what=what)
    return time.monotonic() - began


def a_killed_loop(folder: Path, chance: random.Random) -> float:
    """Everything that sweeps dies; seconds until a monitor outside hears of it."""
    with watch_running(folder, **IN_THE_LOOP) as loop:
        eventually(lambda: health()[0] == 200, what="a healthy start")
        time.sleep(chance.uniform(0, 1))
        loop.kill()
        return seconds_until(lambda: health() == (503, "sweepers-silent\n"), what="the alarm of silence")


def a_stage_that_nobody_fires(folder: Path, chance: random.Random) -> float:
    """Sweepers run and one stage is stuck; seconds from its moment until monitor and operator hear of it."""

    def alarmed() -> bool:
        return Alarm.objects.filter(name="stage-late", ended_at=None).exists()

    referral_make(county_make(f"County {chance.random()}"), ago=timedelta(minutes=1))
    with watch_running(folder, **IN_THE_LOOP):
        eventually(lambda: health()[0] == 200 and waiting() == 0, what="a healthy start")
        with held(stage_due_in(chance.uniform(0.2, 0.5))):
            took = seconds_until(
                lambda: alarmed() and health() == (503, "stage-late\n"), what="the alarm of lateness"
            )
        eventually(lambda: health()[0] == 200 and waiting() == 0, what="the recovery")
        eventually(lambda: not alarmed(), what="the end of the alarm")
    return took


def trials(folder: Path, *, count: int, seed: int) -> list[float]:
    chance = random.Random(seed)
    kinds = (a_killed_loop, a_stage_that_nobody_fires)
    return [kinds[number % 2](folder / str(number), chance) for number in range(count)]


def test_the_watchman_is_heard_within_three_minutes(tmp_path: Path) -> None:
    assert max(trials(tmp_path, count=3, seed=1)) <= WITHIN


@pytest.mark.proof("watchman")
def test_the_watchman_is_heard_every_time(
    tmp_path: Path, proof_is_full: bool, proof_counts: dict[str, int]
) -> None:
    took = trials(tmp_path, count=50 if proof_is_full else 3, seed=2)
    proof_counts["trials"] = len(took)
    proof_counts["within_180s"] = sum(1 for seconds in took if seconds <= WITHIN)
    proof_counts["slowest_seconds"] = round(max(took) * FASTER)
    assert proof_counts["within_180s"] == len(took)


def test_after_two_hours_of_everything_down_all_that_is_overdue_fires_within_two_minutes(
    tmp_path: Path,
) -> None:
    world = county_make()
    for number in range(20):
        referral_make(world, ago=timedelta(hours=2, minutes=3 * number))
    due = waiting()
    assert due > 200
    began = datetime.now(UTC)
    with worker_running(tmp_path / "worker"), watch_running(tmp_path):
        eventually(lambda: waiting() == 0, seconds=120, what="the sweep of everything overdue")
    with acting_because(WHY):
        fired = list(DeadlineStage.objects.exclude(fired_at=None).values_list("fired_at", "fire_at"))
        told = list(Notice.objects.values_list("subject", "stage", "recipient"))
    assert max(at for at, _ in fired) - began < timedelta(minutes=2)
    assert len(fired) >= due
    assert told and len(set(told)) == len(told)
    connection.close()
