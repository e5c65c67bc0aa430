"""Before an act that opens much: is it you? And a form that had to wait comes back to its sender, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from agencies.choices import Duty, Role
from agencies.models import Person
from agencies.step_up import latest_proof, proof_is_fresh
from cseccase.confidentiality.context import viewing_as
from cseccase.drafts.models import KeptForm
from tests.agencies.pages import PASSWORD, signed_in
from tests.agencies.test_sign_in import code_now
from tests.pages import words
from tests.worlds import World, county_make

START = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
SAID = {"full_name": "Rosa <b>Made-up", "email": "rosa@cw.example", "job_title": "Line\none"}
WHY = "a test counts what is kept"
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(seconds=1), timedelta(hours=1))


@given(now=moments, age=st.timedeltas(timedelta(0), timedelta(days=2)), within=spans)
def test_a_proof_holds_exactly_until_it_is_as_old_as_allowed(
    now: datetime, age: timedelta, within: timedelta
) -> None:
    assert proof_is_fresh(now - age, now=now, within=within) is (age < within)
    assert not proof_is_fresh(None, now=now, within=within)
    assert not proof_is_fresh(now + within + age, now=now, within=within), "a clock far ahead proves nothing"


@given(
    methods=st.lists(st.tuples(st.sampled_from(["password", "practice", "mfa"]), st.integers(0, 2_000_000))),
    second=st.booleans(),
)
def test_a_password_proves_nothing_once_there_is_a_second_step(
    methods: list[tuple[str, int]], second: bool
) -> None:
    found = latest_proof([{"method": m, "at": at} for m, at in methods], has_second_step=second)
    count = [at for m, at in methods if m == "mfa" or not second]
    assert found == (datetime.fromtimestamp(max(count), UTC) if count else None)


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(START, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def officer(world: World, clock: time_machine.Coordinates) -> Client:
    """A security officer with an authenticator app and a password, whose proof is 11 minutes old."""
    cache.clear()
    person = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
    person.set_password(PASSWORD)
    person.save()
    TOTP.activate(person, generate_totp_secret())
    client = signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
    assert client.get("/people/invite").status_code == 200, "a fresh sign-in is proof enough"
    clock.shift(timedelta(minutes=11))
    assert client.get("/people/").status_code == 200, "reading the list asks for nothing"
    return client


def confirm(client: Client, answer: Any) -> Any:
    """Follows to the page that asks, gives the code, and returns where that leads."""
    page = client.get(client.get(answer["Location"])["Location"])
    assert "Confirm it is you" in words(page)
    person = Person.objects.get(pk=client.session["_auth_user_id"])
    secret = (
        Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).wrap().instance.data["secret"]
    )
    from allauth.mfa.utils import decrypt

    return client.post(
        page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"],
        {"code": code_now(decrypt(secret)), "next": page.context["redirect_field_value"]},
    )


def kept_forms() -> int:
    with viewing_as(None, because=WHY):
        return KeptForm.objects.count()


@pytest.mark.django_db
class TestAsking:
    def test_a_page_asks_before_anything_is_typed_and_leads_back(self, officer: Client) -> None:
        answer = officer.get("/people/invite")
        assert answer["Location"] == "/session/confirm?next=%2Fpeople%2Finvite"
        assert officer.get(answer["Location"])["Location"].startswith("/account/2fa/reauthenticate/")
        assert confirm(officer, answer)["Location"] == "/people/invite"
        assert officer.get("/people/invite").status_code == 200

    def test_a_password_is_no_proof_for_somebody_with_a_second_step(self, officer: Client) -> None:
        assert officer.get("/account/reauthenticate/")["Location"].startswith("/account/2fa/reauthenticate/")
        officer.post("/account/reauthenticate/", {"password": PASSWORD})
        assert officer.get("/people/invite").status_code == 302

    def test_a_form_sent_without_the_proof_is_kept_and_sent_after_it(self, officer: Client) -> None:
        answer = officer.post("/people/invite", SAID, headers={"Referer": "http://testserver/people/invite"})
        assert not Person.objects.filter(email=SAID["email"]).exists(), "nothing is done without the proof"
        back = confirm(officer, answer)["Location"]
        assert back.startswith("/session/kept/")
        page = officer.get(back)
        assert "Rosa <b>Made-up" in words(page) or "Rosa Made-up" in words(page)
        assert "<b>Made-up" not in page.content.decode(), "what was typed is shown, never run"
        sent = {name: value for name, value in page.context["hidden"]} | {
            "kept_form": page.context["kept_id"]
        }
        assert sent["full_name"] == SAID["full_name"]
        assert officer.post(page.context["kept"].path, sent).status_code == 302
        assert Person.objects.get(email=SAID["email"]).full_name == SAID["full_name"]
        assert kept_forms() == 0, "let through, and forgotten"

    def test_a_form_thrown_away_is_gone(self, officer: Client) -> None:
        back = confirm(officer, officer.post("/people/invite", SAID))["Location"]
        assert officer.post(back)["Location"] == "/"
        assert kept_forms() == 0
        assert officer.get(back)["Location"] == "/"
        assert not Person.objects.filter(email=SAID["email"]).exists()

    @pytest.mark.parametrize("act", ["designate", "training", "link", "deactivate", "reactivate"])
    def test_every_act_on_a_person_asks(self, world: World, officer: Client, act: str) -> None:
        person = world.person(Role.CHILD_WELFARE)
        for method in (officer.get, officer.post):
            answer = method(f"/people/{person.pk}/{act}")
            assert answer["Location"].startswith("/session/confirm"), (act, method)

    @pytest.mark.parametrize(
        ("path", "duty"),
        [
            ("/reports/2026-q3/report.csv", Duty.COMMITTEE),
            ("/reports/2026-q3/report.pdf", Duty.COMMITTEE),
        ],
    )
    def test_an_export_asks_and_leads_back_to_its_page(
        self, world: World, clock: time_machine.Coordinates, path: str, duty: Duty
    ) -> None:
        client = signed_in(world, Role.STEERING_COMMITTEE, duty)
        client.get("/")
        clock.shift(timedelta(minutes=11))
        answer = client.get(path, headers={"Referer": "http://testserver/reports/"})
        assert answer["Location"] == "/session/confirm?next=%2Freports%2F&file=1"
        page = client.get(answer["Location"])
        assert "In a county at work" in words(page)
        back = client.post("/session/confirm", {"next": "/reports/", "file": "1"})
        assert back["Location"] == "/reports/"
        assert "Choose the file once more" in words(client.get("/reports/"))
        assert client.get(path).status_code != 302

    def test_it_never_leads_to_another_site(self, officer: Client) -> None:
        there = officer.get("/session/confirm?next=https://elsewhere.example/")["Location"]
        assert parse_qs(urlsplit(there).query)["next"] == ["/"]

    def test_somebody_picked_in_the_practice_county_is_never_asked_for_a_password(
        self, world: World, clock: time_machine.Coordinates
    ) -> None:
        person = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        person.set_password(PASSWORD)
        person.save()
        client = Client()
        client.post("/account/practice/", {"person": str(person.pk)})
        assert client.get("/people/invite").status_code == 200, "picking was the proof"
        clock.shift(timedelta(minutes=11))
        page = client.get(client.get("/people/invite")["Location"])
        assert "It is me, go on" in words(page)
        assert client.post("/session/confirm", {"next": "/people/invite"})["Location"] == "/people/invite"
        assert client.get("/people/invite").status_code == 200

    def test_without_practice_no_button_stands_for_the_proof(
        self, world: World, clock: time_machine.Coordinates, settings: Any
    ) -> None:
        client = signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        clock.shift(timedelta(minutes=11))
        settings.PRACTICE_SIGN_IN = False
        assert client.post("/session/confirm", {"next": "/people/invite"}).status_code == 403
        assert client.get("/people/invite").status_code == 302
        settings.PRACTICE_SIGN_IN = True
        assert client.post("/session/confirm", {"next": "/people/invite"}).status_code == 302
        assert client.get("/people/invite").status_code == 200


@pytest.mark.django_db
class TestFormAfterTheEnd:
    @pytest.fixture
    def late(self, world: World, clock: time_machine.Coordinates) -> Client:
        cache.clear()
        person = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        person.set_password(PASSWORD)
        person.save()
        client = signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        assert client.get("/people/invite").status_code == 200
        clock.shift(timedelta(minutes=16))
        return client

    def back(self, client: Client) -> str:
        answer = client.post("/people/invite", SAID)
        return parse_qs(urlsplit(answer["Location"]).query)["next"][0]

    def test_the_same_person_gets_it_back(self, world: World, late: Client) -> None:
        back = self.back(late)
        assert back.startswith("/session/kept/")
        person = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        answer = late.post("/account/login/", {"login": person.email, "password": PASSWORD, "next": back})
        assert answer["Location"] == back
        assert "rosa@cw.example" in words(late.get(back))

    def test_somebody_who_signs_in_without_the_address_is_led_to_it_too(
        self, world: World, late: Client
    ) -> None:
        back = self.back(late)
        person = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        answer = late.post("/account/login/", {"login": person.email, "password": PASSWORD})
        assert answer["Location"] == back

    def test_the_next_person_at_the_same_screen_finds_nothing(self, world: World, late: Client) -> None:
        back = self.back(late)
        other = signed_in(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
        other.cookies["ended_for"] = late.cookies["ended_for"]
        answer = other.get(back)
        assert answer["Location"] == "/"
        assert other.post(back)["Location"] == "/"
        assert kept_forms() == 1, "and cannot throw it away"
        assert other.cookies["ended_for"].value == "", "the browser forgets whose it was"

    def test_nothing_of_it_can_be_read_in_the_table(self, late: Client) -> None:
        self.back(late)
        with viewing_as(None, because=WHY), connection.cursor() as cursor:
            cursor.execute("SELECT encode(sealed, 'escape') FROM drafts_keptform")
            sealed = cursor.fetchone()[0]
        assert "rosa" not in sealed.lower()

    def test_a_second_page_of_the_same_browser_loses_nothing_either(self, world: World, late: Client) -> None:
        assert "ended=1" in late.get("/people/")["Location"], "the first page ended the session"
        back = self.back(late)
        assert back.startswith("/session/kept/")
        stranger = Client()
        assert "kept" not in stranger.post("/people/invite", SAID)["Location"]

    def test_a_forged_form_and_a_closed_account_keep_nothing(self, world: World, late: Client) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = late.cookies
        assert "kept" not in strict.post("/people/invite", SAID)["Location"]
        person = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        Person.objects.filter(pk=person.pk).update(is_active=False)
        assert "kept" not in late.post("/people/invite", SAID).get("Location", "")
        assert kept_forms() == 0

    def test_it_is_kept_for_twelve_hours(self, world: World, late: Client, clock: Any) -> None:
        back = self.back(late)
        for hours, found in ((11, True), (2, False)):
            clock.shift(timedelta(hours=hours))
            client = signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
            assert (client.get(back).status_code == 200) is found
