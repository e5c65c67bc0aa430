"""The meetings' pages: the gap comes first, the right people reach them, and what was typed stays."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Course, Duty, Role
from agencies.services.staff import training_record
from cseccase.confidentiality.context import viewing_as
from mdt.choices import Attendance, Mode, State
from mdt.models import Meeting
from mdt.selectors.meeting import agenda_of, meeting_found, seats_of
from mdt.services.seats import seat_remove
from tests.mdt.meetings import NAME_MARKS, STATUTORY, case_make, hold, meeting_make, now_, ready, seat
from tests.pages import client_of, words
from tests.worlds import World, county_make, person_make

pytestmark = pytest.mark.django_db
CW = Role.CHILD_WELFARE
REASON = "The school sees the child every day."
PAGES = ("meeting", "session", "rsvp", "calendar", "summary")
LEAD_PAGES = ("change", "cancel", "child", "hold")


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def meeting(world: World) -> Meeting:
    return meeting_make(world)


def get(world: World, role: Role, name: str, *args: object) -> HttpResponse:
    answer: Any = client_of(world, role).get(reverse(f"mdt:{name}", args=args))
    return answer


def title(answer: HttpResponse) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)
    assert found, "a page begins with its heading"
    return found[1]


def now_stands(world: World, meeting: Meeting) -> Meeting:
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        return meeting_found(viewer=viewer, meeting_id=meeting.pk)


# --- who reaches what ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_members_reach_a_page_and_everybody_else_gets_what_an_unknown_address_gives(
    world: World, meeting: Meeting, page: str
) -> None:
    for role in (CW, Role.PROBATION, Role.PUBLIC_HEALTH):
        assert get(world, role, page, meeting.pk).status_code == 200, role
    for role in (Role.EDUCATION, Role.DISTRICT_ATTORNEY, Role.COUNTY_COUNSEL, Role.JUVENILE_COURT):
        hidden = get(world, role, page, meeting.pk)
        absent = get(world, role, page, meeting.case_file_id)
        assert (hidden.status_code, absent.status_code) == (404, 404), role
        assert words(hidden) == words(absent)


@pytest.mark.parametrize("page", LEAD_PAGES)
def test_pages_that_change_a_meeting_are_the_leads(world: World, meeting: Meeting, page: str) -> None:
    assert get(world, CW, page, meeting.pk).status_code == 200
    refused = get(world, Role.PUBLIC_HEALTH, page, meeting.pk)
    assert refused.status_code == 403
    assert "agency that leads this meeting" in words(refused)
    assert get(world, Role.EDUCATION, page, meeting.pk).status_code == 404


def test_a_removed_member_is_shut_out_of_the_plan_and_the_agenda(world: World, meeting: Meeting) -> None:
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        seat_remove(viewer=viewer, meeting_id=meeting.pk, agency_id=world.agencies["PH"].pk, now=now_())
    assert get(world, Role.PUBLIC_HEALTH, "session", meeting.pk).status_code == 404
    assert "Room 4" not in words(get(world, Role.PUBLIC_HEALTH, "meeting", meeting.pk))


@pytest.mark.parametrize("page", ["meeting", "session"])
def test_a_page_says_initials_and_never_the_name_or_the_childs_place(
    world: World, meeting: Meeting, page: str
) -> None:
    for role in STATUTORY:
        said = get(world, role, page, meeting.pk).content.decode()
        assert "Z. M." in said
        assert not [mark for mark in NAME_MARKS if mark in said], role


def test_the_tab_of_every_page_is_neutral(world: World, meeting: Meeting) -> None:
    for page in ("meeting", "session", *LEAD_PAGES):
        found = re.search(r"<title>(.*?)</title>", get(world, CW, page, meeting.pk).content.decode())
        assert found and not re.search(r"Z\. M\.|exploit|child", found[1], re.IGNORECASE), page


# --- the plan --------------------------------------------------------------------------------------------------------------


def test_the_title_is_the_finding_the_laws_gap_first(world: World) -> None:
    case_file = case_make(world)
    empty = meeting_make(
        world, case_file, [seat(world, role) for role in STATUTORY if role != Role.SUBSTANCE_USE]
    )
    assert title(get(world, CW, "meeting", empty.pk)) == "One required seat is empty"
    bare = meeting_make(world, case_file, [seat(world, CW)])
    assert title(get(world, CW, "meeting", bare.pk)) == "Four required seats are empty"
    unnamed = meeting_make(
        world,
        case_file,
        [seat(world, role, named=role != Role.MENTAL_HEALTH) for role in STATUTORY],
    )
    assert title(get(world, CW, "meeting", unnamed.pk)) == "One required seat is empty"
    full = meeting_make(world, case_file)
    assert title(get(world, CW, "meeting", full.pk)).startswith("The required seats are filled")


def test_a_lapsed_training_shows_on_the_plan_with_the_reason(world: World, meeting: Meeting) -> None:
    from agencies.models import Training

    before = get(world, CW, "meeting", meeting.pk)
    assert "cannot attend yet" not in words(before)
    Training.objects.filter(person=world.person(Role.PUBLIC_HEALTH), course="csec_102").delete()
    after = get(world, CW, "meeting", meeting.pk)
    assert title(after) == "One person cannot attend yet"
    assert "cannot attend yet: CSEC 102 not recorded" in words(after)


def test_the_plan_says_by_when_the_team_must_meet_and_whose_rule_that_is(
    world: World, meeting: Meeting
) -> None:
    said = words(get(world, CW, "meeting", meeting.pk))
    assert re.search(r"Hold it by \w+, \w+ \d+, \d{4}, 11:59 p\.m\. County practice \d+ days left", said), (
        said[:900]
    )


def test_what_may_be_shared_is_worked_out_from_who_sits_there(world: World) -> None:
    case_file = case_make(world)
    two = meeting_make(world, case_file, [seat(world, CW), seat(world, Role.MENTAL_HEALTH)])
    said = words(get(world, CW, "meeting", two.pk))
    assert "WIC 18961.7" in said and "30 days from the report" in said
    assert "42 CFR Part 2" in said and "Therapy notes: privileged" in said


@pytest.mark.parametrize(("mode", "shown"), [(Mode.VIDEO, True), (Mode.IN_PERSON, False)])
def test_from_afar_the_plan_asks_who_is_with_the_child(world: World, mode: Mode, shown: bool) -> None:
    meeting = meeting_make(world, mode=mode, not_in_person_reason="Snow")
    said = words(get(world, CW, "meeting", meeting.pk))
    assert ("Nobody is named to be with the child" in said) is shown
    assert ("meant to meet in person" in said) is shown


# --- scheduling ------------------------------------------------------------------------------------------------------------


def posted_schedule(world: World, **changed: str) -> dict[str, str]:
    day = (now_() + timedelta(days=3)).date()
    fields = {
        "kind": "initial",
        "reason": "First meeting",
        "starts_at_day": day.isoformat(),
        "starts_at_time": "10:00 a.m.",
        "minutes": "60",
        "mode": "in_person",
        "not_in_person_reason": "",
        "place": "Room 4",
    }
    for agency in world.agencies.values():
        fields[f"seat_{agency.pk}"] = "none"
    for role in STATUTORY:
        fields[f"seat_{world.agencies[role.value].pk}"] = str(world.person(role).pk)
    return {**fields, **changed}


def test_a_meeting_is_planned_from_the_case_file_in_one_form(world: World) -> None:
    case_file = case_make(world)
    client, address = client_of(world, CW), reverse("mdt:schedule", args=[case_file.pk])
    page = client.get(address)
    assert page.status_code == 200 and "Plan a team meeting for Z. M." in words(page)
    answer = client.post(address, posted_schedule(world))
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        made = Meeting.objects.visible_to(viewer).get(case_file=case_file)
        assert {one.agency.role for one in seats_of(viewer=viewer, meeting=made)} == {
            r.value for r in STATUTORY
        }
    assert answer.headers["Location"] == reverse("mdt:meeting", args=[made.pk])
    shown = words(client.get(answer.headers["Location"]))
    assert "10:00 a.m. to 11:00 a.m." in shown and "Room 4" in shown


def test_a_refused_plan_keeps_what_was_typed_and_says_why_on_the_question(world: World) -> None:
    case_file = case_make(world)
    school = world.agencies["ED"].pk
    world.person(Role.EDUCATION)
    client, address = client_of(world, CW), reverse("mdt:schedule", args=[case_file.pk])
    answer = client.post(
        address, posted_schedule(world, **{f"seat_{school}": "any", "reason": "Before court"})
    )
    said = answer.content.decode()
    assert answer.status_code == 200
    assert f'href="#id_why_{school}"' in said
    assert 'value="Before court"' in said and 'value="10:00 a.m."' in said
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        assert not Meeting.objects.visible_to(viewer).filter(case_file=case_file).exists()


def test_people_who_cannot_attend_yet_are_shown_with_the_reason_and_cannot_be_chosen(world: World) -> None:
    agency = world.agencies["PH"]
    late = person_make(agency, Duty.LINE_WORKER, trained=False, name="Tom Adeyemi")
    training_record(person=late, course=Course.CSEC_101, completed_on=date(2025, 1, 2), now=now_())
    case_file = case_make(world)
    client, address = client_of(world, CW), reverse("mdt:schedule", args=[case_file.pk])
    page = client.get(address)
    assert "Tom Adeyemi (CSEC 102 not recorded)" in words(page)
    assert str(late.pk) not in page.content.decode()
    answer = client.post(address, posted_schedule(world, **{f"seat_{agency.pk}": str(late.pk)}))
    assert answer.status_code == 200, "a choice that was never offered"
    meeting = meeting_make(world, case_file)
    seat_page = client.get(reverse("mdt:seat", args=[meeting.pk, agency.pk]))
    assert "Tom Adeyemi CSEC 102 not recorded" in words(seat_page)


@pytest.mark.parametrize("role", [Role.MENTAL_HEALTH, Role.EDUCATION])
def test_other_agencies_plan_no_meeting(world: World, role: Role) -> None:
    meeting = meeting_make(world, seats=[seat(world, role, reason=REASON)])
    assert get(world, role, "schedule", meeting.case_file_id).status_code == 403
    stranger = get(world, Role.LEGAL_PROVIDER, "schedule", meeting.case_file_id)
    assert stranger.status_code == 404


def test_a_draft_of_a_plan_comes_back_and_goes_when_it_is_sent(world: World) -> None:
    case_file = case_make(world)
    client, address = client_of(world, CW), reverse("mdt:schedule", args=[case_file.pk])
    typed = posted_schedule(world, reason="Half a thought", starts_at_time="10")
    saved = client.post(reverse("draft_save", args=["meeting-plan"]), {**typed, "about": str(case_file.pk)})
    assert saved.status_code == 200
    back = client.get(address).content.decode()
    assert 'value="Half a thought"' in back and 'value="10"' in back and "Draft saved" in back
    client.post(address, posted_schedule(world))
    assert "Half a thought" not in client.get(address).content.decode()


# --- seats, day, end -------------------------------------------------------------------------------------------------------


def test_a_seat_is_given_and_taken_back_on_its_page(world: World) -> None:
    meeting = meeting_make(world, seats=[seat(world, CW), seat(world, Role.MENTAL_HEALTH)])
    school, person = world.agencies["ED"].pk, world.person(Role.EDUCATION)
    client = client_of(world, CW)
    address = reverse("mdt:seat", args=[meeting.pk, school])
    bare = client.post(address, {f"seat_{school}": str(person.pk), f"why_{school}": ""})
    assert bare.status_code == 200
    assert get(world, Role.EDUCATION, "meeting", meeting.pk).status_code == 404
    client.post(address, {f"seat_{school}": str(person.pk), f"why_{school}": REASON})
    assert get(world, Role.EDUCATION, "meeting", meeting.pk).status_code == 200
    end = reverse("mdt:seat_remove", args=[meeting.pk, school])
    assert "closes at once" in words(client.get(end))
    client.post(end)
    assert get(world, Role.EDUCATION, "session", meeting.pk).status_code == 404


def test_an_agency_that_sits_in_no_team_has_no_seat_page(world: World, meeting: Meeting) -> None:
    for role in (Role.JUVENILE_COURT, Role.STEERING_COMMITTEE, Role.COUNTY_COUNSEL):
        assert get(world, CW, "seat", meeting.pk, world.agencies[role.value].pk).status_code == 404


def test_changing_and_cancelling_ask_first_and_tell_what_follows(world: World, meeting: Meeting) -> None:
    client = client_of(world, CW)
    change = reverse("mdt:change", args=[meeting.pk])
    day = (now_() + timedelta(days=6)).date().isoformat()
    fields = {k: v for k, v in posted_schedule(world).items() if not k.startswith("seat_")}
    client.post(change, {**fields, "starts_at_day": day, "starts_at_time": "4:12 p.m."})
    moved = now_stands(world, meeting)
    assert (moved.sequence, "4:12 p.m." in words(client.get(reverse("mdt:meeting", args=[meeting.pk])))) == (
        1,
        True,
    )
    cancel = reverse("mdt:cancel", args=[meeting.pk])
    assert client.post(cancel, {"reason": ""}).status_code == 200
    assert now_stands(world, meeting).state == State.SCHEDULED
    client.post(cancel, {"reason": "The child is ill."})
    assert "The child is ill." in words(client.get(reverse("mdt:meeting", args=[meeting.pk])))


def test_an_agency_names_its_person_on_the_invitation(world: World) -> None:
    meeting = meeting_make(world, seats=[seat(world, Role.MENTAL_HEALTH, named=False)])
    person = world.person(Role.MENTAL_HEALTH)
    address = reverse("mdt:rsvp", args=[meeting.pk])
    client = client_of(world, Role.MENTAL_HEALTH)
    assert "nobody named yet" in words(client.get(address))
    client.post(address, {"reply": "yes", "person": str(person.pk), "note": "I come by train"})
    shown = words(get(world, CW, "meeting", meeting.pk))
    assert f"{person.full_name} will come. “I come by train”" in shown


def test_closing_tells_who_left_early(world: World, meeting: Meeting) -> None:
    ready(world, meeting)
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        table = seats_of(viewer=viewer, meeting=meeting)
    fields = {f"seat_{one.agency_id}": "here" for one in table} | {f"seat_{world.agencies['MH'].pk}": "left"}
    fields |= {f"seat_{world.agencies['PH'].pk}": "absent", "next_meeting_on": ""}
    fields |= _day_time("held_at", now_() - timedelta(minutes=2))
    address = reverse("mdt:hold", args=[meeting.pk])
    answer = client_of(world, CW).post(address, fields)
    assert answer.headers["Location"] == reverse("mdt:meeting", args=[meeting.pk])
    with viewing_as(viewer):
        stands = {
            one.agency.role: (one.attendance, one.left_early)
            for one in seats_of(viewer=viewer, meeting=meeting)
        }
    assert stands == {
        "CW": ("here", False),
        "PO": ("here", False),
        "MH": ("here", True),
        "SU": ("here", False),
        "PH": ("absent", False),
    }
    assert now_stands(world, meeting).state == State.HELD


# --- the meeting itself ----------------------------------------------------------------------------------------------------


def current_item(world: World, meeting: Meeting, role: Role = CW) -> Any:
    viewer = world.viewer(role)
    with viewing_as(viewer):
        return next(one.item for one in agenda_of(viewer=viewer, meeting=meeting) if one.item.done_at is None)


def test_notes_are_kept_and_the_next_item_is_the_current_one(world: World, meeting: Meeting) -> None:
    item, client = current_item(world, meeting), client_of(world, Role.MENTAL_HEALTH)
    address = reverse("mdt:minutes", args=[meeting.pk, item.pk])
    client.post(address, {"words": "Identified on Monday.", "done": "on", "based_on": ""})
    assert current_item(world, meeting).position == item.position + 1
    assert "Identified on Monday." in words(get(world, CW, "session", meeting.pk))
    late = client_of(world, CW).post(address, {"words": "My other words", "based_on": ""})
    said = late.content.decode()
    assert late.status_code == 200
    assert "Identified on Monday." in said and "My other words" in said, "both are shown, none is lost"
    again = re.search(r'name="based_on" value="([^"]+)"', said)
    assert again
    client_of(world, CW).post(
        address, {"words": "Identified on Monday. My other words", "based_on": again[1]}
    )
    assert "My other words" in words(get(world, Role.MENTAL_HEALTH, "session", meeting.pk))


def test_a_member_who_keeps_no_minutes_sees_them_without_a_form(world: World) -> None:
    meeting = meeting_make(world, seats=[seat(world, Role.EDUCATION, reason=REASON)])
    page = get(world, Role.EDUCATION, "session", meeting.pk).content.decode()
    assert "Why we meet" in page and "<textarea" not in page
    item = current_item(world, meeting)
    sent = client_of(world, Role.EDUCATION).post(
        reverse("mdt:minutes", args=[meeting.pk, item.pk]), {"words": "x", "based_on": ""}
    )
    assert sent.status_code == 403


def test_a_decision_with_a_task_stands_under_its_item_and_in_the_table(
    world: World, meeting: Meeting
) -> None:
    item, client = current_item(world, meeting), client_of(world, CW)
    address = reverse("mdt:decision", args=[meeting.pk, item.pk])
    owner = f"{world.agencies['MH'].pk}|{world.person(Role.MENTAL_HEALTH).pk}"
    half = client.post(
        address, {"words": "Look for a home", "owner": owner, "action_words": "", "due_on": ""}
    )
    assert half.status_code == 200 and "Write what they do." in words(half)
    day = (now_() + timedelta(days=4)).date().isoformat()
    client.post(
        address, {"words": "Look for a home", "owner": owner, "action_words": "Find a place", "due_on": day}
    )
    page = words(get(world, CW, "session", meeting.pk))
    assert "Decided: Look for a home" in page and "Decisions become actions: 1 action" in page
    assert "Find a place Item 1, why we meet Mental Health" in page


def test_closing_names_what_is_missing_then_records_the_meeting(world: World, meeting: Meeting) -> None:
    client, address = client_of(world, CW), reverse("mdt:hold", args=[meeting.pk])
    assert "First record this" in words(client.get(address))
    fields = {"held_at_day": now_().date().isoformat(), "held_at_time": "12:01 a.m.", "next_meeting_on": ""}
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        table = seats_of(viewer=viewer, meeting=meeting)
    fields |= {f"seat_{one.agency_id}": Attendance.HERE.value for one in table}
    local = meeting.case_file.opened_at
    fields |= _day_time("held_at", local + timedelta(minutes=1))
    early = client.post(address, fields)
    assert early.status_code == 200 and now_stands(world, meeting).state == State.SCHEDULED
    answers = {
        "wish": "comes",
        "part": "came",
        "briefing": "understood",
        "briefing_version": "2026-1",
        "briefing_language": "English",
        **_day_time("briefed_at", local),
    }
    saved = client.post(reverse("mdt:child", args=[meeting.pk]), answers)
    assert saved.status_code == 302, words(saved)
    assert "First record this" not in words(client.get(address))


def _day_time(name: str, moment: Any) -> dict[str, str]:
    from zoneinfo import ZoneInfo

    local = moment.astimezone(ZoneInfo("America/Los_Angeles"))
    return {
        f"{name}_day": local.date().isoformat(),
        f"{name}_time": f"{local:%I:%M %p}",
        f"{name}_twice": "first",
    }


def test_a_held_meeting_shows_who_was_here_and_takes_no_second_end(world: World, meeting: Meeting) -> None:
    ready(world, meeting)
    hold(world, meeting)
    page = words(get(world, Role.PROBATION, "meeting", meeting.pk))
    assert "Who was here" in page and "Five members were here" in page and "Came" in page
    assert get(world, CW, "hold", meeting.pk).status_code == 302


# --- lists and cost --------------------------------------------------------------------------------------------------------


def test_the_list_shows_only_meetings_with_a_seat_of_ones_own(world: World, meeting: Meeting) -> None:
    other = meeting_make(world, case_make(world), [seat(world, Role.MENTAL_HEALTH)])
    mine = words(get(world, Role.PUBLIC_HEALTH, "meetings"))
    assert meeting.number in mine and other.number not in mine
    assert "No meetings are planned" in words(get(world, Role.EDUCATION, "meetings"))
    of_case = words(get(world, CW, "case_meetings", other.case_file_id))
    assert other.number in of_case and meeting.number not in of_case


def queries(world: World, name: str, *args: object) -> int:
    client = client_of(world, CW)
    address = reverse(f"mdt:{name}", args=args)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_lists_and_plans_cost_the_same_for_one_row_and_for_many(world: World) -> None:
    case_file = case_make(world)
    small = meeting_make(world, case_file, [seat(world, CW)])
    one = {
        name: queries(world, name, *args)
        for name, *args in (
            ("meetings",),
            ("meeting", small.pk),
            ("session", small.pk),
            ("schedule", case_file.pk),
        )
    }
    deemed = [
        seat(world, role, reason=REASON) for role in (Role.EDUCATION, Role.ADVOCATE, Role.LAW_ENFORCEMENT)
    ]
    full = meeting_make(world, case_file, [*(seat(world, role) for role in STATUTORY), *deemed])
    for _ in range(5):
        meeting_make(world, case_make(world), [])
    many = {
        name: queries(world, name, *args)
        for name, *args in (
            ("meetings",),
            ("meeting", full.pk),
            ("session", full.pk),
            ("schedule", case_file.pk),
        )
    }
    assert many == one


def test_every_page_answers_a_head_or_post_it_does_not_know_with_no_change(
    world: World, meeting: Meeting
) -> None:
    client = client_of(world, CW)
    assert client.post(reverse("mdt:meeting", args=[meeting.pk])).status_code == 405
    assert (
        client.get(reverse("mdt:minutes", args=[meeting.pk, current_item(world, meeting).pk])).status_code
        == 405
    )
    assert now_stands(world, meeting).state == State.SCHEDULED
