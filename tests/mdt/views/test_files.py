"""What leaves a meeting as a file: to whom, with which words, and never the child's name or place."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar, Event
from pypdf import PdfReader

from agencies.choices import Duty, Role
from agencies.models import Notice, Person
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because, viewing_as
from mdt.models import ActionItem, AgendaItem, Meeting
from mdt.selectors.meeting import agenda_of
from mdt.services.meeting import meeting_cancel, meeting_move
from mdt.services.seats import seat_remove
from referrals.models import Deadline
from referrals.services.restriction import restriction_set
from referrals.services.sharing import SectionKey, section_for
from tests.mdt.meetings import (
    NAME_MARKS,
    STATUTORY,
    hold,
    meeting_make,
    now_,
    ready,
    said,
    seat,
)
from tests.pages import sign_in
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
WHY = "test"
MINUTES_MARK = "Minutesmark was said"
ACTION_MARK = "Actionmark is done"


@pytest.fixture
def world() -> World:
    return county_make()


def signed_in(person: Person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def calendar_of(world: World, meeting: Meeting, role: Role) -> Event:
    answer = signed_in(world.person(role)).get(reverse("mdt:calendar", args=[meeting.pk]))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    event.method = str(calendar["METHOD"])
    assert f"method={event.method}" in answer["Content-Type"]
    return event


def calendar_status(world: World, meeting: Meeting, role: Role) -> int:
    return signed_in(world.person(role)).get(reverse("mdt:calendar", args=[meeting.pk])).status_code


def pdf_of_meeting(world: World, meeting: Meeting, role: Role) -> PdfReader:
    answer = signed_in(world.person(role)).get(reverse("mdt:summary", args=[meeting.pk]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def with_minutes(world: World, meeting: Meeting) -> None:
    """Minutes under the first item, and an action of Mental Health."""
    viewer = world.viewer(Role.CHILD_WELFARE)
    agency = world.agencies[Role.MENTAL_HEALTH.value]
    with viewing_as(viewer), acting_because(WHY):
        item: AgendaItem = agenda_of(viewer=viewer, meeting=meeting)[0].item
        item.minutes = MINUTES_MARK
        item.save()
        key = SectionKey("d01", custodian=agency.pk)
        section = section_for(case_file=meeting.case_file, key=key, viewer=viewer, now=now_())
        ActionItem(
            section=section,
            case_file=meeting.case_file,
            meeting=meeting.pk,
            decision=item.pk,
            words=ACTION_MARK,
            agency=agency,
            due_on=date(2026, 12, 1),
            set_at=now_(),
        ).save()


def test_a_members_calendar_gets_the_time_and_no_word_about_the_child(world: World) -> None:
    meeting = meeting_make(world)
    answer = signed_in(world.person(Role.MENTAL_HEALTH)).get(reverse("mdt:calendar", args=[meeting.pk]))
    text = answer.content.decode().replace("\r\n ", "")
    for mark in (*NAME_MARKS, meeting.place, meeting.reason, meeting.case_file.number, "Initial", "CSEC"):
        assert mark not in text
    assert meeting.number in text
    event = calendar_of(world, meeting, Role.MENTAL_HEALTH)
    assert event.method == "REQUEST"
    assert event.decoded("DTSTART").astimezone(UTC) == meeting.starts_at.replace(microsecond=0)


def test_an_agency_without_a_seat_gets_neither_file(world: World) -> None:
    meeting = meeting_make(world)
    for role, status in ((Role.EDUCATION, 404), (Role.DISTRICT_ATTORNEY, 404), (Role.PUBLIC_HEALTH, 200)):
        client = signed_in(world.person(role))
        for name in ("mdt:calendar", "mdt:summary"):
            assert client.get(reverse(name, args=[meeting.pk])).status_code == status, (role, name)


def test_a_moved_meeting_replaces_its_entry(world: World) -> None:
    meeting = meeting_make(world)
    before = calendar_of(world, meeting, Role.MENTAL_HEALTH)
    later = now_() + timedelta(days=5)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        meeting_move(viewer=viewer, meeting_id=meeting.pk, said=said(starts_at=later), now=now_())
    after = calendar_of(world, meeting, Role.MENTAL_HEALTH)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("DTSTART") > before.decoded("DTSTART")


def test_a_cancelled_meeting_closes_but_those_named_may_clear_their_calendar(world: World) -> None:
    meeting = meeting_make(world)
    before = calendar_of(world, meeting, Role.MENTAL_HEALTH)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        meeting_cancel(viewer=viewer, meeting_id=meeting.pk, reason="Called off", now=now_())
    after = calendar_of(world, meeting, Role.MENTAL_HEALTH)
    assert (after.method, after["UID"]) == ("CANCEL", before["UID"])
    assert after["SEQUENCE"] > before["SEQUENCE"]
    summary = reverse("mdt:summary", args=[meeting.pk])
    assert signed_in(world.person(Role.MENTAL_HEALTH)).get(summary).status_code == 404
    assert signed_in(world.person(Role.CHILD_WELFARE)).get(summary).status_code == 200
    assert calendar_status(world, meeting, Role.EDUCATION) == 404


def test_whose_invitation_no_longer_holds_learns_that_and_nothing_else(world: World) -> None:
    meeting = meeting_make(world)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        meeting_cancel(viewer=viewer, meeting_id=meeting.pk, reason="Reasonmark", now=now_())
    url = reverse("mdt:meeting", args=[meeting.pk])
    page = signed_in(world.person(Role.MENTAL_HEALTH)).get(url)
    words = page.content.decode()
    assert page.status_code == 200
    assert "not needed at this meeting any more" in words
    for mark in (*NAME_MARKS, "Reasonmark", meeting.reason, meeting.case_file.number, meeting.place):
        assert mark not in words
    colleague = world.person(Role.MENTAL_HEALTH, Duty.SUPERVISOR)
    for person in (colleague, world.person(Role.EDUCATION)):
        assert signed_in(person).get(url).status_code == 404


def test_a_seat_taken_back_leaves_only_the_cancellation_to_the_person_it_named(world: World) -> None:
    meeting = meeting_make(world)
    agency = world.agencies[Role.PUBLIC_HEALTH.value]
    before = calendar_of(world, meeting, Role.PUBLIC_HEALTH)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        seat_remove(viewer=viewer, meeting_id=meeting.pk, agency_id=agency.pk, now=now_())
    after = calendar_of(world, meeting, Role.PUBLIC_HEALTH)
    assert after.method == "CANCEL"
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert calendar_of(world, meeting, Role.MENTAL_HEALTH).method == "REQUEST"
    other = world.person(Role.PUBLIC_HEALTH, Duty.SUPERVISOR)
    assert signed_in(other).get(reverse("mdt:calendar", args=[meeting.pk])).status_code == 404
    with viewing_as(viewer):
        for _ in range(2):
            meeting_move(
                viewer=viewer,
                meeting_id=meeting.pk,
                said=said(starts_at=now_() + timedelta(days=9)),
                now=now_(),
            )
    moved, still = (
        calendar_of(world, meeting, Role.MENTAL_HEALTH),
        calendar_of(world, meeting, Role.PUBLIC_HEALTH),
    )
    assert moved["DTSTART"].dt != before["DTSTART"].dt
    assert [still[name].dt for name in ("DTSTART", "DTEND")] == [
        before[name].dt for name in ("DTSTART", "DTEND")
    ]
    assert still["SEQUENCE"] == after["SEQUENCE"], "how often it changed since is not theirs to know"


def test_in_a_restricted_file_nobody_else_hears_of_a_meeting_or_finds_that_it_is_off(world: World) -> None:
    meeting = meeting_make(world, seats=[seat(world, role) for role in STATUTORY[:3]])
    chief = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with acting_because("test"):
        owing = Deadline.objects.unrestricted(because="test").filter(case_file=meeting.case_file, met_at=None)
        roles = set(owing.values_list("owed_by__role", flat=True)) - {"CW", "MH"}
    named = [world.person(Role(role)) for role in (Role.CHILD_WELFARE, *sorted(roles))]
    outsider = world.person(Role.MENTAL_HEALTH)
    with viewing_as(chief):
        restriction_set(
            viewer=chief,
            case_file=meeting.case_file,
            emails=[world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR).email, *(one.email for one in named)],
            reason="The clinician is the child's uncle.",
            now=now_(),
        )
    worker = world.viewer(Role.CHILD_WELFARE)

    def told(person: Person) -> int:
        return Notice.objects.filter(recipient=person, subject=meeting.pk).count()

    with acting_because("test"):
        before = told(outsider), told(named[0])
    with viewing_as(worker):
        later = said(starts_at=now_() + timedelta(days=9))
        meeting_move(viewer=worker, meeting_id=meeting.pk, said=later, now=now_())
        meeting_cancel(viewer=worker, meeting_id=meeting.pk, reason="Not now", now=now_())
    with acting_because("test"):
        assert told(outsider) == before[0] and told(named[0]) == before[1] + 2
    client = signed_in(outsider)
    for name in ("mdt:meeting", "mdt:calendar"):
        hidden, absent = (client.get(reverse(name, args=[pk])) for pk in (meeting.pk, uuid4()))
        assert hidden.status_code == absent.status_code == 404


def test_the_summary_is_tagged_letter_paper_with_its_notice_and_stamp(world: World) -> None:
    meeting = meeting_make(world)
    reader = pdf_of_meeting(world, meeting, Role.CHILD_WELFARE)
    root, box, text = reader.trailer["/Root"], reader.pages[0].mediabox, text_of(reader)
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert reader.metadata is not None
    assert reader.metadata.title == "Team meeting summary"
    assert (float(box.width), float(box.height)) == (612, 792)
    for words in (
        "WIC 830, 18961.7",
        "members of this meeting only",
        "Printed by",
        "Page 1 of",
        meeting.number,
    ):
        assert words in text


def test_the_summary_tells_each_member_what_that_member_may_see(world: World) -> None:
    table = [seat(world, role) for role in STATUTORY]
    table.append(seat(world, Role.DISTRICT_ATTORNEY, reason="Decides about the exploiter's case"))
    meeting = meeting_make(world, seats=table)
    with_minutes(world, meeting)
    for role, sees_action in (
        (Role.CHILD_WELFARE, True),
        (Role.MENTAL_HEALTH, True),
        (Role.DISTRICT_ATTORNEY, False),
    ):
        text = text_of(pdf_of_meeting(world, meeting, role))
        assert MINUTES_MARK in text, role
        assert (ACTION_MARK in text) is sees_action, role
        for mark in NAME_MARKS:
            assert mark not in text, role


def test_the_summary_says_who_was_there_once_it_was_held(world: World) -> None:
    meeting = meeting_make(world, starts_at=now_() - timedelta(minutes=1))
    ready(world, meeting)
    assert "Took part" not in text_of(pdf_of_meeting(world, meeting, Role.CHILD_WELFARE))
    hold(world, meeting)
    text = text_of(pdf_of_meeting(world, meeting, Role.CHILD_WELFARE))
    assert "Took part" in text
    assert "Came" in text


def test_each_file_is_recorded_without_a_word_of_what_it_holds(world: World) -> None:
    meeting = meeting_make(world)
    with_minutes(world, meeting)
    pdf_of_meeting(world, meeting, Role.MENTAL_HEALTH)
    calendar_of(world, meeting, Role.MENTAL_HEALTH)
    with acting_because(WHY):
        entries = {
            entry.verb: entry
            for entry in AccessEntry.objects.filter(
                person=world.person(Role.MENTAL_HEALTH).pk, subject=meeting.pk
            )
        }
    assert {Verb.DOCUMENT_PRINTED.value, Verb.CALENDAR_EXPORTED.value} <= entries.keys()
    for entry in entries.values():
        assert not any(mark in str(entry.facts) for mark in (*NAME_MARKS, MINUTES_MARK, ACTION_MARK))


def test_a_summary_costs_the_same_however_much_was_written(world: World) -> None:
    meeting = meeting_make(world)
    client = signed_in(world.person(Role.CHILD_WELFARE))
    url = reverse("mdt:summary", args=[meeting.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as bare:
        client.get(url)
    for _ in range(5):
        with_minutes(world, meeting)
    with CaptureQueriesContext(connection) as full:
        client.get(url)
    assert len(full) == len(bare)


def test_a_file_of_a_young_person_who_turned_eighteen_is_closed(world: World) -> None:
    from tests.mdt.meetings import case_make

    seventeen = datetime.now(UTC).date() - timedelta(days=17 * 366)
    meeting = meeting_make(world, case_make(world, born_on=seventeen, age_said=None))
    url = reverse("mdt:summary", args=[meeting.pk])
    assert signed_in(world.person(Role.MENTAL_HEALTH)).get(url).status_code == 200
    turn_eighteen(meeting)
    assert signed_in(world.person(Role.MENTAL_HEALTH)).get(url).status_code == 404


def turn_eighteen(meeting: Meeting) -> None:
    """The birth date turns out to be a year earlier, and the grants follow."""
    from referrals.models import Child
    from referrals.services.sharing import sharing_settle

    with acting_because(WHY):
        child = Child.objects.unrestricted(because=WHY).get(case_file=meeting.case_file_id)
        child.born_on = child.born_on.replace(year=child.born_on.year - 2)
        child.save()
        sharing_settle(case_file=meeting.case_file, now=now_())
