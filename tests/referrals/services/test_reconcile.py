"""Each promise about deadlines is broken by hand once: the reconciler says which, and puts right what it may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agencies.choices import Duty, Role
from agencies.models import Notice
from cseccase.confidentiality.context import acting_because
from cseccase.outbox.models import Alarm, Message
from cseccase.outbox.services import messages_relay
from referrals.models import Deadline, DeadlineStage, Heartbeat
from referrals.services.reconcile import deadlines_reconcile
from referrals.services.sweep import stages_fire
from referrals.services.watchmen import AlarmName, deadlines_trouble
from tests.worlds import World, county_make, referral_make

WHY = "test"


def now_() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def world(db: None) -> World:
    """A county where three hours ago a child was referred, and everybody has been told what fell due since."""
    world = county_make()
    for role in (Role.CHILD_WELFARE, Role.PROBATION, Role.ADVOCATE, Role.PUBLIC_HEALTH):
        world.person(role)
        world.person(role, Duty.SUPERVISOR)
    referral_make(world, ago=timedelta(hours=3))
    stages_fire(now=now_())
    return world


def waiting_stage() -> DeadlineStage:
    return DeadlineStage.objects.filter(fired_at=None, cancelled_at=None).latest("fire_at")


def rows() -> Any:
    return Deadline.objects.unrestricted(because=WHY)


def a_stage_becomes_late() -> None:
    DeadlineStage.objects.filter(pk=waiting_stage().pk).update(fire_at=now_() - timedelta(minutes=3))


def every_sweeper_falls_silent() -> None:
    Heartbeat.objects.update(beat_at=now_() - timedelta(seconds=95))


def a_driver_is_gone() -> None:
    Heartbeat.objects.create(name="sweeper on its own", beat_at=now_() - timedelta(minutes=10))


def a_clock_is_off() -> None:
    stages_fire(now=now_() - timedelta(seconds=5))


def the_stages_of_an_open_duty_vanish() -> None:
    duty = rows().filter(met_at=None, dropped_by=None).latest("due_at")
    DeadlineStage.objects.filter(deadline=duty, fired_at=None).delete()


def a_stage_fires_before_its_moment() -> None:
    stage = DeadlineStage.objects.exclude(fired_at=None).earliest("fire_at")
    DeadlineStage.objects.filter(pk=stage.pk).update(fire_at=now_() + timedelta(minutes=1))


def a_stage_is_told_to_nobody() -> None:
    stage = waiting_stage()
    DeadlineStage.objects.create(
        deadline_id=stage.deadline_id, name="ghost", fire_at=now_() - timedelta(hours=1), fired_at=now_()
    )


def somebody_is_told_too_soon() -> None:
    stage = waiting_stage()
    told = Notice.objects.earliest("created_at").recipient
    notice = Notice.objects.create(
        recipient=told, about="deadline", subject=stage.deadline_id, stage=stage.name, created_at=now_()
    )
    Message.objects.create(
        key=f"{notice.subject}:{notice.stage}:{told.pk}", recipient=told, template="duty", state="sent",
        created_at=now_(), next_try_at=now_(), sent_at=now_(),
    )  # fmt: skip


def a_message_vanishes() -> None:
    at_once = Message.objects.exclude(key__startswith="digest:")
    at_once.filter(pk=at_once.earliest("created_at").pk).delete()


def a_relay_dies_with_a_message_in_its_hands() -> None:
    Message.objects.filter(pk=Message.objects.earliest("created_at").pk).update(
        state="leased", lease_until=now_() - timedelta(minutes=4)
    )


def no_relay_runs() -> None:
    Message.objects.update(next_try_at=now_() - timedelta(minutes=6))


def a_message_is_given_up() -> None:
    Message.objects.filter(pk=Message.objects.earliest("created_at").pk).update(state="failed")


def a_limit_is_moved_by_hand() -> None:
    duty = rows().filter(met_at=None, dropped_by=None).latest("due_at")
    duty.due_at -= timedelta(minutes=30)
    duty.save()


BROKEN: dict[AlarmName, Callable[[], None]] = {
    AlarmName.STAGE_LATE: a_stage_becomes_late,
    AlarmName.SWEEPERS_SILENT: every_sweeper_falls_silent,
    AlarmName.DRIVER_SILENT: a_driver_is_gone,
    AlarmName.CLOCK_SKEW: a_clock_is_off,
    AlarmName.STAGES_MISSING: the_stages_of_an_open_duty_vanish,
    AlarmName.STAGE_FIRED_EARLY: a_stage_fires_before_its_moment,
    AlarmName.STAGE_TOLD_NOBODY: a_stage_is_told_to_nobody,
    AlarmName.NOTICE_TOO_SOON: somebody_is_told_too_soon,
    AlarmName.NOTICE_WITHOUT_MESSAGE: a_message_vanishes,
    AlarmName.MESSAGE_LEASED_LONG: a_relay_dies_with_a_message_in_its_hands,
    AlarmName.MESSAGES_WAIT: no_relay_runs,
    AlarmName.MESSAGE_FAILED: a_message_is_given_up,
    AlarmName.DEADLINE_DIFFERS: a_limit_is_moved_by_hand,
}
MENDED = {AlarmName.STAGES_MISSING, AlarmName.NOTICE_WITHOUT_MESSAGE}


def test_every_alarm_is_tried() -> None:
    assert BROKEN.keys() | {AlarmName.RECONCILER_SILENT} == set(AlarmName)


@pytest.mark.usefixtures("world")
def test_the_monitor_outside_hears_when_nobody_looks_any_more() -> None:
    deadlines_reconcile(now=now_())
    assert deadlines_trouble() == []
    looked = Heartbeat.objects.filter(name="reconciler")
    looked.update(beat_at=now_() - 5 * timedelta(seconds=90) - timedelta(seconds=1))
    assert deadlines_trouble() == [AlarmName.RECONCILER_SILENT]
    deadlines_reconcile(now=now_())
    assert deadlines_trouble() == []


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_named_and_no_other(name: AlarmName) -> None:
    assert deadlines_reconcile(now=now_()) == []
    with acting_because(WHY):
        BROKEN[name]()
    assert deadlines_reconcile(now=now_(), cases=50) == [name]
    assert [row.name for row in Alarm.objects.filter(ended_at=None)] == [name]
    again = deadlines_reconcile(now=now_(), cases=50)
    assert again == ([] if name in MENDED else [name])
    assert Alarm.objects.filter(ended_at=None).count() == len(again)
    assert Alarm.objects.count() == 1


@pytest.mark.usefixtures("world")
def test_mended_stages_are_those_the_duty_began_with() -> None:
    with acting_because(WHY):
        duty = rows().filter(met_at=None, dropped_by=None).latest("due_at")
        stages = DeadlineStage.objects.filter(deadline=duty)
        before = set(stages.values_list("name", "fire_at"))
        stages.filter(fired_at=None).delete()
    deadlines_reconcile(now=now_())
    with acting_because(WHY):
        assert set(stages.values_list("name", "fire_at")) == before


@pytest.mark.usefixtures("world")
def test_a_new_alarm_goes_once_to_whoever_runs_the_product_and_says_nothing_but_its_name(
    settings: Any, mailoutbox: list[Any]
) -> None:
    settings.ALARM_EMAILS = ["ops@county.example", "night@county.example"]
    with acting_because(WHY):
        Message.objects.update(state="sent", sent_at=now_())
        a_limit_is_moved_by_hand()
    for _ in range(3):
        deadlines_reconcile(now=now_())
    assert messages_relay(now=now_() + timedelta(seconds=1)) == 2
    assert sorted(letter.to for letter in mailoutbox) == [["night@county.example"], ["ops@county.example"]]
    for letter in mailoutbox:
        assert "\ndeadline-differs\n" in letter.body
        assert "Marker" not in letter.message().as_string()


@pytest.mark.usefixtures("world")
def test_the_replay_goes_through_all_cases_and_begins_again(world: World) -> None:
    for _ in range(4):
        referral_make(world, ago=timedelta(hours=1))
    stages_fire(now=now_())
    cursors = []
    for _ in range(4):
        assert deadlines_reconcile(now=now_(), cases=2) == []
        cursors.append(Heartbeat.objects.get(name="reconciler").cursor)
    assert cursors[2] is None and cursors[0] == cursors[3] != cursors[1]
