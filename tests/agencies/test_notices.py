"""The inbox: whose notices, in which words, and what opening one does."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Duty, Role
from agencies.models import Notice, Person
from agencies.selectors.inbox import PAGE, notice_words
from cseccase.confidentiality.context import viewing_as
from referrals.deadlines.rules import STAGE_NAMES
from tests.agencies.pages import signed_in
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
WHY = "a test writes notices"
NOW = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def client(world: World) -> Client:
    return signed_in(world, Role.CHILD_WELFARE)


def tell(
    person: Person, *, ago: int = 0, about: str = "deadline", stage: str = "due", up: bool = False
) -> Notice:
    with viewing_as(None, because=WHY):
        return Notice.objects.create(
            recipient=person,
            about=about,
            subject=uuid.uuid4(),
            stage=stage,
            escalated=up,
            created_at=NOW - timedelta(minutes=ago),
        )


def test_only_ones_own_are_listed_newest_first(world: World, client: Client) -> None:
    mine = world.person(Role.CHILD_WELFARE)
    tell(mine, ago=5, stage="started")
    tell(mine, ago=1, stage="due")
    tell(world.person(Role.PROBATION), stage="still")
    page = client.get("/notices/").content.decode()
    assert page.index("A duty is due now") < page.index("A new duty waits for you")
    assert "still not done" not in page
    assert "2 notices are new" in page


def test_an_escalated_one_says_so(world: World, client: Client) -> None:
    tell(world.person(Role.CHILD_WELFARE))
    assert "nobody has done it yet" not in client.get("/notices/").content.decode()
    tell(world.person(Role.CHILD_WELFARE), up=True)
    assert "nobody has done it yet" in client.get("/notices/").content.decode()


@pytest.mark.parametrize(("about", "page"), [("deadline", "referrals:duty"), ("meeting", "mdt:meeting")])
def test_opening_marks_it_read_and_goes_to_its_subject(
    world: World, client: Client, about: str, page: str
) -> None:
    mine = world.person(Role.CHILD_WELFARE)
    notice, other = tell(mine, about=about), tell(mine)
    answer = client.post(f"/notices/{notice.pk}")
    assert answer["Location"] == reverse(page, args=[notice.subject])
    with viewing_as(None, because=WHY):
        notice.refresh_from_db()
        other.refresh_from_db()
    assert notice.read_at is not None
    assert other.read_at is None
    assert client.get(f"/notices/{notice.pk}").status_code == 405, "a link changes nothing"


def test_somebody_elses_notice_looks_like_none(world: World, client: Client) -> None:
    theirs = tell(world.person(Role.PROBATION))
    hidden, absent = client.post(f"/notices/{theirs.pk}"), client.post(f"/notices/{uuid.uuid4()}")
    assert hidden.status_code == absent.status_code == 404
    with viewing_as(None, because=WHY):
        theirs.refresh_from_db()
    assert theirs.read_at is None


def test_all_are_marked_read_at_once_and_nobody_elses(world: World, client: Client) -> None:
    mine, theirs = tell(world.person(Role.CHILD_WELFARE)), tell(world.person(Role.PROBATION))
    assert client.post("/notices/").status_code == 302
    with viewing_as(None, because=WHY):
        mine.refresh_from_db()
        theirs.refresh_from_db()
    assert mine.read_at is not None
    assert theirs.read_at is None


def test_the_frame_counts_the_unread(world: World, client: Client) -> None:
    assert "new</span></b>" not in client.get("/my-account/").content.decode()
    notice = tell(world.person(Role.CHILD_WELFARE))
    assert "<b>1<span" in client.get("/my-account/").content.decode()
    client.post(f"/notices/{notice.pk}")
    assert "<b>1<span" not in client.get("/my-account/").content.decode()


def test_a_long_inbox_is_paged_and_costs_the_same(world: World, client: Client) -> None:
    mine = world.person(Role.CHILD_WELFARE)
    tell(mine)
    client.get("/notices/")
    with CaptureQueriesContext(connection) as few:
        assert "Older" not in client.get("/notices/").content.decode()
    for number in range(PAGE):
        tell(mine, ago=number)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/notices/").content.decode()
    assert len(many) == len(few)
    assert "?page=2" in page
    last = client.get("/notices/?page=2").content.decode()
    assert "?page=1" in last
    assert "?page=3" not in last


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "²"])
def test_an_odd_page_number_breaks_nothing(client: Client, page: str) -> None:
    assert client.get("/notices/", {"page": page}).status_code == 200


@pytest.mark.parametrize("stage", STAGE_NAMES)
def test_every_stage_of_a_duty_has_its_own_words(stage: str) -> None:
    others = {notice_words("deadline", name) for name in STAGE_NAMES if name != stage}
    assert notice_words("deadline", stage) not in others


def test_a_person_without_any_duty_has_an_inbox_too(world: World) -> None:
    client = signed_in(world, Role.STEERING_COMMITTEE, Duty.AUDITOR)
    assert "No notices." in client.get("/notices/").content.decode()
