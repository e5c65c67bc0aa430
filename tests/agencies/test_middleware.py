"""How long a session lives, and what a hidden one shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client, override_settings

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import viewing_as
from cseccase.drafts.models import Draft
from tests.agencies.pages import PASSWORD, signed_in
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
PAGE = "/my-account/"


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def client(world: World, clock: time_machine.Coordinates) -> Client:
    client = signed_in(world, Role.CHILD_WELFARE)
    assert client.get(PAGE).status_code == 200
    return client


def ended(response: object) -> bool:
    return getattr(response, "status_code", 0) == 302 and "ended=1" in response["Location"]  # type: ignore[index]


def test_a_session_ends_after_fifteen_idle_minutes_and_not_before(
    client: Client, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(minutes=14, seconds=59))
    assert client.get(PAGE).status_code == 200
    clock.shift(timedelta(minutes=15))
    assert ended(client.get(PAGE))
    assert client.get(PAGE)["Location"].startswith("/account/login/")


def test_a_session_ends_after_twelve_hours_of_steady_work(
    client: Client, clock: time_machine.Coordinates
) -> None:
    for _ in range(71):
        clock.shift(timedelta(minutes=10))
        assert client.get(PAGE).status_code == 200
    clock.shift(timedelta(minutes=10))
    assert ended(client.get(PAGE))


def test_a_refresh_in_the_background_does_not_keep_a_session_alive(
    client: Client, clock: time_machine.Coordinates
) -> None:
    for _ in range(2):
        clock.shift(timedelta(minutes=7))
        assert client.get(PAGE, headers={"X-Background": "1"}).status_code == 200
    clock.shift(timedelta(minutes=1))
    answer = client.get(PAGE, headers={"X-Background": "1"})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/json"


def test_only_the_header_makes_a_request_a_background_one(
    client: Client, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(minutes=14))
    assert client.get(PAGE, headers={"X-Background": "0"}).status_code == 200
    clock.shift(timedelta(minutes=14))
    assert client.get(PAGE).status_code == 200


def test_the_end_leads_back_to_the_same_page(client: Client, clock: time_machine.Coordinates) -> None:
    clock.shift(timedelta(minutes=16))
    answer = client.get("/sharing-rules/?role=DA")
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked == {"ended": ["1"], "next": ["/sharing-rules/?role=DA"]}
    page = client.get(answer["Location"]).content.decode()
    assert "Your session ended" in page
    assert "/sharing-rules/?role=DA" in page


def test_a_form_sent_too_late_leads_back_to_its_page_and_its_draft(
    world: World, client: Client, clock: time_machine.Coordinates
) -> None:
    client.post("/drafts/urgent", {"note": "half a sentence"})
    clock.shift(timedelta(minutes=16))
    answer = client.post("/notices/", headers={"Referer": "http://testserver/notices/?page=2"})
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/notices/"]
    assert not Draft.objects.exists(), "nobody signed in reads no draft"
    with viewing_as(world.viewer(Role.CHILD_WELFARE)):
        assert Draft.objects.get().answers == {"note": ["half a sentence"]}


def test_the_end_never_leads_to_another_site(client: Client, clock: time_machine.Coordinates) -> None:
    clock.shift(timedelta(minutes=16))
    answer = client.post("/notices/", headers={"Referer": "https://elsewhere.example/notices/"})
    assert "next" not in parse_qs(urlsplit(answer["Location"]).query)


def test_a_draft_sent_after_the_end_is_refused_in_json(
    client: Client, clock: time_machine.Coordinates
) -> None:
    assert client.post("/drafts/urgent", {"note": "a"}).status_code == 200
    clock.shift(timedelta(minutes=16))
    assert client.post("/drafts/urgent", {"note": "a"}).status_code == 401


def test_the_page_says_until_when_and_counts_no_further_than_the_twelve_hours(
    client: Client, clock: time_machine.Coordinates
) -> None:
    page = client.get(PAGE).content.decode()
    assert 'data-idle-seconds="900"' in page
    assert "Signed in until 9:15 a.m." in page
    for _ in range(71):
        clock.shift(timedelta(minutes=10))
        page = client.get(PAGE).content.decode()
    assert 'data-idle-seconds="600"' in page
    assert "Signed in until 9:00 p.m." in page


class TestExtend:
    def test_a_script_is_told_until_when_and_the_session_lives_on(
        self, client: Client, clock: time_machine.Coordinates
    ) -> None:
        clock.shift(timedelta(minutes=14))
        answer = client.post("/session/extend", headers={"Accept": "*/*"})
        assert answer.status_code == 200
        until = datetime.fromisoformat(answer.json()["signed_in_until"])
        assert until == START + timedelta(minutes=29)
        clock.shift(timedelta(minutes=14))
        assert client.get(PAGE).status_code == 200

    def test_nothing_is_promised_beyond_twelve_hours(
        self, client: Client, clock: time_machine.Coordinates
    ) -> None:
        for _ in range(71):
            clock.shift(timedelta(minutes=10))
            client.get(PAGE)
        answer = client.post("/session/extend", headers={"Accept": "*/*"})
        assert datetime.fromisoformat(answer.json()["signed_in_until"]) == START + timedelta(hours=12)

    def test_a_form_is_sent_back_to_its_page(self, client: Client) -> None:
        headers = {"Accept": "text/html", "Referer": "http://testserver/notices/"}
        assert client.post("/session/extend", headers=headers)["Location"].endswith("/notices/")

    def test_a_script_hears_of_the_end_in_json_before_and_after_it_is_noticed(
        self, client: Client, clock: time_machine.Coordinates
    ) -> None:
        clock.shift(timedelta(minutes=16))
        for _ in range(2):
            assert client.post("/session/extend", headers={"Accept": "*/*"}).status_code == 401

    def test_it_is_never_done_by_a_link(self, client: Client) -> None:
        assert client.get("/session/extend").status_code == 405


class TestHide:
    def test_a_hidden_session_shows_nothing_until_the_button(self, client: Client) -> None:
        assert client.post("/session/hide", {"next": "/notices/"})["Location"] == "/session/locked"
        for path in ("/", PAGE, "/notices/", "/people/", "/sharing-rules/", "/account/2fa/"):
            assert client.get(path)["Location"] == "/session/locked", path
        page = client.get("/session/locked")
        assert page.status_code == 200
        assert page["Cache-Control"].startswith("no-store") or "no-store" in page["Cache-Control"]
        assert client.post("/session/locked")["Location"] == "/notices/"
        assert client.get(PAGE).status_code == 200

    def test_scripts_are_refused_too_but_the_last_words_are_kept(self, client: Client) -> None:
        client.post("/session/hide")
        assert client.get(PAGE, headers={"X-Background": "1"}).status_code == 401
        assert client.get("/api/v1/cases/").status_code == 401
        assert client.post("/drafts/urgent", {"note": "typed last"}).status_code == 200

    def test_the_page_to_go_back_to_is_never_another_site(self, client: Client) -> None:
        client.post("/session/hide", {"next": "//elsewhere.example/"})
        assert client.post("/session/locked")["Location"] == "/"

    def test_a_hidden_session_still_ends(self, client: Client, clock: time_machine.Coordinates) -> None:
        client.post("/session/hide")
        for _ in range(2):
            clock.shift(timedelta(minutes=8))
            answer = client.get("/session/locked")
        assert ended(answer)

    def test_the_hidden_page_names_nobody(self, world: World, client: Client) -> None:
        client.post("/session/hide")
        page = client.get("/session/locked").content.decode()
        assert world.person(Role.CHILD_WELFARE).full_name not in page
        assert "<title>Screen hidden" in page

    @override_settings(PRACTICE_SIGN_IN=False)
    def test_outside_practice_only_the_password_shows_the_screen_again(
        self, world: World, clock: time_machine.Coordinates
    ) -> None:
        person = world.person(Role.PROBATION, Duty.SUPERVISOR)
        person.set_password(PASSWORD)
        person.save()
        client = signed_in(world, Role.PROBATION, Duty.SUPERVISOR)
        client.post("/session/hide", {"next": "/people/"})
        assert client.post("/session/locked").status_code == 200
        assert client.post("/session/locked", {"password": "wrong"}).status_code == 200
        assert client.get(PAGE)["Location"] == "/session/locked"
        assert client.post("/session/locked", {"password": PASSWORD})["Location"] == "/people/"
        assert client.get(PAGE).status_code == 200

    @override_settings(PRACTICE_SIGN_IN=False)
    def test_the_fifth_wrong_password_signs_out(self, world: World, clock: time_machine.Coordinates) -> None:
        person = world.person(Role.PROBATION)
        person.set_password(PASSWORD)
        person.save()
        client = signed_in(world, Role.PROBATION)
        client.post("/session/hide")
        for _ in range(4):
            assert client.post("/session/locked", {"password": "wrong"}).status_code == 200
        assert client.post("/session/locked", {"password": "wrong"})["Location"] == "/account/login/"
        assert client.post("/session/locked", {"password": PASSWORD})["Location"].startswith(
            "/account/login/"
        )


@pytest.mark.parametrize("path", [PAGE, "/account/login/", "/session/locked", "/nothing-here"])
def test_no_page_is_kept_in_a_cache(client: Client, path: str) -> None:
    assert "no-store" in client.get(path)["Cache-Control"]
