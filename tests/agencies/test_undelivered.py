"""Messages that did not leave: the agency's officer and supervisor see whom they must tell, and have them tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.choices import Duty, Role
from agencies.models import Person, TextNumber
from cseccase.confidentiality.context import acting_because
from cseccase.outbox.models import Message
from tests.pages import client_of, words
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
WHY = "test"


@pytest.fixture
def world() -> World:
    return county_make()


def unsent(person: Person, **said: Any) -> UUID:
    now = datetime.now(UTC)
    usual = {
        "template": "duty",
        "state": "failed",
        "problem": "SMTPRecipientsRefused",
        "attempts": 12,
        "created_at": now - timedelta(hours=2),
        "next_try_at": now - timedelta(hours=1),
    }
    with acting_because(WHY):
        return Message.objects.create(key=str(uuid4()), recipient=person, **{**usual, **said}).pk


def message(pk: UUID) -> Message:
    with acting_because(WHY):
        return Message.objects.get(pk=pk)


def again(client: Client, pk: UUID) -> Any:
    return client.post(f"/people/messages/{pk}/again")


@pytest.mark.parametrize("duty", [Duty.SECURITY_OFFICER, Duty.SUPERVISOR])
def test_who_answers_for_the_agency_sees_its_unsent_messages_and_no_others(world: World, duty: Duty) -> None:
    mine, other = world.person(Role.ADVOCATE), world.person(Role.PROBATION)
    unsent(mine), unsent(other)
    unsent(mine, state="sent", sent_at=datetime.now(UTC), problem="", template="meeting")
    page = words(client_of(world, Role.ADVOCATE, duty).get("/people/messages/"))
    assert mine.full_name in page and "refuses this address" in page and "Given up" in page
    assert other.full_name not in page and "meeting" not in page


def test_the_list_says_by_which_way_and_never_the_number(world: World) -> None:
    person = world.person(Role.ADVOCATE)
    with acting_because(WHY):
        now = datetime.now(UTC)
        number = TextNumber.objects.create(
            person=person, number="+15553100142", written_at=now, code_until=now, confirmed_at=now
        )
    unsent(person, channel="text", target=number.pk, problem="Refused", attempts=1)
    unsent(person, channel="push", target=uuid4(), problem="NotNow", state="waiting", attempts=2)
    unsent(person, channel="push", target=uuid4(), problem="", state="ended")
    page = words(client_of(world, Role.ADVOCATE, Duty.SUPERVISOR).get("/people/messages/"))
    assert "Text message" in page and "gateway refuses this number" in page and "0142" not in page
    assert "Notice on a device" in page and "push service could not be reached" in page
    assert page.count("Try again") == 2


def test_a_worker_is_told_whose_page_it_is(world: World) -> None:
    answer = client_of(world, Role.ADVOCATE).get("/people/messages/")
    assert answer.status_code == 403 and "security officer or a supervisor" in words(answer)
    pk = unsent(world.person(Role.ADVOCATE))
    assert again(client_of(world, Role.ADVOCATE), pk).status_code == 403
    assert message(pk).state == "failed"


def test_try_again_gives_a_message_all_its_tries_back(world: World) -> None:
    officer = client_of(world, Role.ADVOCATE, Duty.SECURITY_OFFICER)
    pk = unsent(world.person(Role.ADVOCATE))
    before = datetime.now(UTC)
    assert again(officer, pk).status_code == 302
    row = message(pk)
    assert (row.state, row.attempts) == ("waiting", 0) and row.next_try_at >= before
    assert "in line again" in words(officer.get("/people/messages/"))


def test_another_agencys_message_and_an_absent_one_answer_alike(world: World) -> None:
    officer = client_of(world, Role.ADVOCATE, Duty.SECURITY_OFFICER)
    theirs = unsent(world.person(Role.PROBATION))
    hidden, absent = again(officer, theirs), again(officer, uuid4())
    assert hidden.status_code == absent.status_code == 404
    assert message(theirs).state == "failed"


@pytest.mark.parametrize("state", ["sent", "leased"])
def test_what_is_sent_or_being_sent_is_left_as_it_is(world: World, state: str) -> None:
    now = datetime.now(UTC)
    pk = unsent(world.person(Role.ADVOCATE), state=state, sent_at=now, lease_until=now)
    again(client_of(world, Role.ADVOCATE, Duty.SUPERVISOR), pk)
    assert message(pk).state == state


def test_the_list_is_paged_and_its_cost_does_not_grow(world: World) -> None:
    officer = client_of(world, Role.ADVOCATE, Duty.SECURITY_OFFICER)
    unsent(world.person(Role.ADVOCATE))
    officer.get("/people/messages/")
    with CaptureQueriesContext(connection) as few:
        officer.get("/people/messages/")
    for _ in range(30):
        unsent(world.person(Role.ADVOCATE))
    with CaptureQueriesContext(connection) as many:
        page = officer.get("/people/messages/")
    assert len(many) == len(few)
    assert page.content.count(b"Given up") == 25
    assert officer.get("/people/messages/?page=2").content.count(b"Given up") == 6
