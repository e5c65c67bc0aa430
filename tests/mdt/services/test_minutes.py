"""Minutes stay with the members; a decision's task goes to its owner; the safety plan keeps its versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from agencies.choices import Role
from cseccase.confidentiality.context import viewing_as
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from mdt.models import ActionItem, Decision, Meeting, SafetyPlan
from mdt.selectors.meeting import agenda_of
from mdt.selectors.minutes import access_action, action_list, actions_of, safety_plan_of, safety_plan_versions
from mdt.services.meeting import meeting_cancel
from mdt.services.minutes import ActionSaid, action_finish, decision_add, minutes_write, safety_plan_write
from tests.mdt.meetings import case_make, meeting_make, now_, seat
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
CW = Role.CHILD_WELFARE
TEAM = (CW, Role.PROBATION, Role.MENTAL_HEALTH)


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def meeting(world: World) -> Meeting:
    return meeting_make(
        world,
        seats=[
            *(seat(world, role) for role in TEAM),
            seat(world, Role.ADVOCATE, reason="She trusts her."),
            seat(world, Role.EDUCATION, reason="She wants to finish the year."),
        ],
    )


def first_item(world: World, meeting: Meeting) -> UUID:
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        return agenda_of(viewer=viewer, meeting=meeting)[0].item.pk


def write(world: World, role: Role, meeting: Meeting, words: str, **changed: Any) -> None:
    viewer = world.viewer(role)
    with viewing_as(viewer):
        minutes_write(
            viewer=viewer,
            meeting_id=meeting.pk,
            item_id=first_item(world, meeting),
            words=words,
            done=True,
            now=now_(),
            **changed,
        )


def act(world: World, role: Role, **changed: Any) -> ActionSaid:
    fields: dict[str, Any] = {
        "words": "Find a place",
        "agency": world.agencies[role.value].pk,
        "due_on": (now_() + timedelta(days=3)).date(),
    }
    return ActionSaid(**{**fields, **changed})


def decide(world: World, meeting: Meeting, by: Role, action: ActionSaid | None) -> Decision:
    viewer = world.viewer(by)
    with viewing_as(viewer):
        return decision_add(
            viewer=viewer,
            meeting_id=meeting.pk,
            item_id=first_item(world, meeting),
            words="Look for a home out of the county.",
            action=action,
            now=now_(),
        )


@pytest.mark.parametrize("role", [*TEAM, Role.ADVOCATE])
def test_members_who_keep_minutes_write_them_and_every_member_reads_them(
    world: World, meeting: Meeting, role: Role
) -> None:
    write(world, role, meeting, "Identified on Monday.")
    school = world.viewer(Role.EDUCATION)
    with viewing_as(school):
        item = agenda_of(viewer=school, meeting=meeting)[0].item
        assert (item.minutes, item.done_at is not None) == ("Identified on Monday.", True)


def test_a_member_who_keeps_no_minutes_is_refused_and_a_stranger_learns_nothing(
    world: World, meeting: Meeting
) -> None:
    with pytest.raises(NotAllowed):
        write(world, Role.EDUCATION, meeting, "x")
    with pytest.raises(NotVisible):
        write(world, Role.PUBLIC_HEALTH, meeting, "x")


def test_newer_words_of_somebody_else_are_never_overwritten_unseen(world: World, meeting: Meeting) -> None:
    write(world, CW, meeting, "First words")
    with pytest.raises(RuleBroken, match="Somebody else wrote"):
        write(world, Role.PROBATION, meeting, "Other words")
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        seen = agenda_of(viewer=viewer, meeting=meeting)[0].item
        assert seen.minutes == "First words"
    write(world, Role.PROBATION, meeting, "First words. Other words", based_on=seen.written_at)


def test_an_item_of_another_meeting_is_not_there(world: World, meeting: Meeting) -> None:
    other = meeting_make(world, meeting.case_file, [])
    viewer = world.viewer(CW)
    with viewing_as(viewer), pytest.raises(NotVisible):
        minutes_write(
            viewer=viewer,
            meeting_id=other.pk,
            item_id=first_item(world, meeting),
            words="x",
            done=False,
            now=now_(),
        )


def test_a_cancelled_meeting_takes_no_minutes(world: World, meeting: Meeting) -> None:
    item = first_item(world, meeting)
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        meeting_cancel(viewer=viewer, meeting_id=meeting.pk, reason="Away", now=now_())
        with pytest.raises(RuleBroken, match="cancelled"):
            minutes_write(
                viewer=viewer, meeting_id=meeting.pk, item_id=item, words="x", done=False, now=now_()
            )


@pytest.mark.parametrize("by", [CW, Role.PROBATION])
def test_a_decision_becomes_its_owners_task_whoever_writes_it_down(
    world: World, meeting: Meeting, by: Role
) -> None:
    decide(world, meeting, by, act(world, Role.MENTAL_HEALTH))
    owner, lead = world.viewer(Role.MENTAL_HEALTH), world.viewer(CW)
    with viewing_as(owner):
        (row,) = action_list(viewer=owner, now=now_()).rows
        assert row.action.agency_id == owner.agency
        assert access_action(viewer=owner, action_id=row.action.pk, now=now_()) == row.action
    with viewing_as(lead):
        assert action_list(viewer=lead, now=now_()).rows == []
        assert [one.pk for one in actions_of(viewer=lead, meeting=meeting)] == [row.action.pk]
    outside = world.viewer(Role.DISTRICT_ATTORNEY)
    with viewing_as(outside), pytest.raises(NotVisible):
        access_action(viewer=outside, action_id=row.action.pk, now=now_())


def test_a_task_has_an_owner_at_the_table_words_and_a_day_ahead(world: World, meeting: Meeting) -> None:
    for changed, field in (
        ({"words": " "}, "action_words"),
        ({"agency": world.agencies["PH"].pk}, "owner"),
        ({"owner": world.person(Role.PUBLIC_HEALTH).pk}, "owner"),
        ({"due_on": (now_() - timedelta(days=2)).date()}, "due_on"),
    ):
        with pytest.raises(RuleBroken) as refused:
            decide(world, meeting, CW, act(world, Role.MENTAL_HEALTH, **changed))
        assert refused.value.field == field
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        assert not Decision.objects.visible_to(viewer).exists(), "a refused task leaves no half decision"


def test_a_task_is_done_once_with_words_by_its_owner_or_the_lead(world: World, meeting: Meeting) -> None:
    decide(world, meeting, CW, act(world, Role.MENTAL_HEALTH))
    owner, other = world.viewer(Role.MENTAL_HEALTH), world.viewer(Role.PROBATION)
    with viewing_as(owner):
        action = ActionItem.objects.visible_to(owner).get()
    with viewing_as(other), pytest.raises((NotAllowed, NotVisible)):
        action_finish(viewer=other, action_id=action.pk, note="Done", now=now_())
    with viewing_as(owner):
        with pytest.raises(RuleBroken):
            action_finish(viewer=owner, action_id=action.pk, note=" ", now=now_())
        done = action_finish(viewer=owner, action_id=action.pk, note="A home is found.", now=now_())
        assert done.done_by_id == owner.person
        assert action_list(viewer=owner, now=now_()).rows == []
        with pytest.raises(RuleBroken, match="already"):
            action_finish(viewer=owner, action_id=action.pk, note="Again", now=now_())


def plan(world: World, role: Role, case_id: UUID, **changed: Any) -> SafetyPlan:
    viewer = world.viewer(role)
    with viewing_as(viewer):
        return safety_plan_write(
            viewer=viewer,
            case_id=case_id,
            **{"parts": {"dangers": "The car outside."}, "now": now_(), **changed},
        )


def test_the_plan_is_written_by_members_who_keep_it_read_in_summary_by_others_and_hidden_from_strangers(
    world: World, meeting: Meeting
) -> None:
    made = plan(world, Role.MENTAL_HEALTH, meeting.case_file_id, meeting_id=meeting.pk, reviewed=True)
    assert made.reviewed_at is not None and made.meeting == meeting.pk
    seen = {}
    for role in (CW, Role.PROBATION, Role.ADVOCATE, Role.EDUCATION):
        viewer = world.viewer(role)
        with viewing_as(viewer):
            shown = safety_plan_of(viewer=viewer, case_file=meeting.case_file, now=now_())
            seen[role] = "full" if shown.plan else "summary" if shown.summary else "nothing"
            assert shown.summary is None or "dangers" not in shown.summary
    full = dict.fromkeys((CW, Role.PROBATION, Role.ADVOCATE), "full")
    assert seen == {**full, Role.EDUCATION: "summary"}
    with pytest.raises(NotVisible):
        plan(world, Role.DISTRICT_ATTORNEY, meeting.case_file_id)
    with pytest.raises(NotAllowed):
        plan(world, Role.EDUCATION, meeting.case_file_id)


def test_every_version_of_the_plan_is_kept_and_none_overwrites_another_unseen(
    world: World, meeting: Meeting
) -> None:
    first = plan(world, CW, meeting.case_file_id)
    with pytest.raises(RuleBroken, match="changed this plan"):
        plan(world, Role.PROBATION, meeting.case_file_id, parts={"dangers": "Other words"})
    second = plan(
        world,
        Role.PROBATION,
        meeting.case_file_id,
        parts={"dangers": "Other words"},
        based_on=first.written_at,
    )
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        (earlier,) = safety_plan_versions(viewer=viewer, plan=second)
    assert (second.dangers, earlier.dangers) == ("Other words", "The car outside.")


def test_an_empty_plan_and_a_meeting_of_another_child_are_refused(world: World, meeting: Meeting) -> None:
    with pytest.raises(RuleBroken, match="at least one part"):
        plan(world, CW, meeting.case_file_id, parts={})
    other = meeting_make(world, case_make(world), [])
    with pytest.raises(NotVisible):
        plan(world, CW, meeting.case_file_id, meeting_id=other.pk)
