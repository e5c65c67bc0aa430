"""The list of messages that did not leave, wide and on a telephone, with a screen reader's rules and without script."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from cseccase.outbox.models import Message
from tests.agencies.test_undelivered import unsent
from tests.pages import client_of
from tests.worlds import county_make

pytestmark = pytest.mark.django_db(transaction=True)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PICTURES = os.environ.get("DELIVERY_PICTURES", "")


def test_the_officer_finds_and_retries_an_unsent_message_on_a_telephone_without_script(
    browser: Browser, live_server: Any
) -> None:
    world = county_make()
    soon = datetime.now(UTC) + timedelta(minutes=20)
    unsent(world.person(Role.ADVOCATE))
    unsent(world.person(Role.ADVOCATE), state="waiting", problem="timeout", attempts=3, next_try_at=soon)
    cookie = client_of(world, Role.ADVOCATE, Duty.SECURITY_OFFICER).cookies["sessionid"].value
    for script in (True, False):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=script)
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/people/messages/")
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if script:
                found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
                assert found.violations_count == 0, (width, found.generate_report())
                assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, width
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"undelivered-{width}.png", full_page=True)
        if not script:
            page.get_by_role("button", name="Try again").last.click()
            page.get_by_text("in line again").wait_for()
        context.close()
    with acting_because("test"):
        assert Message.objects.filter(state="failed").count() == 0
