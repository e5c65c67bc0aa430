"""A stage that nobody acknowledges goes one level up, once a level; a word, or the duty done, ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from agencies.choices import Duty, Role
from agencies.models import Notice, OnCallShift
from cseccase.audit.models import AccessEntry
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, RuleBroken
from cseccase.outbox.models import Message
from referrals.deadlines import kinds
from referrals.models import Deadline, DeadlineStage, DutyAcknowledgement
from referrals.services.acknowledgement import duty_acknowledge
from referrals.services.duty import duty_take
from referrals.services.event import event_record
from referrals.services.sweep import stages_fire
from tests.worlds import World, county_make, person_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
LADDER = {"up-2": Duty.SUPERVISOR, "up-3": Duty.DIRECTOR}


@pytest.fixture
def world() -> World:
    world = county_make()
    world.person(Role.ADVOCATE)
    world.person(Role.ADVOCATE, Duty.SUPERVISOR)
    world.person(Role.ADVOCATE, Duty.DIRECTOR)
    world.person(Role.CHILD_WELFARE, Duty.COORDINATOR)
    return world


def duty_of(world: World, *, rule: str = "response-2h", role: Role = Role.ADVOCATE) -> Deadline:
    with acting_because(WHY):
        rows = Deadline.objects.unrestricted(because=WHY).select_related("owed_by", "case_file")
        return rows.get(rule=rule, owed_by__role=role)


def on_call(world: World, person: object, *, is_backup: bool = False) -> OnCallShift:
    now = datetime.now(UTC)
    return OnCallShift.objects.create(
        agency=world.agencies["ADV"],
        person=person,
        is_backup=is_backup,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=7),
        written_at=now,
    )


def told(duty: Deadline) -> dict[str, set[str]]:
    """Who was told at each stage, by name."""
    with acting_because(WHY):
        found: dict[str, set[str]] = {}
        for row in Notice.objects.filter(subject=duty.pk).select_related("recipient"):
            found.setdefault(row.stage, set()).add(row.recipient.full_name)
        return found


def steps(duty: Deadline) -> dict[str, str]:
    """Each step of the ladder and whether it waits, has fired or was called off."""
    with acting_because(WHY):
        rows = DeadlineStage.objects.filter(deadline=duty, name__startswith="up-")
        return {
            row.name: "fired" if row.fired_at else "called off" if row.cancelled_at else "waits"
            for row in rows
        }


def due_now(duty: Deadline, name: str) -> None:
    with acting_because(WHY):
        DeadlineStage.objects.filter(deadline=duty, name=name, fired_at=None).update(
            fire_at=datetime.now(UTC) - timedelta(seconds=5)
        )


def fire(duty: Deadline, name: str) -> None:
    due_now(duty, name)
    stages_fire(now=datetime.now(UTC))


def acknowledge(viewer: Viewer, duty: Deadline) -> int:
    with viewing_as(viewer):
        return duty_acknowledge(viewer=viewer, deadline=duty, now=datetime.now(UTC))


def test_the_first_notice_of_a_duty_due_now_reaches_who_is_on_call_and_nobody_else(world: World) -> None:
    person = person_make(world.agencies["ADV"], Duty.LINE_WORKER, name="Night Worker")
    on_call(world, person)
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    assert told(duty_of(world)) == {"started": {"Night Worker"}}


def test_somebody_on_call_who_has_left_is_not_relied_on(world: World) -> None:
    gone = person_make(world.agencies["ADV"], Duty.LINE_WORKER, name="Gone")
    backup = person_make(world.agencies["ADV"], Duty.LINE_WORKER, name="Backup")
    on_call(world, gone)
    on_call(world, backup, is_backup=True)
    gone.is_active = False
    gone.save()
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    assert told(duty_of(world)) == {"started": {"Backup"}}


def test_what_nobody_acknowledges_climbs_step_by_step_and_each_step_once(world: World) -> None:
    on_call(world, world.person(Role.ADVOCATE))
    referral_make(world, ago=timedelta(minutes=5))
    now = datetime.now(UTC)
    stages_fire(now=now)
    duty = duty_of(world)
    assert steps(duty) == {"up-2": "waits"}
    with acting_because(WHY):
        climbs_at = DeadlineStage.objects.get(deadline=duty, name="up-2").fire_at
        assert timedelta(0) <= climbs_at - now - timedelta(minutes=15) < timedelta(minutes=1)
    for step, who in LADDER.items():
        fire(duty, step)
        assert told(duty)[step] == {world.person(Role.ADVOCATE, who).full_name}
        stages_fire(now=datetime.now(UTC))
    assert steps(duty) == {"up-2": "fired", "up-3": "fired", "up-4": "waits"}
    fire(duty, "up-4")
    assert told(duty)["up-4"] == {world.person(Role.CHILD_WELFARE, Duty.COORDINATOR).full_name}
    assert set(steps(duty).values()) == {"fired"}
    assert set(steps(duty)) == {"up-2", "up-3", "up-4"}


def test_an_agency_without_a_director_passes_a_step_on_upwards(world: World) -> None:
    director = world.person(Role.ADVOCATE, Duty.DIRECTOR)
    director.is_active = False
    director.save()
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    duty = duty_of(world)
    fire(duty, "up-2")
    fire(duty, "up-3")
    assert told(duty)["up-3"] == {world.person(Role.CHILD_WELFARE, Duty.COORDINATOR).full_name}


def test_a_word_from_whom_it_reached_ends_the_climb_and_the_next_stage_asks_again(world: World) -> None:
    on_call(world, world.person(Role.ADVOCATE))
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    duty = duty_of(world)
    worker = world.viewer(Role.ADVOCATE)
    assert acknowledge(worker, duty) == 1
    assert acknowledge(worker, duty) == 0
    assert steps(duty) == {"up-2": "called off"}
    fire(duty, "up-2")
    assert "up-2" not in told(duty)
    fire(duty, "due")
    assert steps(duty) == {"up-2": "called off", "up-3": "waits"}
    with acting_because(WHY):
        said = DutyAcknowledgement.objects.unrestricted(because=WHY).filter(deadline=duty)
        assert [(one.stage, one.acknowledged_by_id) for one in said] == [("started", worker.person)]
        entries = AccessEntry.objects.filter(verb="duty.acknowledged", subject=duty.pk)
        assert [entry.facts for entry in entries] == [{"stages": ["started"]}]


def test_a_word_that_comes_while_a_step_is_firing_still_holds_it_back(world: World) -> None:
    on_call(world, world.person(Role.ADVOCATE))
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    duty = duty_of(world)
    acknowledge(world.viewer(Role.ADVOCATE), duty)
    with acting_because(WHY):  # the row as a sweeper would have made it in the same moment
        DeadlineStage.objects.filter(deadline=duty, name="up-2").update(cancelled_at=None)
    fire(duty, "up-2")
    assert "up-2" not in told(duty)
    assert steps(duty) == {"up-2": "called off"}


def test_taking_a_duty_on_is_a_word_too(world: World) -> None:
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    duty, worker = duty_of(world), world.viewer(Role.ADVOCATE)
    with viewing_as(worker):
        duty_take(viewer=worker, deadline=duty, now=datetime.now(UTC))
    assert steps(duty) == {"up-2": "called off"}


def test_a_duty_that_is_done_calls_its_ladder_off_and_takes_no_word(world: World) -> None:
    referral = referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    worker, now = world.viewer(Role.ADVOCATE), datetime.now(UTC)
    with viewing_as(worker):
        event_record(
            viewer=worker,
            case_file=referral.case_file,
            kind=kinds.RESPONDER_ARRIVED,
            occurred_at=now,
            now=now,
        )
    duty = duty_of(world)
    assert set(steps(duty).values()) == {"called off"}
    with pytest.raises(RuleBroken, match="closed already"):
        acknowledge(worker, duty)


def test_only_the_owing_agency_or_whoever_was_called_may_say_it(world: World) -> None:
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    duty = duty_of(world)
    coordinator = world.viewer(Role.CHILD_WELFARE, Duty.COORDINATOR)
    with pytest.raises(NotAllowed, match="not called"):
        acknowledge(coordinator, duty)
    for step in ("up-2", "up-3", "up-4"):
        fire(duty, step)
    assert acknowledge(coordinator, duty) == 1


def test_a_late_entry_climbs_from_the_highest_stage_that_came(world: World) -> None:
    referral_make(world, ago=timedelta(hours=3))
    stages_fire(now=datetime.now(UTC))
    duty = duty_of(world)
    assert {"started", "warning", "due", "breached", "still"} == set(told(duty))
    assert steps(duty) == {"up-4": "waits"}


def test_what_is_still_not_done_is_told_again_in_growing_gaps(world: World) -> None:
    referral_make(world, ago=timedelta(hours=3))
    stages_fire(now=datetime.now(UTC))
    duty = duty_of(world)
    with acting_because(WHY):
        following = DeadlineStage.objects.get(deadline=duty, name__startswith="still-")
        assert following.name == "still-2"
        assert following.fire_at == duty.due_at + timedelta(minutes=90)
    fire(duty, "still-2")
    assert told(duty)["still-2"] == told(duty)["still"]
    with acting_because(WHY):
        assert DeadlineStage.objects.filter(deadline=duty, name="still-3", fired_at=None).exists()


def test_quiet_notices_come_at_once_and_their_mail_once_in_the_morning(world: World) -> None:
    world.person(Role.CHILD_WELFARE)
    for _ in range(2):  # each brings duties that are owed in days
        referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    worker = world.person(Role.CHILD_WELFARE)
    with acting_because(WHY):
        digests = Message.objects.filter(key__startswith="digest:", recipient=worker)
        assert digests.count() == 1
        morning = digests.get().next_try_at
        assert morning > datetime.now(UTC)
        assert morning.astimezone(ZoneInfo(world.county.zone)).strftime("%H:%M") == "07:00"
        quiet = Deadline.objects.unrestricted(because=WHY).filter(rule="support-72h")
        assert Notice.objects.filter(subject__in=list(quiet.values_list("pk", flat=True))).count() >= 2


def test_two_people_are_never_first_on_call_at_once(world: World) -> None:
    first, second = (
        world.person(Role.ADVOCATE),
        person_make(world.agencies["ADV"], Duty.LINE_WORKER, name="Second"),
    )
    on_call(world, first)
    with pytest.raises(IntegrityError, match="one_first_and_one_backup"), transaction.atomic():
        on_call(world, second)
    with pytest.raises(IntegrityError, match="own_backup"), transaction.atomic():
        on_call(world, first, is_backup=True)
    on_call(world, second, is_backup=True)
