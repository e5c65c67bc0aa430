"""Unusual looks: asked about by those who review the person, answered in words, and never beyond the walls."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Duty, Role
from agencies.models import Person
from cseccase.audit.models import AccessEntry
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.models import Referral
from referrals.services.referral import ChildSaid
from reporting.models import HomeAddress, LookReview
from tests.pages import words
from tests.reporting.views.pages import MARKERS, signed_in
from tests.worlds import World, county_make, person_make, referral_make

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Los_Angeles")
URL = "/reports/who-looked/unusual"


def local(days_ago: int, at: time) -> datetime:
    day = datetime.now(ZONE).date() - timedelta(days=days_ago)
    return datetime.combine(day, at, ZONE).astimezone(UTC)


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def referral(world: World) -> Referral:
    return referral_make(world, child=ChildSaid(given_name="Zyx", family_name="Markerchild"))


@pytest.fixture
def supervisor(world: World) -> Client:
    return signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))


def look(
    world: World, person: Person, referral: Referral, at: datetime, verb: Verb = Verb.CASE_VIEWED
) -> None:
    from agencies.viewers import viewer_of

    viewer = viewer_of(person, now=datetime.now(UTC))
    with viewing_as(viewer):
        record(
            verb,
            viewer=viewer,
            at=at,
            subject_kind="case_file",
            subject=referral.case_file_id,
            case_file=referral.case_file_id,
        )


def days_of(client: Client, **query: str) -> str:
    answer = client.get(URL, query)
    assert answer.status_code == 200
    return words(answer)


def test_a_look_without_a_tie_and_at_night_asks_for_a_question_and_one_with_a_task_does_not(
    world: World, referral: Referral, supervisor: Client
) -> None:
    stranger = person_make(world.agencies["CW"], Duty.LINE_WORKER, name="Noa Stranger")
    look(world, stranger, referral, local(1, time(2, 14)))
    hotline = world.person(Role.CHILD_WELFARE, Duty.HOTLINE)  # took the referral, and works at night
    look(world, hotline, referral, local(1, time(3)))
    said = days_of(supervisor)
    assert "Noa Stranger" in said
    assert "No duty, referral, entry or seat of theirs" in said
    assert str(referral.case_file) in said
    assert "Opened at 2:14 a.m." in said
    assert hotline.full_name not in said
    assert not any(marker in said for marker in MARKERS)
    assert "Noa Stranger" in days_of(supervisor, why="night")
    assert "Noa Stranger" not in days_of(supervisor, why="volume")


def test_somebody_who_answers_for_the_work_of_their_agency_is_tied_to_it(
    world: World, referral: Referral
) -> None:
    person = world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    look(world, person, referral, local(1, time(12)))
    officer = signed_in(world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER))
    assert person.full_name not in days_of(officer)


def test_a_family_name_in_common_is_said_only_to_those_who_may_know_the_childs_name(
    world: World, referral: Referral, supervisor: Client
) -> None:
    relative = person_make(world.agencies["CW"], Duty.LINE_WORKER, name="Ana Markerchild")
    look(world, relative, referral, local(1, time(12)))
    common = "Their family name is also the child’s"
    assert common in days_of(supervisor)
    for role, duty in ((Role.CHILD_WELFARE, Duty.SECURITY_OFFICER), (Role.STEERING_COMMITTEE, Duty.AUDITOR)):
        said = days_of(signed_in(world.person(role, duty)))
        assert "Ana Markerchild" in said, "there is no tie either"
        assert common not in said


def test_many_refused_tries_and_many_files_ask_for_a_question(world: World, supervisor: Client) -> None:
    person = person_make(world.agencies["CW"], Duty.LINE_WORKER, name="Noa Stranger")
    client = signed_in(person)
    for _ in range(5):
        assert client.get("/cases/00000000-0000-0000-0000-000000000001").status_code == 404
    assert "5 tries that day were refused" in days_of(supervisor, why="misses")


def test_a_reviewer_sees_only_their_own_agencys_people_and_the_auditor_everybodys(
    world: World, referral: Referral, supervisor: Client
) -> None:
    theirs = person_make(world.agencies["PO"], Duty.LINE_WORKER, name="Pat Outside")
    look(world, theirs, referral, local(1, time(12)))
    assert "Pat Outside" not in days_of(supervisor)
    assert "Pat Outside" in days_of(signed_in(world.person(Role.PROBATION, Duty.SUPERVISOR)))
    assert "Pat Outside" in days_of(signed_in(world.person(Role.STEERING_COMMITTEE, Duty.AUDITOR)))
    elsewhere = county_make("Otherwhere County")
    assert "Pat Outside" not in days_of(signed_in(elsewhere.person(Role.STEERING_COMMITTEE, Duty.AUDITOR)))
    yesterday = local(1, time(12)).astimezone(ZONE).date().isoformat()
    day = reverse("reporting:unusual_day", args=[theirs.pk, yesterday])
    assert supervisor.get(day).status_code == 404
    assert signed_in(world.person(Role.CHILD_WELFARE)).get(URL).status_code == 403


def test_a_case_that_the_reviewers_agency_does_not_see_has_no_number(
    world: World, referral: Referral
) -> None:
    person = person_make(world.agencies["ED"], Duty.LINE_WORKER, name="Noa Stranger")
    look(world, person, referral, local(1, time(12)))
    said = days_of(signed_in(world.person(Role.EDUCATION, Duty.SUPERVISOR)))
    assert "Noa Stranger" in said
    assert str(referral.case_file) not in said


def test_an_answer_is_kept_for_good_leaves_the_list_and_is_itself_logged(
    world: World, referral: Referral, supervisor: Client
) -> None:
    person = person_make(world.agencies["CW"], Duty.LINE_WORKER, name="Noa Stranger")
    look(world, person, referral, local(1, time(2)))
    day = local(1, time(12)).astimezone(ZONE).date()
    url = reverse("reporting:unusual_day", args=[person.pk, day.isoformat()])
    assert "Opened the case file" in words(supervisor.get(url))
    nothing = supervisor.post(url, {"finding": "explained", "words": " "})
    assert nothing.status_code == 400
    assert "Write a few words" in words(nothing)
    assert (
        supervisor.post(url, {"finding": "explained", "words": "Stood in for a colleague."}).status_code
        == 302
    )
    assert "Noa Stranger" not in days_of(supervisor)
    assert "Stood in for a colleague." in days_of(supervisor, reviewed="yes")
    reviewer = world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with acting_because("test"):
        review = LookReview.objects.get()
        assert (review.person_id, review.day, review.reviewed_by_id) == (person.pk, day, reviewer.pk)
        entry = AccessEntry.objects.get(verb=Verb.LOOKS_REVIEWED)
        assert (entry.person, entry.subject) == (reviewer.pk, person.pk)
        assert "colleague" not in str(entry.facts)


def test_nobody_reviews_their_own_looks(world: World, referral: Referral, supervisor: Client) -> None:
    me = world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    today = datetime.now(ZONE).date().isoformat()
    url = reverse("reporting:unusual_day", args=[me.pk, today])
    assert "nobody reviews their own" in words(supervisor.get(url))
    assert supervisor.post(url, {"finding": "explained", "words": "It was I."}).status_code == 403
    with acting_because("test"):
        assert not LookReview.objects.exists()


@pytest.mark.parametrize(
    "query",
    [{"from_on": "2026-01-01", "to_on": "2026-03-01"}, {"why": "x"}, {"from_on": "soon"}, {"reviewed": "x"}],
)
def test_days_that_make_no_sense_are_told_so(supervisor: Client, query: dict[str, str]) -> None:
    answer = supervisor.get(URL, query)
    assert answer.status_code == 400
    assert "Mend this" in words(answer)


@pytest.mark.parametrize("before", ["x", "2026-01-01|1", "|"])
def test_a_page_key_or_a_day_that_is_none_finds_nothing(
    world: World, supervisor: Client, before: str
) -> None:
    assert supervisor.get(URL, {"before": before}).status_code == 404
    person = world.person(Role.CHILD_WELFARE)
    assert supervisor.get(reverse("reporting:unusual_day", args=[person.pk, "soon"])).status_code == 404


def test_thirty_people_cost_as_many_queries_as_one_and_pages_follow_without_a_gap(
    world: World, referral: Referral, supervisor: Client
) -> None:
    def stranger(number: int) -> None:
        person = Person.objects.create_user(
            email=f"s{number}@cw.example", full_name=f"Noa S{number:02}", agency=world.agencies["CW"]
        )
        with viewing_as(None, because="test"):
            AccessEntry.objects.create(
                at=local(1, time(12)),
                verb=Verb.CASE_VIEWED,
                person=person.pk,
                person_name=person.full_name,
                agency=person.agency_id,
                subject_kind="case_file",
                case_file=referral.case_file_id,
            )

    stranger(0)
    supervisor.get(URL)
    with CaptureQueriesContext(connection) as few:
        supervisor.get(URL)
    for number in range(1, 30):
        stranger(number)
    with CaptureQueriesContext(connection) as many:
        first = supervisor.get(URL)
    assert len(few) == len(many)
    older = first.context["older_url"]
    both = words(first) + words(supervisor.get(URL + older))
    assert all(f"Noa S{number:02}" in both for number in range(30))
    assert sum(words(first).count(f"Noa S{number:02}, ") for number in range(30)) >= 25


def test_a_home_is_kept_as_a_fingerprint_by_the_security_officer_alone_and_compared_with_the_file(
    world: World, supervisor: Client
) -> None:
    referral = referral_make(world, place="With an aunt, 1200 N. Main St., Apt 4")
    neighbour = person_make(world.agencies["CW"], Duty.LINE_WORKER, name="Noa Neighbour")
    look(world, neighbour, referral, local(1, time(12)))
    url = reverse("reporting:home_address", args=[neighbour.pk])
    officer = signed_in(world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER))
    common = "They live at an address that stands in the file"
    assert common not in days_of(supervisor)
    assert supervisor.post(url, {"address": "1200 Main Street"}).status_code == 403
    assert signed_in(world.person(Role.PROBATION, Duty.SECURITY_OFFICER)).post(url).status_code == 404
    assert officer.post(url, {"address": "somewhere"}).status_code == 400
    assert officer.post(url, {"address": "1200 Main Street"}).status_code == 302
    assert common in days_of(supervisor)
    assert common not in days_of(officer), "who sees no record is told nothing of what stands in it"
    with acting_because("test"):
        assert "main" not in str(HomeAddress.objects.values().get()).lower()
        assert len(HomeAddress.objects.get().fingerprint) == 64
        entry = AccessEntry.objects.get(verb=Verb.STAFF_CHANGED, subject=neighbour.pk, subject_kind="person")
        assert "Main" not in str(entry.facts)
    assert officer.post(url, {"address": ""}).status_code == 302
    assert common not in days_of(supervisor)
