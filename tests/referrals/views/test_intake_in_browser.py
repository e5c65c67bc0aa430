"""The pages of what comes in, in a real browser: by keyboard alone, without scripts, on a phone, readable for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.models import Deadline, Referral, StatusField
from referrals.services.referral import ChildSaid
from tests.pages import client_of
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "test"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def world() -> World:
    return county_make()


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, live_server: Any, world: World) -> Iterator[Opened]:
    """Opens a page of the running product as a signed-in person."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str,
        *,
        role: Role = Role.CHILD_WELFARE,
        duty: Duty = Duty.HOTLINE,
        width: int = 1280,
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            timezone_id="America/Los_Angeles",
        )
        contexts.append(context)
        session = client_of(world, role, duty).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def owed(rule: str) -> int:
    """How many open duties there are by this rule."""
    with acting_because(WHY):
        return (
            Deadline.objects.unrestricted(because=WHY).filter(rule=rule, met_at=None, dropped_by=None).count()
        )


class Keys:
    """A keyboard that counts every press that is not a letter of an answer."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def on(self) -> str:
        """The name of the control that has the focus."""
        return str(self.page.evaluate("document.activeElement.name || document.activeElement.textContent"))


def test_an_urgent_referral_takes_at_most_25_keys_beside_its_letters_and_no_mouse(opened: Opened) -> None:
    page = opened("/referrals/urgent")
    page.locator("[name=told_at_time]").focus()
    keys = Keys(page)
    answers = {
        "call_back": "555-0142",
        "reporter": "Night nurse",
        "place": "Mercy Hospital",
        "name": "Nobody known",
    }
    for _ in range(40):
        if keys.on().strip() == "Start the response":
            break
        keys.press("Tab")
        name = keys.on()
        if name in answers:
            keys.type(answers.pop(name))
        elif name == "age":
            keys.type("14")
        elif name == "narrative":
            keys.type("A man waits outside.")
        elif name == "danger":
            keys.press("Space")
        elif name == "holder":
            keys.press("ArrowUp")
    keys.press("Enter")
    page.wait_for_url("**/logged")
    assert not answers
    assert keys.pressed <= 25
    assert page.get_by_text("The referral is logged").is_visible()
    with acting_because(WHY):
        referral = Referral.objects.unrestricted(because=WHY).get()
    assert (referral.immediate_danger, referral.narrative) == ("yes", "A man waits outside.")
    assert owed("response-2h") == 3


def test_without_scripts_a_report_is_logged_decided_and_its_status_set(opened: Opened, world: World) -> None:
    page = opened("/referrals/new", scripts=False)
    for name in ("call_back", "reporter", "place"):
        page.locator(f"[name={name}_nk]").check()
    page.locator("[name=narrative]").fill("Two sisters")
    page.locator("[name=danger][value=yes]").check()
    page.locator("[name=holder][value=unknown]").check()
    page.locator("[name=child-0-given_name]").fill("Ana")
    page.get_by_role("button", name="Add another child").click()
    assert page.locator("[name=narrative]").input_value() == "Two sisters"
    page.locator("[name=child-1-given_name]").fill("Bea")
    page.get_by_role("button", name="Log the referral").click()
    page.get_by_role("link", name="Decide the response").click()
    page.locator("label[for=speed-crisis]").click()
    page.locator("label[for=holder-probation]").click()
    page.get_by_role("button", name="Check before deciding").click()
    assert page.get_by_role("heading", name="Check the decision").is_visible()
    page.get_by_role("button", name="Decide and call").click()
    with acting_because(WHY):
        file = Referral.objects.unrestricted(because=WHY).order_by("number").first().case_file_id
    page.goto(f"/cases/{file}/status")
    page.locator("[name=code][value='6870']").check()
    page.locator("[name=started_on]").fill("11/01/2025")
    page.get_by_role("button", name="Set the status field").click()
    assert page.get_by_text("Victim in Open Case not in Foster Care").first.is_visible()
    with acting_because(WHY):
        assert StatusField.objects.unrestricted(because=WHY).count() == 1
        assert Referral.objects.unrestricted(because=WHY).count() == 2
    assert owed("victim-le-24h") == 1


def test_what_is_typed_is_on_the_server_before_the_session_dies_and_comes_back(
    opened: Opened, world: World
) -> None:
    page = opened("/referrals/urgent")
    with page.expect_response("**/drafts/urgent-referral"):
        page.locator("[name=narrative]").fill("Half a sentence")
        page.locator("[name=call_back]").focus()
    page.get_by_text("Draft saved").wait_for()
    page.context.clear_cookies(name="sessionid")
    page.goto("/referrals/urgent")
    assert "/account/" in page.url
    again = opened("/referrals/urgent")
    assert again.locator("[name=narrative]").input_value() == "Half a sentence"
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def pages_of(world: World) -> dict[str, str]:
    referral = referral_make(
        world,
        child=ChildSaid(given_name="Jay", family_name="Marker", age_said=15),
        narrative="A man waits outside the school every day.",
        place="Mercy Hospital, emergency room",
        reporter="Night nurse",
        call_back="555-0142",
    )
    return {
        "urgent": "/referrals/urgent",
        "ordinary": "/referrals/new",
        "find": "/find",
        "logged": f"/referrals/{referral.pk}/logged",
        "referral": f"/referrals/{referral.pk}",
        "decide": f"/referrals/{referral.pk}/response",
        "status": f"/cases/{referral.case_file_id}/status",
    }


ACTS: dict[str, Callable[[Page], None]] = {
    "urgent": lambda page: page.get_by_role("button", name="Start the response").click(),
    "ordinary": lambda page: page.get_by_role("button", name="Log the referral").click(),
    "find": lambda page: (
        page.locator("#main [name=q]").fill("Marker"),
        page.locator("#main [name=q]").press("Enter"),
    ),  # type: ignore[dict-item, return-value]
    "decide": lambda page: page.get_by_role("button", name="Check before deciding").click(),
    "status": lambda page: page.get_by_role("button", name="Set the status field").click(),
}
"""What brings each page's second state: errors, answers found, or the page to check."""


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_and_its_second_state_are_readable_for_everybody(
    opened: Opened, world: World, width: int
) -> None:
    found: dict[str, list[str]] = {}
    for name, path in pages_of(world).items():
        page = opened(path, width=width)
        found[name] = problems(page)
        if name in ACTS:
            ACTS[name](page)
            page.wait_for_load_state()
            found[f"{name}, then"] = problems(page)
        page.context.close()
    assert {name: list_ for name, list_ in found.items() if list_} == {}


def problems(page: Page) -> list[str]:
    answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    told = [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in answer.response["violations"]
        for node in rule["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*told, *(["scrolls sideways"] if wide else [])]
