"""Every stage that e-mails a person goes to their number and devices too, in the same transaction; the digest does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from agencies.choices import Duty, Role
from agencies.models import Person, PushDevice, TextNumber
from cseccase.confidentiality.context import acting_because
from cseccase.outbox import services
from cseccase.outbox.models import Channel, Message
from referrals.models import DeadlineStage
from referrals.services.sweep import stages_fire
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"


@pytest.fixture
def world() -> World:
    world = county_make()
    for duty in (Duty.LINE_WORKER, Duty.SUPERVISOR):
        world.person(Role.CHILD_WELFARE, duty)
        chooses(world.person(Role.ADVOCATE, duty))
    return world


def chooses(person: Person) -> None:
    now = datetime.now(UTC)
    with acting_because(WHY):
        TextNumber.objects.create(
            person=person, number="+15553100142", written_at=now, code_until=now, confirmed_at=now
        )
        for name in ("telephone", "desk"):
            PushDevice.objects.create(
                person=person,
                name=name,
                subscription={"endpoint": "https://push.example", "p256dh": "x", "auth": "x"},
                fingerprint=f"{name} of {person.pk}",
                added_at=now,
            )


def keys(channel: Channel, recipient: UUID) -> list[str]:
    with acting_because(WHY):
        rows = Message.objects.filter(channel=channel, recipient=recipient)
        return sorted(rows.values_list("key", flat=True))


def told_alike(person: Person) -> int:
    """How many e-mails a person has, each checked to have gone the other ways too."""
    by_email = keys(Channel.EMAIL, person.pk)
    loud = [key for key in by_email if not key.startswith("digest:")]
    texts, pushes = keys(Channel.TEXT, person.pk), keys(Channel.PUSH, person.pk)
    assert [key.split(":text:")[0] for key in texts] == loud
    assert [key.split(":push:")[0] for key in pushes] == sorted(loud * 2)
    return len(loud)


def test_from_the_first_stage_up_the_ladder_each_call_goes_once_by_every_chosen_way(world: World) -> None:
    worker, supervisor = (world.person(Role.ADVOCATE, duty) for duty in (Duty.LINE_WORKER, Duty.SUPERVISOR))
    referral_make(world, ago=timedelta(hours=3))
    stages_fire(now=datetime.now(UTC))
    first = told_alike(supervisor)
    assert told_alike(worker) > 0 and first > 0
    with acting_because(WHY):
        steps = DeadlineStage.objects.filter(name__startswith="up-", fired_at=None, cancelled_at=None)
        assert steps.update(fire_at=datetime.now(UTC) - timedelta(seconds=5)) > 0
    stages_fire(now=datetime.now(UTC))
    assert told_alike(supervisor) > first
    assert stages_fire(now=datetime.now(UTC)) == 0
    told_alike(worker), told_alike(supervisor)


def test_who_chose_nothing_is_told_by_e_mail_and_the_digest_is_an_e_mail_only(world: World) -> None:
    worker = world.person(Role.CHILD_WELFARE)
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    assert keys(Channel.EMAIL, worker.pk) and not keys(Channel.TEXT, worker.pk)
    chooses(worker)
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    assert any(key.startswith("digest:") for key in keys(Channel.EMAIL, worker.pk))
    texts = keys(Channel.TEXT, worker.pk)
    assert texts and not any(key.startswith("digest:") for key in texts)


def test_a_stage_whose_transaction_fails_leaves_no_message_by_any_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral_make(world, ago=timedelta(hours=1))
    written = services.messages_write

    def fails(*args: object, **kwargs: object) -> None:
        written(*args, **kwargs)  # type: ignore[arg-type]
        raise RuntimeError

    monkeypatch.setattr("referrals.services.calling.messages_write", fails)
    stages_fire(now=datetime.now(UTC))
    worker = world.person(Role.ADVOCATE).pk
    assert [keys(channel, worker) for channel in Channel] == [[], [], []]
    monkeypatch.undo()
    stages_fire(now=datetime.now(UTC))
    assert all(keys(channel, worker) for channel in Channel)
