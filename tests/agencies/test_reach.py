"""A person chooses where they are told: a number shown to be theirs, a browser on a device; and takes either back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from agencies.choices import Role
from agencies.models import PushDevice, TextNumber
from agencies.services.reach import CODE_TRIES, code_of, number_confirm, number_read
from agencies.services.staff import person_deactivate
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.outbox.models import Message
from cseccase.outbox.webpush import private_key, public_text, push_key_new
from tests.pages import client_of, words
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
WHY = "test"
NUMBER = "(555) 310-0142"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def client(world: World) -> Client:
    return client_of(world, Role.ADVOCATE)


def numbers() -> list[TextNumber]:
    with acting_because(WHY):
        return list(TextNumber.objects.order_by("written_at"))


def devices() -> list[PushDevice]:
    with acting_because(WHY):
        return list(PushDevice.objects.order_by("added_at"))


def ask(client: Client, number: str = NUMBER) -> Any:
    return client.post("/my-account/text", {"text-number": number}, follow=True)


def confirm(client: Client, code: str) -> Any:
    return client.post("/my-account/text/confirm", {"confirm-code": code}, follow=True)


def waiting() -> TextNumber:
    return next(row for row in numbers() if row.confirmed_at is None)


def wrong() -> str:
    return f"{(int(code_of(waiting())) + 1) % 1_000_000:06}"


def turn_on(client: Client, endpoint: str = ENDPOINT, **said: str) -> Any:
    usual = {
        "device-name": "desk in Fresno",
        "device-endpoint": endpoint,
        "device-p256dh": public_text(private_key(push_key_new())),
        "device-auth": "BTBZMqHH6r4Tts7J_aSIgg",
    }
    return client.post("/my-account/devices", {**usual, **said}, follow=True)


def test_a_number_takes_messages_once_its_owner_has_answered_the_code(client: Client) -> None:
    page = words(ask(client))
    assert "ending in 42" in page and NUMBER not in page and "+1555" not in page
    (row,) = numbers()
    assert row.confirmed_at is None and row.number == "+15553100142"
    assert "now go to this number" in words(confirm(client, f" {code_of(row)[:3]} {code_of(row)[3:]}"))
    assert numbers()[0].confirmed_at is not None


def test_a_wrong_code_is_counted_and_after_five_even_the_right_one_is_refused(client: Client) -> None:
    ask(client)
    right, other = code_of(waiting()), wrong()
    for left in range(CODE_TRIES - 1, 0, -1):
        assert f"Tries left: {left}" in words(confirm(client, other))
    assert "holds no longer" in words(confirm(client, other))
    assert "holds no longer" in words(confirm(client, right))
    assert waiting().tries == CODE_TRIES
    assert "holds no longer" in words(client.get("/my-account/"))


def test_a_code_holds_for_fifteen_minutes_and_no_longer(world: World, client: Client) -> None:
    ask(client)
    asked, right, viewer = waiting().written_at, code_of(waiting()), world.viewer(Role.ADVOCATE)
    with viewing_as(viewer):
        late = number_confirm(viewer=viewer, code=right, now=asked + timedelta(minutes=15))
        assert not late.right and late.tries_left == 0
        in_time = number_confirm(viewer=viewer, code=right, now=asked + timedelta(minutes=14, seconds=59))
        assert in_time.right


def test_each_asking_has_another_code_and_there_are_three_in_an_hour(client: Client) -> None:
    codes = set()
    for _ in range(3):
        ask(client)
        codes.add((waiting().seed, code_of(waiting())))
    assert len(codes) == 3
    assert "3 codes were sent within an hour" in words(ask(client))
    with acting_because(WHY):
        assert Message.objects.filter(template="code", channel="text").count() == 3


def test_the_old_number_goes_on_until_the_new_one_is_confirmed(client: Client) -> None:
    ask(client)
    confirm(client, code_of(waiting()))
    assert "Text messages go to this number already" in words(ask(client))
    ask(client, "555-310-0177")
    assert sorted(row.number[-2:] for row in numbers() if row.confirmed_at) == ["42"]
    confirm(client, code_of(waiting()))
    assert [row.number[-2:] for row in numbers()] == ["77"]


@pytest.mark.parametrize("said", ["", "310-0142", "+44 7700 900123", "123456789012", "555 310 014x"])
def test_what_is_no_mobile_number_is_refused_and_stands_in_the_form_again(client: Client, said: str) -> None:
    page = ask(client, said)
    assert not numbers()
    assert not said or f'value="{said}"' in page.content.decode()
    assert b"error-summary" in page.content


@given(st.from_regex(r"[2-9][0-9]{9}", fullmatch=True))
def test_however_it_is_written_a_number_is_read_as_one(ten: str) -> None:
    ways = (
        ten,
        f"1{ten}",
        f"+1 {ten}",
        f"({ten[:3]}) {ten[3:6]}-{ten[6:]}",
        f"{ten[:3]}.{ten[3:6]}.{ten[6:]}",
    )
    assert {number_read(way) for way in ways} == {f"+1{ten}"}


def test_another_persons_number_and_an_absent_one_answer_alike(world: World, client: Client) -> None:
    ask(client)
    other = client_of(world, Role.PROBATION)
    hidden = other.post(f"/my-account/text/{waiting().pk}/remove")
    absent = other.post(f"/my-account/text/{uuid4()}/remove")
    assert hidden.status_code == absent.status_code == 404 and len(numbers()) == 1
    assert confirm(other, code_of(waiting())).status_code == 404
    assert client.post(f"/my-account/text/{waiting().pk}/remove").status_code == 302 and not numbers()


def test_a_device_is_added_listed_by_its_name_and_removed_by_its_owner_alone(
    world: World, client: Client
) -> None:
    page = words(turn_on(client))
    assert "desk in Fresno" in page and ENDPOINT not in page
    (row,) = devices()
    other = client_of(world, Role.PROBATION)
    assert "desk in Fresno" not in words(other.get("/my-account/"))
    assert other.post(f"/my-account/devices/{row.pk}/remove").status_code == 404
    assert client.post(f"/my-account/devices/{row.pk}/remove").status_code == 302 and not devices()


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/x",
        "https://169.254.169.254/latest",
        "https://fcm.googleapis.com.evil.example/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://fcm.googleapis.com:8443/x",
        "file:///etc/passwd",
    ],
)
def test_nothing_but_a_known_push_service_is_ever_an_address(client: Client, endpoint: str) -> None:
    assert "not one that the county trusts" in words(turn_on(client, endpoint)) and not devices()


def test_what_is_no_subscription_is_refused(client: Client) -> None:
    assert "did not say where" in words(turn_on(client, **{"device-auth": "short"})) and not devices()


def test_a_shared_browser_shows_the_notices_of_whoever_turned_them_on_last(
    world: World, client: Client
) -> None:
    turn_on(client)
    other = client_of(world, Role.PROBATION)
    turn_on(other)
    (row,) = devices()
    assert row.person_id == world.person(Role.PROBATION).pk
    assert "desk in Fresno" not in words(client.get("/my-account/"))


def test_an_eleventh_device_is_refused(client: Client) -> None:
    for number in range(10):
        turn_on(client, f"{ENDPOINT}{number}")
    assert "You have 10 devices" in words(turn_on(client, f"{ENDPOINT}x")) and len(devices()) == 10


def test_a_county_without_gateways_offers_neither_and_says_so(client: Client, settings: Any) -> None:
    settings.OUTBOX_GATEWAYS = {"text": "", "push": ""}
    page = words(client.get("/my-account/"))
    assert "has not set up text messages" in page and "has not set up notices on devices" in page
    assert "has not set up" in words(ask(client)) and not numbers()
    assert "has not set up" in words(turn_on(client)) and not devices()


def test_nothing_goes_to_a_leavers_own_telephone_any_more(world: World, client: Client) -> None:
    ask(client)
    turn_on(client)
    with acting_because(WHY):
        person_deactivate(person=world.person(Role.ADVOCATE), now=datetime.now(UTC))
    assert not numbers() and not devices()


def test_only_in_practice_where_nothing_is_sent_the_page_itself_shows_the_code(
    client: Client, settings: Any
) -> None:
    page = words(ask(client))
    assert f"the code is {code_of(waiting())}" in page
    settings.OUTBOX_GATEWAYS = {**settings.OUTBOX_GATEWAYS, "text": "cseccase.outbox.gateways.TextGateway"}
    assert code_of(waiting()) not in words(client.get("/my-account/"))
    settings.OUTBOX_GATEWAYS = dict.fromkeys(
        settings.OUTBOX_GATEWAYS, "cseccase.outbox.gateways.ConsoleGateway"
    )
    settings.PRACTICE_DATA = False
    assert code_of(waiting()) not in words(client.get("/my-account/"))


def test_without_script_the_page_says_in_words_what_push_needs(client: Client) -> None:
    page = client.get("/my-account/").content.decode()
    assert "It needs JavaScript" in page and "no quiet hours" in page
