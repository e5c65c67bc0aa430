"""Actions and the safety plan on their pages: who reads what, who writes, and nobody's words are lost."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as
from mdt.models import ActionItem, Meeting, SafetyPlan
from mdt.selectors.meeting import agenda_of
from mdt.services.minutes import ActionSaid, decision_add, safety_plan_write
from tests.mdt.meetings import STATUTORY, case_make, meeting_make, now_, seat
from tests.mdt.views.test_files import signed_in
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
WHY = "test"
TASK = "Taskmark: look for a room"
DANGERS = "Dangersmark at the corner"


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def meeting(world: World) -> Meeting:
    table = [seat(world, role) for role in STATUTORY]
    return meeting_make(world, seats=[*table, seat(world, Role.EDUCATION, reason="The school is a trigger")])


def decide(world: World, meeting: Meeting, role: Role = Role.MENTAL_HEALTH, words: str = TASK) -> ActionItem:
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        item = agenda_of(viewer=viewer, meeting=meeting)[2].item
        task = ActionSaid(
            words=words,
            agency=world.agencies[role.value].pk,
            due_on=(now_() + timedelta(days=5)).date(),
            owner=world.person(role).pk,
        )
        decision = decision_add(
            viewer=viewer, meeting_id=meeting.pk, item_id=item.pk, words="Decided", now=now_(), action=task
        )
    with acting_because(WHY):
        found: ActionItem = ActionItem.objects.unrestricted(because=WHY).get(decision=decision.pk)
    return found


def plan_write(world: World, meeting: Meeting, role: Role = Role.CHILD_WELFARE) -> SafetyPlan:
    viewer = world.viewer(role)
    with viewing_as(viewer):
        return safety_plan_write(
            viewer=viewer, case_id=meeting.case_file_id, parts={"dangers": DANGERS}, now=now_()
        )


def plan_url(meeting: Meeting) -> str:
    return reverse("mdt:safety_plan", args=[meeting.case_file_id])


def words_of(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


def test_each_agency_lists_its_own_actions_only(world: World, meeting: Meeting) -> None:
    decide(world, meeting)
    for role, listed in (
        (Role.MENTAL_HEALTH, True),
        (Role.PUBLIC_HEALTH, False),
        (Role.LAW_ENFORCEMENT, False),
    ):
        page = words_of(signed_in(world.person(role)).get(reverse("mdt:actions")))
        assert (TASK in page) is listed, role


def test_the_owner_marks_an_action_done_and_it_leaves_the_list(world: World, meeting: Meeting) -> None:
    action = decide(world, meeting)
    client = signed_in(world.person(Role.MENTAL_HEALTH))
    url = reverse("mdt:action", args=[action.pk])
    empty = client.post(url, {"note": ""})
    assert empty.status_code == 200
    assert "Mend this" in words_of(empty)
    assert client.post(url, {"note": "A room was found"}).status_code == 302
    assert TASK not in words_of(client.get(reverse("mdt:actions")))
    assert "A room was found" in words_of(client.get(url))
    assert "done already" in words_of(client.post(url, {"note": "Again"}))


def test_an_action_is_readable_by_whom_the_agreement_names_and_absent_for_others(
    world: World, meeting: Meeting
) -> None:
    action = decide(world, meeting)
    url = reverse("mdt:action", args=[action.pk])
    for role, status in (
        (Role.CHILD_WELFARE, 200),
        (Role.PROBATION, 200),
        (Role.PUBLIC_HEALTH, 404),
        (Role.EDUCATION, 404),
        (Role.DISTRICT_ATTORNEY, 404),
    ):
        assert signed_in(world.person(role)).get(url).status_code == status, role


def test_who_reads_another_agencys_action_does_not_mark_it_done(world: World, meeting: Meeting) -> None:
    action = decide(world, meeting)
    client = signed_in(world.person(Role.PROBATION))
    url = reverse("mdt:action", args=[action.pk])
    assert "Mark the action done" not in words_of(client.get(url))
    assert client.post(url, {"note": "Done"}).status_code == 403
    with acting_because(WHY):
        assert ActionItem.objects.unrestricted(because=WHY).get(pk=action.pk).done_at is None


def test_twenty_actions_cost_as_much_as_one(world: World, meeting: Meeting) -> None:
    decide(world, meeting)
    client = signed_in(world.person(Role.MENTAL_HEALTH))
    client.get(reverse("mdt:actions"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("mdt:actions"))
    for number in range(19):
        decide(world, meeting, words=f"Task {number}")
    with CaptureQueriesContext(connection) as twenty:
        client.get(reverse("mdt:actions"))
    assert len(twenty) == len(one)


def test_actions_are_paged_without_loss_or_repeat(world: World, meeting: Meeting) -> None:
    for number in range(27):
        decide(world, meeting, words=f"Task number {number:02d}.")
    client = signed_in(world.person(Role.MENTAL_HEALTH))
    first = client.get(reverse("mdt:actions"))
    after = first.context["page"].after
    second = client.get(reverse("mdt:actions"), {"after": after})
    shown = [row.action.pk for page in (first, second) for row in page.context["page"].rows]
    assert len(shown) == len(set(shown)) == 27
    assert client.get(reverse("mdt:actions"), {"after": "nonsense"}).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.CHILD_WELFARE, "all", True),
        (Role.PROBATION, "all", True),
        (Role.MENTAL_HEALTH, "all", True),
        (Role.PUBLIC_HEALTH, "summary", False),
        (Role.EDUCATION, "summary", False),
        (Role.DISTRICT_ATTORNEY, "nothing", False),
    ],
)
def test_the_plan_opens_as_far_as_the_agreement_says(
    world: World, meeting: Meeting, role: Role, reads: str, writes: bool
) -> None:
    plan_write(world, meeting)
    answer = signed_in(world.person(role)).get(plan_url(meeting))
    assert answer.status_code == (404 if reads == "nothing" else 200)
    page = words_of(answer)
    assert (DANGERS in page) is (reads == "all")
    assert ("Save the safety plan" in page) is writes


def test_a_reader_who_may_not_write_is_refused_and_the_plan_stays(world: World, meeting: Meeting) -> None:
    plan_write(world, meeting)
    client = signed_in(world.person(Role.PUBLIC_HEALTH))
    answer = client.post(plan_url(meeting), {"dangers": "Overwritten"})
    assert "does not keep this kind of record" in words_of(answer)
    with acting_because(WHY):
        assert SafetyPlan.objects.unrestricted(because=WHY).get().dangers == DANGERS


def test_saving_changes_the_plan_and_keeps_the_version_before(world: World, meeting: Meeting) -> None:
    plan = plan_write(world, meeting)
    client = signed_in(world.person(Role.MENTAL_HEALTH))
    form = {"dangers": "New words", "reviewed": "on", "based_on": plan.written_at.isoformat()}
    assert client.post(plan_url(meeting), form).status_code == 302
    with acting_because(WHY):
        now_stands = SafetyPlan.objects.unrestricted(because=WHY).get()
        before = SafetyPlan.history.unrestricted(because=WHY).order_by("history_date").first()
    assert (now_stands.dangers, before.dangers) == ("New words", DANGERS)
    assert now_stands.reviewed_at is not None


def test_two_writers_lose_nothing(world: World, meeting: Meeting) -> None:
    plan = plan_write(world, meeting)
    seen_by_both = plan.written_at.isoformat()
    first, second = signed_in(world.person(Role.MENTAL_HEALTH)), signed_in(world.person(Role.PROBATION))
    assert first.post(plan_url(meeting), {"dangers": "First", "based_on": seen_by_both}).status_code == 302
    refused = second.post(plan_url(meeting), {"dangers": "Second", "based_on": seen_by_both})
    page = words_of(refused)
    assert refused.status_code == 200
    assert "First" in page
    assert "Second" in page
    again = {"dangers": "First and second", "based_on": refused.context["form"].data["based_on"]}
    assert second.post(plan_url(meeting), again).status_code == 302


def test_a_draft_comes_back_and_goes_when_it_was_sent(world: World, meeting: Meeting) -> None:
    client = signed_in(world.person(Role.CHILD_WELFARE))
    client.post(
        reverse("draft_save", args=["safety-plan"]),
        {"about": str(meeting.case_file_id), "dangers": "Half a sent"},
    )
    assert "Half a sent" in words_of(client.get(plan_url(meeting)))
    assert "Half a sent" not in words_of(signed_in(world.person(Role.MENTAL_HEALTH)).get(plan_url(meeting)))
    client.post(plan_url(meeting), {"dangers": "Whole sentence"})
    assert "Half a sent" not in words_of(client.get(plan_url(meeting)))


def test_without_a_team_meeting_nobody_writes_a_plan_and_the_words_are_kept(world: World) -> None:
    case_file = case_make(world)
    url = reverse("mdt:safety_plan", args=[case_file.pk])
    client = signed_in(world.person(Role.CHILD_WELFARE))
    answer = client.post(url, {"dangers": "Typed words"})
    assert "Typed words" in words_of(answer)
    assert "does not keep this kind of record" in words_of(answer)
