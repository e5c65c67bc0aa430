"""Workers are killed and Redis forgets everything while clocks start and stop: nothing is lost, nothing told twice.

Short form in every run; `manage.py test --proof storm [--full]` for more kills. The checker reads the database alone.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agencies.choices import Duty, Role
from agencies.models import Notice
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.outbox.models import Message
from referrals.deadlines import kinds
from referrals.models import CaseFile, Deadline, DeadlineStage
from referrals.services.event import event_record
from tests.workers import broker_flush, eventually, worker_running
from tests.worlds import World, county_make, referral_make

WHY = "test"


def staffed() -> World:
    world = county_make()
    for role in (Role.CHILD_WELFARE, Role.PROBATION, Role.ADVOCATE, Role.PUBLIC_HEALTH):
        world.person(role)
        world.person(role, Duty.SUPERVISOR)
    world.person(Role.CHILD_WELFARE, Duty.COORDINATOR)
    return world


def arrive(world: World, case_file_id: object) -> None:
    """The advocate arrives; its two-hour clock stops."""
    viewer = world.viewer(Role.ADVOCATE)
    now = datetime.now(UTC)
    with viewing_as(viewer):
        case_file = CaseFile.objects.visible_to(viewer).get(pk=case_file_id)
        event_record(
            viewer=viewer, case_file=case_file, kind=kinds.RESPONDER_ARRIVED, occurred_at=now, now=now
        )


def waiting() -> int:
    with acting_because(WHY):
        return DeadlineStage.objects.filter(
            fired_at=None, cancelled_at=None, fire_at__lte=datetime.now(UTC)
        ).count()


def verdict() -> dict[str, int]:
    """Counts what must be zero: stages lost, notices doubled, notices after a lawful stop, notices without a letter."""
    with acting_because(WHY):
        rows = {row.pk: row for row in Deadline.objects.unrestricted(because=WHY)}
        notices = list(Notice.objects.values_list("subject", "stage", "recipient", "created_at"))
        letters = set(Message.objects.values_list("key", flat=True))
        digests = {key.split(":")[1] for key in letters if key.startswith("digest:")}
        ends = {  # when each clock's end was recorded
            row.pk: row.met_at for row in rows.values() if row.met_at is not None
        }
        stages = list(DeadlineStage.objects.exclude(fired_at=None).values_list("deadline", "name"))
    doubled = sum(count - 1 for count in Counter(n[:3] for n in notices).values())
    told = {(subject, stage) for subject, stage, _, _ in notices}
    return {
        "lost": waiting() + sum(1 for stage in stages if stage not in told and stage[0] not in ends),
        "doubled": doubled,
        "after stop": sum(1 for subject, _, _, at in notices if subject in ends and at > ends[subject]),
        "without letter": sum(
            1
            for subject, stage, person, _ in notices
            if f"{subject}:{stage}:{person}" not in letters
            and not (stage in {"started", "half"} and str(person) in digests)
        ),
        "notices": len(notices),
    }


def storm(folder: Path, *, kills: int, seed: int) -> dict[str, int]:
    world, chance = staffed(), random.Random(seed)
    for number in range(kills):
        with worker_running(folder / str(number)) as worker:
            referral = referral_make(world, ago=timedelta(hours=chance.choice([1, 3, 30])))
            if chance.random() < 0.5:
                arrive(world, referral.case_file_id)
            time.sleep(chance.uniform(1.0, 5.0))
            worker.kill()
        if chance.random() < 0.5:
            broker_flush()
    with worker_running(folder / "last"):
        eventually(lambda: waiting() == 0, seconds=90, what="the sweep of everything due")
        time.sleep(1.5)
    return verdict()


@pytest.mark.django_db(transaction=True)
def test_killed_workers_and_a_forgetful_redis_lose_and_double_nothing(tmp_path: Path) -> None:
    found = storm(tmp_path, kills=3, seed=7)
    assert found["notices"] > 0
    assert {name: count for name, count in found.items() if count and name != "notices"} == {}


@pytest.mark.proof("storm")
@pytest.mark.django_db(transaction=True)
def test_a_long_storm(tmp_path: Path) -> None:
    kills = 200 if os.environ.get("PROOF_FULL") else 20
    found = storm(tmp_path, kills=kills, seed=11)
    print(f"kills {kills}, notices {found['notices']}, lost {found['lost']}, doubled {found['doubled']}")
    assert {name: count for name, count in found.items() if count and name != "notices"} == {}
