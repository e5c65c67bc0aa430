"""In a browser: a breach comes to the owner and to the supervisor by itself, and the new pages are for everybody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from agencies.choices import Duty, Role
from agencies.models import OnCallShift, Person
from cseccase.confidentiality.context import acting_because
from referrals.models import Deadline, DeadlineStage
from referrals.services.sweep import stages_fire
from tests.pages import client_of
from tests.referrals.views.test_work_pages import duty_of, told
from tests.worlds import World, county_make, referral_make

WHY = "test"
PATIENCE = 30_000
"""Milliseconds that a busy machine may take to answer; the minute of the page itself is run through, not waited for."""


def window(browser: Browser, live_server: Any, world: World, duty: Duty, width: int = 1280) -> Page:
    """A browser window in which this person of the advocates' agency is signed in."""
    session = client_of(world, Role.ADVOCATE, duty).cookies["sessionid"].value
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def opened(page: Page, address: str) -> None:
    """The page shows a duty that is still to be done, and is marked so that a reload would be noticed."""
    page.goto(address)
    expect(page.locator("#now")).to_contain_text("Be with the child", timeout=PATIENCE)
    expect(page.locator("#overdue")).to_have_count(0)
    page.evaluate("window.stillTheSame = true")


def shut(page: Page) -> None:
    """It would go on asking while the test's rows are taken away."""
    assert page.evaluate("window.stillTheSame") is True, "the page was loaded anew"
    page.goto("about:blank")
    page.context.close()


@pytest.mark.django_db(transaction=True)
def test_a_breach_appears_on_the_owners_and_the_supervisors_page_within_a_minute_without_reload(
    live_server: Any, browser: Browser
) -> None:
    world = county_make()
    referral_make(world, ago=timedelta(minutes=5))
    pages = {
        "owner": window(browser, live_server, world, Duty.LINE_WORKER),
        "supervisor": window(browser, live_server, world, Duty.SUPERVISOR),
    }
    addresses = {"owner": "/duties/", "supervisor": "/duties/board"}
    for who, page in pages.items():
        page.clock.install()
        opened(page, live_server.url + addresses[who])
    with acting_because(WHY):
        past = datetime.now(UTC) - timedelta(seconds=1)
        duty = duty_of("response-2h", "ADV")
        duty.due_at = past
        duty.save()
        DeadlineStage.objects.filter(deadline=duty, name="due").update(fire_at=past)
    stages_fire(now=datetime.now(UTC))
    for page in pages.values():
        page.clock.run_for(60_000)
        expect(page.locator("#overdue")).to_contain_text("Be with the child", timeout=PATIENCE)
        expect(page.locator("#overdue")).to_contain_text("Nobody has answered yet")
    for page in pages.values():
        shut(page)


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_looked_at_again_asks_at_once_whether_anything_changed(
    live_server: Any, browser: Browser
) -> None:
    world = county_make()
    referral_make(world, ago=timedelta(minutes=5))
    page = window(browser, live_server, world, Duty.LINE_WORKER)
    page.clock.install()
    opened(page, live_server.url + "/duties/")
    with acting_because(WHY):
        duty = duty_of("response-2h", "ADV")
        duty.due_at = datetime.now(UTC) - timedelta(seconds=1)
        duty.save()
    page.clock.run_for(6_000)  # not yet the turn of the page itself
    expect(page.locator("#overdue")).to_have_count(0)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#overdue")).to_contain_text("Be with the child", timeout=PATIENCE)
    shut(page)


def looked_after(world: World) -> Iterator[tuple[str, str]]:
    """The new pages, with something on each: an open call, a late duty, a roster with a gap and a backup."""
    referral_make(world, ago=timedelta(hours=3))
    referral_make(world, ago=timedelta(minutes=10))
    stages_fire(now=datetime.now(UTC))
    with acting_because(WHY):
        rows = Deadline.objects.unrestricted(because=WHY).filter(rule="response-2h", owed_by__role="ADV")
        late, fresh = rows.order_by("due_at")
    client_of(world, Role.ADVOCATE).post(f"/duties/{late.pk}", told() | {"note": ""})
    yield "duty", f"/duties/{fresh.pk}"
    yield "explain", f"/duties/{late.pk}/late"
    yield "list", "/duties/"
    yield "board", "/duties/board?overdue=1"
    yield "board all", "/duties/board"
    yield "late", "/duties/board?show=late"
    client_of(world, Role.ADVOCATE).post(
        f"/duties/{late.pk}/late", {"reason": "too_few", "words": "One advocate for two children."}
    )
    yield "review", f"/duties/{late.pk}/late/review"
    yield "explained", f"/duties/{late.pk}"
    now = datetime.now(UTC)
    Person.objects.filter(agency=world.agencies["ADV"]).update(phone="(555) 010-0244")
    shift = None
    for number, (duty, backup) in enumerate(
        [(Duty.LINE_WORKER, False), (Duty.SUPERVISOR, True), (Duty.SUPERVISOR, False)]
    ):
        shift = OnCallShift.objects.create(
            agency=world.agencies["ADV"],
            person=world.person(Role.ADVOCATE, duty),
            is_backup=backup,
            starts_at=now + timedelta(hours=-1 if number < 2 else 12),
            ends_at=now + timedelta(hours=8 if number < 2 else 24),
            written_at=now,
        )
    assert shift is not None
    yield "on call", "/on-call/"
    yield "roster", "/on-call/roster"
    yield "add", "/on-call/roster/add"
    yield "fill", "/on-call/roster/fill"
    yield "hand over", f"/on-call/roster/{shift.pk}/hand-over"
    yield "take out", f"/on-call/roster/{shift.pk}/take-out"


@pytest.mark.django_db(transaction=True)
def test_every_page_of_looking_after_duties_is_for_everybody_and_fits_a_small_phone(
    live_server: Any, browser: Browser
) -> None:
    world = county_make()
    world.person(Role.ADVOCATE)
    pages = {
        width: window(browser, live_server, world, Duty.SUPERVISOR, width=width) for width in (1280, 320)
    }
    problems: list[str] = []
    for page in pages.values():
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    pictures = os.environ.get("WORK_PICTURES")
    for name, address in looked_after(world):
        for width, page in pages.items():
            answer = page.goto(live_server.url + address)
            assert answer is not None and answer.status == 200, name
            if page.evaluate("document.documentElement.scrollWidth") > width:
                problems.append(f"{name} is wider than {width}")
            problems += [f"{name} {width}: {found['id']}" for found in Axe().run(page).response["violations"]]
            if pictures:
                page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)
    for page in pages.values():
        page.goto("about:blank")
        page.context.close()
    assert problems == []
