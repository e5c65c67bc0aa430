"""Choosing where to be told, wide and on a telephone, with a screen reader's rules, with and without script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from agencies.choices import Role
from agencies.services.reach import code_of
from cseccase.outbox.webpush import private_key, public_text, push_key_new
from tests.agencies.test_reach import ENDPOINT, devices, numbers, waiting
from tests.pages import client_of
from tests.worlds import county_make

pytestmark = pytest.mark.django_db(transaction=True)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = os.environ.get("REACH_PICTURES", "")
SUBSCRIBED = """PushManager.prototype.subscribe = function (wanted) {
    window.askedWith = wanted.applicationServerKey.length;
    return Promise.resolve({ toJSON: () => ({ endpoint: "%s", keys: { p256dh: "%s", auth: "BTBZMqHH6r4Tts7J_aSIgg" } }) });
};"""


@pytest.fixture
def cookie() -> str:
    return client_of(county_make(), Role.ADVOCATE).cookies["sessionid"].value


@pytest.fixture
def context(browser: Browser, live_server: Any, cookie: str) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, permissions=["notifications"])
    made.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    yield made
    made.close()


def check(page: Page, name: str) -> None:
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
        assert found.violations_count == 0, (width, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, width
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"reach-{name}-{width}.png", full_page=True)


def test_a_device_is_turned_on_and_a_number_confirmed_in_a_real_browser_under_the_strict_policy(
    context: BrowserContext, live_server: Any
) -> None:
    said: list[str] = []
    page = context.new_page()
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.add_init_script(SUBSCRIBED % (ENDPOINT, public_text(private_key(push_key_new()))))
    page.goto(f"{live_server.url}/my-account/")
    assert page.get_by_text("It needs JavaScript").is_hidden()
    check(page, "first")
    page.get_by_label("Name of this device").fill("work telephone")
    page.get_by_role("button", name="Turn on for this device").click()
    page.get_by_text("This device now shows").wait_for()
    assert devices()[0].subscription["endpoint"] == ENDPOINT
    scope = page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.map(one => one.scope))")
    assert scope == [f"{live_server.url}/static/js/"], "the worker controls no page"
    page.get_by_label("Mobile number").fill("(555) 310-0142")
    page.get_by_role("button", name="Send a code").click()
    page.get_by_label("Code from the text message").fill("12345")
    page.get_by_role("button", name="Confirm the number").click()
    page.get_by_text("Mend this, then send again").wait_for()
    check(page, "code")
    page.get_by_label("Code from the text message").fill(code_of(waiting()))
    page.get_by_role("button", name="Confirm the number").click()
    page.get_by_text("Text messages now go to this number").wait_for()
    check(page, "both")
    assert said == []


def test_a_browser_that_says_no_is_answered_in_words_and_nothing_is_kept(
    browser: Browser, live_server: Any, cookie: str
) -> None:
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.add_init_script("Notification.requestPermission = () => Promise.resolve('denied');")
    page.goto(f"{live_server.url}/my-account/")
    page.get_by_label("Name of this device").fill("work telephone")
    page.get_by_role("button", name="Turn on for this device").click()
    expect(page.get_by_role("status").filter(has_text="does not allow notices")).to_be_visible()
    assert devices() == []
    context.close()


def test_without_script_numbers_work_and_the_page_says_what_push_needs(
    browser: Browser, live_server: Any, cookie: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/my-account/")
    expect(page.get_by_text("It needs JavaScript")).to_be_visible()
    expect(page.get_by_label("Name of this device")).to_be_hidden()
    page.get_by_label("Mobile number").fill("(555) 310-0142")
    page.get_by_role("button", name="Send a code").click()
    page.get_by_text("A code is on its way").wait_for()
    assert numbers()[0].confirmed_at is None
    context.close()


def test_the_worker_shows_the_two_sentences_that_came(context: BrowserContext, live_server: Any) -> None:
    page = context.new_page()
    page.goto(f"{live_server.url}/my-account/")
    known: list[str] = []
    devtools = context.new_cdp_session(page)
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(one["registrationId"] for one in event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.register('/static/js/push_worker.js').then(() => null)")
    page.wait_for_function(
        "navigator.serviceWorker.getRegistrations().then(all => all.length && all[0].active && all[0].active.state === 'activated')"
    )
    data = '{"title": "Something needs you", "body": "Sign in to see it.", "tag": "t1"}'
    for _ in range(2):  # the same one again replaces itself
        devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": live_server.url, "registrationId": known[0], "data": data},
        )
    shown = page.evaluate(
        """async () => {
            const [one] = await navigator.serviceWorker.getRegistrations();
            for (let turn = 0; turn < 100; turn++) {
                const all = await one.getNotifications();
                if (all.length) return all.map(each => [each.title, each.body, each.tag]);
                await new Promise(done => setTimeout(done, 50));
            }
            return [];
        }"""
    )
    assert shown == [["Something needs you", "Sign in to see it.", "t1"]]
