"""Signing in for real: password rules, limits on guessing, the second step, one's own sessions, and no sign-up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from agencies.choices import Duty, Role
from agencies.models import FailedSignIn, Person
from tests.agencies.pages import PASSWORD, signed_in
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_guesses_yet() -> Iterator[None]:
    """Guesses are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def worker(world: World) -> Person:
    person = world.person(Role.CHILD_WELFARE)
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, person: Person, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/account/login/", {"login": person.email, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/notices/").status_code == 200


def code_now(secret: str) -> str:
    """The six figures an authenticator app shows now, by the algorithm of RFC 6238."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


class TestPassword:
    def test_the_right_one_signs_in_and_goes_to_the_page_asked_for(self, worker: Person) -> None:
        client = Client()
        assert client.get("/notices/")["Location"] == "/account/login/?next=/notices/"
        assert sign_in(client, worker, next="/notices/")["Location"] == "/notices/"
        assert is_in(client)

    def test_it_never_leads_to_another_site(self, worker: Person) -> None:
        answer = sign_in(Client(), worker, next="https://elsewhere.example/")
        assert answer["Location"] == "/"

    def test_a_wrong_one_says_the_same_for_known_and_unknown_people(self, worker: Person) -> None:
        known = sign_in(Client(), worker, "wrong")
        unknown = Client().post("/account/login/", {"login": "nobody@cw.example", "password": "wrong"})
        words = "not correct"
        assert words in known.content.decode()
        assert words in unknown.content.decode()

    def test_after_five_wrong_ones_even_the_right_one_waits(self, worker: Person) -> None:
        client = Client()
        for _ in range(5):
            sign_in(client, worker, "wrong")
        sign_in(client, worker)
        assert not is_in(client)
        assert FailedSignIn.objects.count() == 5, "a try that has to wait is not even looked at"

    def test_four_wrong_ones_lock_nobody_out_and_no_stranger_locks_another(
        self, world: World, worker: Person
    ) -> None:
        other = world.person(Role.PROBATION)
        for _ in range(5):
            sign_in(Client(REMOTE_ADDR="192.0.2.9"), other, "wrong")
        client = Client()
        for _ in range(4):
            sign_in(client, worker, "wrong")
        sign_in(client, worker)
        assert is_in(client)

    @pytest.mark.parametrize(
        ("password", "words"),
        [
            ("fourteen signs", "at least 15"),
            ("passwordpassword", "too easy to guess"),
            ("Welcome-2026-Welcome", "too easy to guess"),
            ("valverde county csec", "too easy to guess"),
            ("qwertyuiopasdfgh", "too easy to guess"),
            ("{email}", "too similar"),
        ],
    )
    def test_a_weak_new_one_is_refused(self, worker: Person, password: str, words: str) -> None:
        client = Client()
        sign_in(client, worker)
        new = password.format(email=worker.email)
        said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        answer = client.post("/account/password/change/", said)
        assert answer.status_code == 200
        assert words in answer.content.decode()
        said["password1"] = said["password2"] = "another row of plain words"
        assert client.post("/account/password/change/", said).status_code == 302

    def test_a_new_session_gets_a_new_name(self, worker: Person) -> None:
        client = Client()
        client.get("/account/login/")
        client.cookies["sessionid"] = "chosen-by-a-stranger-0000000000"
        sign_in(client, worker)
        assert client.cookies["sessionid"].value != "chosen-by-a-stranger-0000000000"

    @pytest.mark.parametrize(
        "name", ["account_signup", "account_reset_password", "account_email", "mfa_signup_webauthn"]
    )
    def test_nobody_signs_up_or_asks_for_a_password_by_themselves(self, name: str) -> None:
        try:
            path = reverse(name)
        except NoReverseMatch:
            return
        answer = Client().get(path)
        assert answer.status_code in {302, 403, 404}
        assert "/account/login/" in answer.get("Location", "/account/login/")


class TestSecondStep:
    @pytest.fixture(autouse=True)
    def required(self, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = True

    def test_without_one_the_only_open_page_is_the_one_to_set_it_up(self, worker: Person) -> None:
        client = Client()
        sign_in(client, worker)
        for path in ("/", "/notices/", "/my-account/", "/sharing-rules/"):
            assert client.get(path)["Location"] == "/account/2fa/", path
        assert client.get("/account/2fa/").status_code == 200

    def _set_up(self, client: Client) -> str:
        path = "/account/2fa/totp/activate/"
        assert client.get(path)["Location"].startswith("/account/reauthenticate/"), "first: is it you?"
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        page = client.get(path)
        secret: str = page.context["form"].secret
        answer = client.post(path, {"code": "000000"})
        assert answer.status_code == 200, "a wrong code turns nothing on"
        answer = client.post(path, {"code": code_now(secret)})
        assert answer.status_code == 302
        return secret

    def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(self, worker: Person) -> None:
        client = Client()
        sign_in(client, worker)
        secret = self._set_up(client)
        assert is_in(client)
        again = Client()
        assert sign_in(again, worker)["Location"] == "/account/2fa/authenticate/"
        assert not is_in(again), "a password alone opens nothing"
        page = again.get("/account/2fa/authenticate/")
        assert page.status_code == 200
        assert again.post("/account/2fa/authenticate/", {"code": "123"}).status_code == 200
        assert not is_in(again)
        cache.clear()  # the code that turned the app on counts as used for its 30 seconds
        assert again.post("/account/2fa/authenticate/", {"code": code_now(secret)}).status_code == 302
        assert is_in(again)

    def test_whoever_loses_the_last_one_works_no_further_in_the_same_session(self, worker: Person) -> None:
        client = Client()
        sign_in(client, worker)
        self._set_up(client)
        assert is_in(client)
        Authenticator.objects.filter(user=worker, type=Authenticator.Type.TOTP).delete()
        assert client.get("/notices/")["Location"] == "/account/2fa/", (
            "recovery codes are no second step of their own"
        )

    def test_a_code_works_once(self, worker: Person) -> None:
        client = Client()
        sign_in(client, worker)
        secret = self._set_up(client)
        cache.clear()
        code = code_now(secret)
        first, second = Client(), Client()
        sign_in(first, worker)
        sign_in(second, worker)
        assert first.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
        assert second.post("/account/2fa/authenticate/", {"code": code}).status_code == 200
        assert not is_in(second)

    def test_a_recovery_code_works_once(self, worker: Person) -> None:
        client = Client()
        sign_in(client, worker)
        self._set_up(client)
        stored = Authenticator.objects.get(user=worker, type=Authenticator.Type.RECOVERY_CODES)
        code = stored.wrap().get_unused_codes()[0]
        for expected in (True, False):
            again = Client()
            sign_in(again, worker)
            again.post("/account/2fa/authenticate/", {"code": code})
            assert is_in(again) is expected

    def test_the_recovery_codes_are_shown_to_their_owner(self, worker: Person) -> None:
        client = Client()
        sign_in(client, worker)
        self._set_up(client)
        page = client.get("/account/2fa/recovery-codes/")
        assert page.status_code == 200
        stored = Authenticator.objects.get(user=worker, type=Authenticator.Type.RECOVERY_CODES)
        assert stored.wrap().get_unused_codes()[0] in page.content.decode()

    @pytest.mark.parametrize(
        "path", ["/account/2fa/webauthn/", "/account/2fa/webauthn/add/", "/account/2fa/webauthn/login/"]
    )
    def test_passkeys_have_their_pages(self, worker: Person, path: str) -> None:
        client = Client()
        if not path.endswith("login/"):
            sign_in(client, worker)
            client.post("/account/reauthenticate/", {"password": PASSWORD})
        assert client.get(path, headers={"Accept": "application/json"}).status_code == 200


class TestOwnSessions:
    def test_they_are_listed_and_the_others_can_be_ended(self, worker: Person) -> None:
        here, there = Client(), Client(HTTP_USER_AGENT="Another browser")
        for client in (here, there):
            sign_in(client, worker)
            assert is_in(client)
        page = here.get("/account/sessions/").content.decode()
        assert "Another browser" in page
        assert "2 places" in page
        assert here.post("/account/sessions/").status_code == 302
        assert is_in(here)
        assert not is_in(there)

    def test_signing_out_ends_this_one(self, worker: Person) -> None:
        client = Client()
        sign_in(client, worker)
        assert client.get("/account/logout/").status_code == 200
        assert is_in(client), "asking is not signing out"
        client.post("/account/logout/")
        assert not is_in(client)


class TestHome:
    @pytest.mark.parametrize(
        ("role", "duty", "page"),
        [
            (Role.CHILD_WELFARE, Duty.LINE_WORKER, "referrals:duties"),
            (Role.ADVOCATE, Duty.SUPERVISOR, "referrals:duties"),
            (Role.COUNTY_COUNSEL, Duty.COUNSEL, "agencies:matrix"),
            (Role.STEERING_COMMITTEE, Duty.COMMITTEE, "reporting:committee"),
            (Role.CHILD_WELFARE, Duty.SECURITY_OFFICER, "agencies:people"),
            (Role.STEERING_COMMITTEE, Duty.AUDITOR, "reporting:looked"),
        ],
    )
    def test_everybody_begins_where_their_work_is(
        self, world: World, role: Role, duty: Duty, page: str
    ) -> None:
        client = signed_in(world, role, duty)
        answer = client.get("/")
        assert answer["Location"] == reverse(page)
        assert client.get(answer["Location"]).status_code == 200

    def test_somebody_untrained_is_told_what_is_missing(self, world: World) -> None:
        person = world.person(Role.CHILD_WELFARE)
        person.trainings.all().delete()
        person.groups.clear()
        client = signed_in(world, Role.CHILD_WELFARE)
        answer = client.get("/", follow=True)
        assert answer.redirect_chain[-1][0] == "/my-account/"
        assert "CSEC 101 is not completed" in answer.content.decode()


def test_codes_change_every_thirty_seconds_as_the_standard_says() -> None:
    """The algorithm of this test is RFC 6238's: its published value for the moment 59."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert format_hotp_value(hotp_value(secret, 59 // 30)) == "287082"
