"""Passkeys with a real browser's authenticator, and the pages about people at the width of a telephone."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from playwright.sync_api import Browser, Page

from agencies.choices import Duty, Role
from agencies.models import Person
from tests.agencies.pages import PASSWORD
from tests.worlds import World, county_make, person_make

pytestmark = pytest.mark.django_db(transaction=True)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = os.environ.get("PEOPLE_PICTURES", "")
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def world(settings: Any) -> World:
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()
    return county_make()


@pytest.fixture
def officer(world: World) -> Person:
    person = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
    person.set_password(PASSWORD)
    person.save()
    person_make(world.agencies["CW"], Duty.LINE_WORKER, name="Alexandria Featherstonehaugh-Montgomery")
    return person


class Screen:
    """A browser with an authenticator built in, and everything it complained about."""

    def __init__(self, browser: Browser, live: Any, width: int = 1280) -> None:
        self.base = live.url.replace("127.0.0.1", "localhost")  # passkeys belong to names, not to numbers
        self.context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.problems: list[str] = []
        self.page.on(
            "console", lambda said: self.problems.append(said.text) if said.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.devtools = self.context.new_cdp_session(self.page)
        self.devtools.send("WebAuthn.enable")
        self.key = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})[
            "authenticatorId"
        ]

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base)

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def look(self, name: str) -> None:
        """axe finds nothing, and nothing is wider than the screen, at 1280, 390 and 320; pictures when asked for."""
        for width in (1280, 320):
            self.page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": TAGS}})
            assert found.violations_count == 0, (name, width, found.generate_report())
            wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, (name, width, wide)
            if PICTURES:
                self.page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)

    def forget_proof(self) -> None:
        """As if the person had signed in an hour ago."""
        cookie = next(one for one in self.context.cookies() if one["name"] == "sessionid")
        session = SessionStore(cookie["value"])
        for record in session["account_authentication_methods"]:
            record["at"] = time.time() - 3600
        session.modified = True
        session.save()


def test_a_passkey_is_set_up_signs_in_alone_and_proves_presence_for_an_act(
    browser: Browser, live_server: Any, officer: Person
) -> None:
    screen = Screen(browser, live_server)
    page = screen.page
    screen.open("/account/login/?next=/people/")
    screen.look("login")
    page.get_by_label("Email").fill(officer.email)
    page.get_by_label("Password").fill(PASSWORD)
    screen.press("Sign in")
    assert screen.path == "/account/2fa/", "with a password alone, this is the only page"
    screen.look("second-step")
    screen.open("/people/")
    assert screen.path == "/account/2fa/"
    page.get_by_role("link", name="Add a passkey or key").click()
    page.get_by_label("Password").fill(PASSWORD)
    screen.press("Confirm")
    screen.look("passkey-add")
    page.get_by_label("Name of this passkey").fill("Office computer")
    screen.press("Add it")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    held = screen.devtools.send("WebAuthn.getCredentials", {"authenticatorId": screen.key})["credentials"]
    assert [one["isResidentCredential"] for one in held] == [True]
    screen.look("recovery-codes")
    screen.open("/account/2fa/webauthn/")
    screen.look("passkeys")
    screen.open("/people/")
    assert page.get_by_role("heading", name="People", exact=True).is_visible()

    screen.open("/account/logout/")
    screen.press("Sign out")
    screen.open("/account/login/?next=/people/")
    screen.press("Sign in with a passkey")
    assert screen.path == "/people/", "no password was written"
    screen.open("/people/invite")
    assert page.get_by_role("heading", name="Invite a person").is_visible(), "signing in was the proof"

    screen.forget_proof()
    page.get_by_label("Full name").fill("Rosa Made-up")
    page.get_by_label("Work e-mail address").fill("rosa@cw.example")
    screen.press("Open the account")
    assert screen.path.startswith("/account/2fa/webauthn/reauthenticate/")
    screen.look("confirm")
    screen.press("Use your passkey or key")
    assert screen.path.startswith("/session/kept/")
    screen.look("kept")
    screen.press("Send it now")
    assert Person.objects.filter(email="rosa@cw.example", full_name="Rosa Made-up").exists()
    screen.look("person")
    page.get_by_role("link", name="Close the account").click()
    screen.look("close")
    screen.open("/people/review/")
    screen.look("review")
    page.get_by_role("button", name="Confirm Rosa Made-up").click()
    page.get_by_text("Rosa Made-up is confirmed.").wait_for()
    screen.open("/people/review/sign")
    screen.look("review-sign")

    screen.open("/account/logout/")
    screen.press("Sign out")
    screen.devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": screen.key})
    key = screen.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})["authenticatorId"]
    screen.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    screen.open("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("That did not work.").wait_for()
    assert page.locator("[data-passkey-problem]").is_visible(), (
        "somebody else's device opens nothing, and says so"
    )
    assert screen.path == "/account/login/"
    assert screen.problems == []
