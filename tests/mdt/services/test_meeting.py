"""Planning a team meeting: who calls it, who may sit there, and that a seat opens exactly what the rule says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agencies.choices import Course, Duty, Role
from agencies.models import Notice
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from cseccase.outbox.models import Message
from mdt.choices import Kind, Mode, Reply, State
from mdt.models import AgendaItem, Meeting, Seat
from mdt.selectors.candidates import obstacles
from mdt.selectors.meeting import meeting_found, meeting_list, seats_of
from mdt.services.meeting import meeting_cancel, meeting_move, meeting_schedule
from mdt.services.seats import SeatSaid, seat_answer, seat_give, seat_remove
from referrals.models import Child
from tests.mdt.meetings import STATUTORY, case_make, meeting_make, now_, said, seat
from tests.worlds import World, county_make, person_make

pytestmark = pytest.mark.django_db
CW = Role.CHILD_WELFARE
REASON = "The school sees the child every day."


@pytest.fixture
def world() -> World:
    return county_make()


def sees(world: World, role: Role, meeting: Meeting) -> bool:
    """Whether somebody of this role reaches the meeting, its agenda and its seats; all or nothing."""
    viewer = world.viewer(role)
    with viewing_as(viewer):
        answers = {
            Meeting.objects.visible_to(viewer).filter(pk=meeting.pk).exists(),
            AgendaItem.objects.visible_to(viewer).filter(meeting=meeting).exists(),
            Seat.objects.visible_to(viewer).filter(meeting=meeting).exists(),
        }
        try:
            answers.add(bool(meeting_found(viewer=viewer, meeting_id=meeting.pk)))
        except NotVisible:
            answers.add(False)
    assert len(answers) == 1, "the doors disagree"
    return answers.pop()


def test_a_meeting_is_open_to_every_seated_agency_and_to_nobody_else(world: World) -> None:
    meeting = meeting_make(world)
    assert {role for role in Role if sees(world, role, meeting)} == set(STATUTORY)


@pytest.mark.parametrize("role", [role for role in Role if role not in STATUTORY])
def test_a_member_beyond_the_laws_needs_a_written_reason_and_then_sees_this_meeting(
    world: World, role: Role
) -> None:
    case_file = case_make(world)
    other = meeting_make(world, case_file)
    if role in {Role.JUVENILE_COURT, Role.COUNTY_COUNSEL, Role.STEERING_COMMITTEE}:
        with pytest.raises(RuleBroken, match="no seat in teams"):
            meeting_make(world, case_file, [seat(world, role, reason=REASON)])
        return
    with pytest.raises(RuleBroken, match="in writing") as refused:
        meeting_make(world, case_file, [seat(world, role, reason="  ")])
    assert refused.value.field == f"why_{world.agencies[role.value].pk}"
    meeting = meeting_make(world, case_file, [seat(world, role, reason=REASON)])
    assert sees(world, role, meeting)
    assert not sees(world, role, other), "a seat opens the minutes of its own meeting only"


def test_a_seat_taken_back_closes_the_meeting_at_once_and_given_again_opens_it(world: World) -> None:
    meeting = meeting_make(world)
    viewer, agency = world.viewer(CW), world.agencies["MH"].pk
    with viewing_as(viewer):
        seat_remove(viewer=viewer, meeting_id=meeting.pk, agency_id=agency, now=now_())
        assert agency not in {row.agency_id for row in seats_of(viewer=viewer, meeting=meeting)}
    assert not sees(world, Role.MENTAL_HEALTH, meeting)
    with viewing_as(viewer):
        seat_give(viewer=viewer, meeting_id=meeting.pk, said=seat(world, Role.MENTAL_HEALTH), now=now_())
    assert sees(world, Role.MENTAL_HEALTH, meeting)


def test_child_welfare_and_the_lead_keep_their_seats(world: World) -> None:
    meeting = meeting_make(world)
    viewer = world.viewer(CW)
    with viewing_as(viewer), pytest.raises(RuleBroken, match="keep their seats"):
        seat_remove(viewer=viewer, meeting_id=meeting.pk, agency_id=viewer.agency, now=now_())


def test_at_eighteen_the_meeting_closes_by_itself_and_no_new_one_opens_without_consent(world: World) -> None:
    turned = date(now_().year - 18, now_().month, 1) - timedelta(days=40)
    grown = case_make(world, age_said=None, born_on=turned)
    young = case_make(world, age_said=None, born_on=turned.replace(year=turned.year + 4))
    viewer = world.viewer(CW)
    with viewing_as(viewer), pytest.raises(NotAllowed, match=r"18964\(c\)"):
        meeting_schedule(viewer=viewer, case_id=grown.pk, said=said(), seats=[], now=now_())
    meeting = meeting_make(world, young)
    assert sees(world, Role.PROBATION, meeting)
    with acting_because("a birth date is corrected"):
        child = Child.objects.unrestricted(because="test").get(case_file=young)
        child.born_on = turned
        child.save()
        from referrals.services.sharing import sharing_settle

        sharing_settle(case_file=young, now=now_())
    assert not sees(world, Role.PROBATION, meeting)
    assert not sees(world, CW, meeting)


@pytest.mark.parametrize("role", [role for role in Role if role not in {CW, Role.PROBATION}])
def test_only_child_welfare_and_probation_call_a_team(world: World, role: Role) -> None:
    case_file = case_make(world)
    viewer = world.viewer(role)
    with viewing_as(viewer), pytest.raises(NotAllowed, match="called by Child Welfare"):
        meeting_schedule(viewer=viewer, case_id=case_file.pk, said=said(), seats=[], now=now_())


def test_probation_leads_its_own_meeting_and_child_welfare_is_always_seated(world: World) -> None:
    from tests.worlds import referral_make

    case_file = referral_make(world, by=Role.PROBATION, urgent=False).case_file
    meeting = meeting_make(world, case_file, [], lead=Role.PROBATION)
    assert sees(world, CW, meeting)
    viewer = world.viewer(CW)
    with viewing_as(viewer), pytest.raises(NotAllowed, match="agency that leads"):
        meeting_cancel(viewer=viewer, meeting_id=meeting.pk, reason="x", now=now_())


def test_members_read_a_meeting_but_do_not_change_it_and_strangers_do_not_learn_of_it(world: World) -> None:
    meeting = meeting_make(world)
    for role, refusal in ((Role.MENTAL_HEALTH, NotAllowed), (Role.EDUCATION, NotVisible)):
        viewer = world.viewer(role)
        with viewing_as(viewer):
            for act in (
                lambda v: meeting_cancel(viewer=v, meeting_id=meeting.pk, reason="x", now=now_()),
                lambda v: meeting_move(viewer=v, meeting_id=meeting.pk, said=said(), now=now_()),
                lambda v: seat_remove(
                    viewer=v, meeting_id=meeting.pk, agency_id=world.agencies["PH"].pk, now=now_()
                ),
                lambda v: seat_give(
                    viewer=v, meeting_id=meeting.pk, said=seat(world, Role.PUBLIC_HEALTH), now=now_()
                ),
            ):
                with pytest.raises(refusal):
                    act(viewer)


@pytest.mark.parametrize("missing", [Course.CSEC_101, Course.CSEC_102])
def test_nobody_takes_a_seat_without_both_trainings(world: World, missing: Course) -> None:
    from agencies.services.staff import training_record

    agency = world.agencies["MH"]
    person = person_make(agency, Duty.LINE_WORKER, trained=False)
    other = {Course.CSEC_101: Course.CSEC_102, Course.CSEC_102: Course.CSEC_101}[missing]
    training_record(person=person, course=other, completed_on=date(2025, 1, 2), now=now_())
    with pytest.raises(RuleBroken, match=f"cannot attend yet: {missing.label[:8]}") as refused:
        meeting_make(world, seats=[SeatSaid(agency.pk, person.pk)])
    assert refused.value.field == f"seat_{agency.pk}"
    training_record(person=person, course=missing, completed_on=date(2025, 1, 2), now=now_())
    assert meeting_make(world, seats=[SeatSaid(agency.pk, person.pk)])


def test_the_list_of_obstacles_agrees_with_the_register_of_trainings(world: World) -> None:
    from agencies.choices import SEAT_COURSES
    from agencies.services.staff import is_trained, training_record

    agency = world.agencies["PH"]
    people = [person_make(agency, Duty.LINE_WORKER, trained=False) for _ in range(4)]
    today = now_().date()
    for course, person in (
        (Course.CSEC_101, people[1]),
        *((course, people[2]) for course in SEAT_COURSES),
    ):
        training_record(person=person, course=course, completed_on=date(2025, 1, 2), now=now_())
    for course in SEAT_COURSES:
        training_record(
            person=people[3],
            course=course,
            completed_on=date(2024, 1, 2),
            expires_on=today - timedelta(days=2),
            now=now_(),
        )
    found = obstacles(people=[person.pk for person in people], on=today)
    assert {pk: not words for pk, words in found.items()} == {
        person.pk: is_trained(person, SEAT_COURSES, on=today) for person in people
    }
    assert [bool(found[person.pk]) for person in people] == [True, True, False, True]


def test_somebody_of_another_agency_cannot_fill_a_seat(world: World) -> None:
    stranger = world.person(Role.PUBLIC_HEALTH)
    with pytest.raises(RuleBroken, match="does not work for"):
        meeting_make(world, seats=[SeatSaid(world.agencies["MH"].pk, stranger.pk)])


def test_each_person_is_invited_once_and_an_unnamed_seat_asks_those_who_can_name_somebody(
    world: World,
) -> None:
    chief = world.person(Role.SUBSTANCE_USE, Duty.SUPERVISOR)
    meeting = meeting_make(
        world, seats=[seat(world, Role.MENTAL_HEALTH), seat(world, Role.SUBSTANCE_USE, named=False)]
    )
    with acting_because("look at the outbox"):
        notices = Notice.objects.filter(subject=meeting.pk)
        asked = {notice.recipient_id for notice in notices}
        letters = list(Message.objects.filter(template=Message.Template.MEETING))
    assert asked == {world.person(Role.MENTAL_HEALTH).pk, chief.pk}
    assert {letter.recipient_id for letter in letters} == asked
    assert len(letters) == 2


def test_a_moved_meeting_asks_everybody_again_and_raises_the_calendars_sequence(world: World) -> None:
    meeting = meeting_make(world)
    member, lead = world.viewer(Role.MENTAL_HEALTH), world.viewer(CW)
    with viewing_as(member):
        seat_answer(viewer=member, meeting_id=meeting.pk, reply=Reply.YES, now=now_())
    later = said(starts_at=now_() + timedelta(days=5))
    with viewing_as(lead):
        moved = meeting_move(viewer=lead, meeting_id=meeting.pk, said=later, now=now_())
        assert {row.reply for row in seats_of(viewer=lead, meeting=moved)} == {Reply.NONE}
    assert moved.sequence == meeting.sequence + 1
    with acting_because("look at the outbox"):
        mine = Notice.objects.filter(subject=meeting.pk, recipient=member.person)
        assert sorted(mine.values_list("stage", flat=True)) == ["changed", "invited"]


def test_an_answer_is_given_by_the_agency_that_holds_the_seat_even_if_it_keeps_no_minutes(
    world: World,
) -> None:
    meeting = meeting_make(world, seats=[seat(world, Role.EDUCATION, reason=REASON)])
    school, stranger = world.viewer(Role.EDUCATION), world.viewer(Role.DISTRICT_ATTORNEY)
    with viewing_as(school):
        answered = seat_answer(viewer=school, meeting_id=meeting.pk, reply=Reply.MAYBE, now=now_())
    assert (answered.reply, answered.replied_by_id) == (Reply.MAYBE, school.person)
    with viewing_as(stranger), pytest.raises(NotVisible):
        seat_answer(viewer=stranger, meeting_id=meeting.pk, reply=Reply.YES, now=now_())


def test_the_invited_agency_names_who_comes_and_only_somebody_of_its_own_who_can(world: World) -> None:
    meeting = meeting_make(world, seats=[seat(world, Role.EDUCATION, named=False, reason=REASON)])
    school, teacher = world.viewer(Role.EDUCATION), world.person(Role.EDUCATION)
    late = person_make(world.agencies["ED"], Duty.LINE_WORKER, trained=False)

    def answer(person: object) -> Seat:
        with viewing_as(school):
            return seat_answer(
                viewer=school, meeting_id=meeting.pk, reply=Reply.YES, person=person, now=now_()
            )

    for stranger in (late.pk, world.person(Role.MENTAL_HEALTH).pk):
        with pytest.raises(RuleBroken) as refused:
            answer(stranger)
        assert refused.value.field == "person"
    assert answer(teacher.pk).person_id == teacher.pk


def test_a_cancelled_meeting_needs_a_reason_and_takes_no_answer_and_no_second_end(world: World) -> None:
    meeting = meeting_make(world)
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        with pytest.raises(RuleBroken, match="why"):
            meeting_cancel(viewer=viewer, meeting_id=meeting.pk, reason=" ", now=now_())
        gone = meeting_cancel(viewer=viewer, meeting_id=meeting.pk, reason="The child is away.", now=now_())
        assert (gone.state, gone.sequence) == (State.CANCELLED, meeting.sequence + 1)
        with pytest.raises(RuleBroken, match="cancelled already"):
            meeting_cancel(viewer=viewer, meeting_id=meeting.pk, reason="Again", now=now_())
        with pytest.raises(RuleBroken, match="nothing left to answer"):
            seat_answer(viewer=viewer, meeting_id=meeting.pk, reply=Reply.YES, now=now_())


@pytest.mark.parametrize(
    ("kind", "mode", "reason", "refused"),
    [
        (Kind.CRISIS, Mode.VIDEO, "", True),
        (Kind.INITIAL, Mode.PHONE, "", True),
        (Kind.INITIAL, Mode.PHONE, "Snow; the pass is closed.", False),
        (Kind.ONGOING, Mode.PHONE, "", False),
        (Kind.CASE_REVIEW, Mode.VIDEO, "", False),
        (Kind.CRISIS, Mode.IN_PERSON, "", False),
    ],
)
def test_a_crisis_or_first_team_says_why_it_does_not_meet_in_person(
    world: World, kind: Kind, mode: Mode, reason: str, refused: bool
) -> None:
    changed = {"kind": kind, "mode": mode, "not_in_person_reason": reason}
    if refused:
        with pytest.raises(RuleBroken, match="in person") as broken:
            meeting_make(world, **changed)
        assert broken.value.field == "not_in_person_reason"
    else:
        assert meeting_make(world, **changed).mode == mode


def test_a_meeting_ends_after_it_starts_and_within_a_day_of_work(world: World) -> None:
    starts_at = now_() + timedelta(days=1)
    for ends_at in (starts_at, starts_at - timedelta(minutes=1), starts_at + timedelta(hours=9)):
        with pytest.raises(RuleBroken):
            meeting_make(world, starts_at=starts_at, ends_at=ends_at)


def test_lists_show_what_is_ahead_soonest_first_and_what_is_over_newest_first(world: World) -> None:
    case_file = case_make(world)
    viewer = world.viewer(CW)
    made = [meeting_make(world, case_file, [], starts_at=now_() + timedelta(days=day)) for day in (9, 2, 5)]
    with viewing_as(viewer):
        ahead = meeting_list(viewer=viewer, now=now_())
        assert [row.meeting.pk for row in ahead.rows] == [made[1].pk, made[2].pk, made[0].pk]
        meeting_cancel(viewer=viewer, meeting_id=made[1].pk, reason="Not needed", now=now_())
        assert [row.meeting.pk for row in meeting_list(viewer=viewer, now=now_(), which="past").rows] == [
            made[1].pk
        ]
        assert len(meeting_list(viewer=viewer, now=now_()).rows) == 2


def test_a_long_list_turns_its_pages_without_losing_or_doubling_a_meeting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mdt.selectors.meeting.PAGE", 2)
    case_file, starts_at = case_make(world), now_() + timedelta(days=1)
    made = {meeting_make(world, case_file, [], starts_at=starts_at).pk for _ in range(5)}
    viewer = world.viewer(CW)
    found, after = [], ""
    with viewing_as(viewer):
        for _ in range(3):
            page = meeting_list(viewer=viewer, now=now_(), after=after)
            found += [row.meeting.pk for row in page.rows]
            after = page.after
        assert (len(found), set(found), after) == (5, made, "")
        with pytest.raises(NotVisible):
            meeting_list(viewer=viewer, now=now_(), after="never|x")
