"""A meeting counts as held only when its record is whole, and only once; then the team's clocks move."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import RuleBroken
from mdt.choices import Attendance, Briefing, Kind, Mode, Participation, State, Wish
from mdt.models import Meeting
from mdt.selectors.meeting import meeting_found, seats_of
from mdt.services.child import child_record
from mdt.services.meeting import meeting_hold
from referrals.deadlines import kinds, rules
from referrals.models import CaseEvent, Deadline
from tests.mdt.meetings import answers, case_make, held_said, hold, meeting_make, now_, ready, seat
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
CW = Role.CHILD_WELFARE
AFAR = {"mode": Mode.VIDEO, "not_in_person_reason": "The road is closed."}


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def meeting(world: World) -> Meeting:
    return meeting_make(world)


def clock(meeting: Meeting, rule: str) -> Deadline | None:
    with acting_because("look at the clocks"):
        return (
            Deadline.objects.unrestricted(because="test")
            .filter(case_file=meeting.case_file, rule=rule)
            .first()
        )


def test_the_first_meeting_stops_the_ten_day_clock_and_starts_the_monthly_one(
    world: World, meeting: Meeting
) -> None:
    before = clock(meeting, rules.FIRST_TEAM)
    assert before is not None and before.met_at is None and clock(meeting, rules.NEXT_TEAM) is None
    ready(world, meeting)
    held = hold(world, meeting)
    first, monthly = clock(meeting, rules.FIRST_TEAM), clock(meeting, rules.NEXT_TEAM)
    assert held.state == State.HELD
    assert first is not None and first.met_at == held.held_at
    assert monthly is not None and monthly.started_at == held.held_at and monthly.met_at is None


def test_a_second_meeting_meets_the_monthly_clock_of_the_first(world: World, meeting: Meeting) -> None:
    ready(world, meeting)
    hold(world, meeting, held_at=meeting.case_file.opened_at - timedelta(minutes=5))
    after = meeting_make(world, meeting.case_file, kind=Kind.ONGOING)
    ready(world, after)
    second = hold(world, after)
    with acting_because("look at the clocks"):
        rows = Deadline.objects.unrestricted(because="test").filter(
            case_file=meeting.case_file, rule=rules.NEXT_TEAM
        )
        assert [row.met_at for row in rows.order_by("started_at")] == [second.held_at, None]


def test_the_event_names_the_meeting_and_its_tier_and_nothing_else(world: World, meeting: Meeting) -> None:
    ready(world, meeting)
    hold(world, meeting)
    with acting_because("look at the chronology"):
        event = CaseEvent.objects.unrestricted(because="test").get(
            case_file=meeting.case_file, kind=kinds.MEETING_HELD
        )
    assert event.facts == {"meeting": str(meeting.pk), "tier": "initial", "mode": "in_person"}
    assert event.note == ""


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"wish": Wish.NOT_ASKED}, "when asked about coming"),
        ({"part": Participation.NOT_RECORDED}, "how the child took part"),
        ({"briefing": Briefing.NOT_RECORDED, "briefed_at": None}, "explanation was read"),
    ],
)
def test_what_is_not_recorded_of_the_child_keeps_a_meeting_from_being_held(
    world: World, meeting: Meeting, said: dict[str, object], missing: str
) -> None:
    ready(world, meeting, **said)
    with pytest.raises(RuleBroken, match=missing):
        hold(world, meeting)
    assert clock(meeting, rules.NEXT_TEAM) is None
    ready(world, meeting)
    assert hold(world, meeting).state == State.HELD


def test_a_child_who_stayed_away_and_a_reading_left_out_are_reasons_given_not_gaps(
    world: World, meeting: Meeting
) -> None:
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        for said, field in (
            ({"part": Participation.NO}, "part_note"),
            ({"briefing": Briefing.NOT_READ}, "briefing_note"),
            ({"briefed_at": None}, "briefed_at"),
            ({"briefed_at": now_() + timedelta(hours=1)}, "briefed_at"),
            ({"briefing_version": " "}, "briefing_version"),
        ):
            with pytest.raises(RuleBroken) as refused:
                child_record(viewer=viewer, meeting_id=meeting.pk, said=answers(**said), now=now_())
            assert refused.value.field == field
    ready(
        world,
        meeting,
        wish=Wish.NOT_NOW,
        part=Participation.NO,
        part_note="Chose to rest; wrote a note that was read out.",
        briefing=Briefing.NOT_READ,
        briefing_note="The child was asleep.",
    )
    assert hold(world, meeting).briefed_by is None


def test_from_afar_nothing_is_held_until_a_named_member_is_with_the_child(world: World) -> None:
    meeting = meeting_make(world, **AFAR)
    ready(world, meeting)
    with pytest.raises(RuleBroken, match="member who is with the child"):
        hold(world, meeting)
    with pytest.raises(RuleBroken, match="must hold a seat"):
        ready(world, meeting, person_with_child=world.person(Role.EDUCATION).pk)
    ready(world, meeting, person_with_child=world.person(Role.MENTAL_HEALTH).pk)
    assert hold(world, meeting).person_with_child == world.person(Role.MENTAL_HEALTH)


def test_a_member_with_the_child_whose_seat_was_taken_back_no_longer_counts(world: World) -> None:
    from mdt.services.seats import seat_remove

    meeting = meeting_make(world, **AFAR)
    ready(world, meeting, person_with_child=world.person(Role.MENTAL_HEALTH).pk)
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        seat_remove(viewer=viewer, meeting_id=meeting.pk, agency_id=world.agencies["MH"].pk, now=now_())
    with pytest.raises(RuleBroken, match="hold a seat"):
        hold(world, meeting)


def test_the_database_itself_refuses_a_held_meeting_from_afar_without_anybody_beside_the_child(
    world: World,
) -> None:
    from django.db import IntegrityError

    meeting = meeting_make(world, **AFAR)
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        found = meeting_found(viewer=viewer, meeting_id=meeting.pk)
        found.state, found.held_at = State.HELD, now_()
    with pytest.raises(IntegrityError, match="somebody_with_the_child"), viewing_as(viewer):
        found.save()


def test_every_seat_is_accounted_for_and_nobody_nameless_attends(world: World) -> None:
    meeting = meeting_make(
        world,
        seats=[
            seat(world, CW),
            seat(world, Role.MENTAL_HEALTH),
            seat(world, Role.PUBLIC_HEALTH, named=False),
        ],
    )
    ready(world, meeting)
    health, everybody = world.agencies["PH"].pk, held_said(world, meeting).attendance
    with pytest.raises(RuleBroken, match="Say whether") as refused:
        hold(world, meeting, attendance={k: v for k, v in everybody.items() if k != health})
    assert refused.value.field == f"seat_{health}"
    with pytest.raises(RuleBroken, match="Nobody is named"):
        hold(world, meeting)
    assert hold(world, meeting, attendance={**everybody, health: Attendance.ABSENT}).state == State.HELD


def test_a_training_that_ran_out_by_then_keeps_a_person_from_having_attended(
    world: World, meeting: Meeting
) -> None:
    from agencies.models import Training

    ready(world, meeting)
    Training.objects.filter(person=world.person(Role.MENTAL_HEALTH), course="csec_102").update(
        expires_on=now_().date() - timedelta(days=2)
    )
    with pytest.raises(RuleBroken, match="CSEC 102 not recorded"):
        hold(world, meeting)


def test_one_member_alone_and_a_meeting_without_its_lead_are_no_team(world: World, meeting: Meeting) -> None:
    ready(world, meeting)
    lead, other = world.agencies["CW"].pk, world.agencies["PO"].pk
    everybody = held_said(world, meeting).attendance
    absent = dict.fromkeys(everybody, Attendance.ABSENT)
    with pytest.raises(RuleBroken, match="no team"):
        hold(world, meeting, attendance={**absent, lead: Attendance.HERE})
    with pytest.raises(RuleBroken, match="leads the meeting"):
        hold(world, meeting, attendance={**everybody, lead: Attendance.ABSENT})
    assert hold(world, meeting, attendance={**absent, lead: Attendance.HERE, other: Attendance.PHONE})


@pytest.mark.parametrize(
    ("shift", "field"), [(timedelta(minutes=1), "held_at"), (timedelta(days=-400), "held_at")]
)
def test_a_meeting_is_not_held_ahead_of_time_nor_before_the_case(
    world: World, meeting: Meeting, shift: timedelta, field: str
) -> None:
    ready(world, meeting)
    with pytest.raises(RuleBroken) as refused:
        hold(world, meeting, held_at=now_() + shift)
    assert refused.value.field == field


def test_a_held_meeting_is_not_held_moved_or_cancelled_again(world: World, meeting: Meeting) -> None:
    ready(world, meeting)
    hold(world, meeting)
    with pytest.raises(RuleBroken, match="held already"):
        hold(world, meeting)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_close_a_meeting_at_once_one_wins() -> None:
    world = county_make()
    meeting = meeting_make(world, case_make(world))
    ready(world, meeting)
    said, viewer, together = held_said(world, meeting), world.viewer(CW), Barrier(2)

    def close() -> str:
        try:
            together.wait(timeout=20)
            with viewing_as(viewer):
                meeting_hold(viewer=viewer, meeting_id=meeting.pk, said=said, now=now_())
        except RuleBroken as refused:
            return str(refused)
        finally:
            connection.close()
        return "held"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(task.result(timeout=60) for task in [pool.submit(close), pool.submit(close)])
    assert ends[1] == "held" and "held already" in ends[0]
    with viewing_as(viewer):
        assert {row.attendance for row in seats_of(viewer=viewer, meeting=meeting)} == {Attendance.HERE}
    with acting_because("look at the chronology"):
        events = CaseEvent.objects.unrestricted(because="test").filter(kind=kinds.MEETING_HELD)
        assert events.count() == 1
