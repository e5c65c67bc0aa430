"""Emergency looks and requests in a real browser: without scripts, on a small phone, and with nothing that axe objects to."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, expect

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.choices import Holder
from referrals.models import CaseFile, EmergencyLook
from referrals.services.emergency import emergency_open
from referrals.services.request import Asked, request_ask
from tests.pages import client_of
from tests.worlds import World, county_make, referral_make

WHY = "test"


def county() -> tuple[World, CaseFile]:
    world = county_make()
    world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    world.person(Role.PROBATION, Duty.SUPERVISOR)
    referral = referral_make(
        world, urgent=False, holder=Holder.CHILD_WELFARE, place="Behind the bus station on Alder Street"
    )
    return world, referral.case_file


def signed_in(
    browser: Browser, url: str, world: World, role: Role, duty: Duty, width: int, *, scripts: bool
) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts, reduced_motion="reduce"
    )
    session = client_of(world, role, duty).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    return context


@pytest.mark.django_db(transaction=True)
def test_without_scripts_a_worker_opens_reads_and_ends(live_server, browser: Browser) -> None:
    world, case_file = county()
    context = signed_in(browser, live_server.url, world, Role.PROBATION, Duty.LINE_WORKER, 320, scripts=False)
    page = context.new_page()
    page.goto(live_server.url + reverse("referrals:emergency_open"))
    page.get_by_label("Case number").fill(case_file.number.lower().replace("-", " "))
    page.get_by_label("A child is in danger now").check()
    page.get_by_label("What is happening?").fill("The mother called: the child is on a bridge.")
    page.get_by_role("button", name="Open the file to read").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{case_file.number} is open to you, to read")
    expect(page.get_by_text("Behind the bus station on Alder Street")).to_be_visible()
    page.get_by_role("link", name="Read the case file").click()
    banner = page.get_by_role("region", name="Open in an emergency")
    expect(banner).to_contain_text("To read only, until")
    banner.get_by_role("button", name="End now").click()
    expect(page.get_by_role("region", name="Open in an emergency")).to_have_count(0)
    answer = page.goto(live_server.url + reverse("referrals:case", args=[case_file.pk]))
    assert answer is not None and answer.status == 404
    context.close()


@pytest.mark.django_db(transaction=True)
def test_when_the_hour_is_over_the_file_leaves_the_screen_by_itself_and_typed_words_stay(
    live_server, browser: Browser
) -> None:
    world, case_file = county()
    context = signed_in(browser, live_server.url, world, Role.PROBATION, Duty.LINE_WORKER, 390, scripts=True)
    worker, file_page, form_page = world.viewer(Role.PROBATION), context.new_page(), context.new_page()
    begun = datetime.now(UTC) - timedelta(minutes=60) + timedelta(seconds=12)
    with viewing_as(worker):
        words = "The mother called: the child is on a bridge."
        emergency_open(viewer=worker, number=case_file.number, reason="danger", words=words, now=begun)
    file_page.goto(live_server.url + reverse("referrals:case", args=[case_file.pk]))
    expect(file_page.get_by_role("heading", level=1)).to_have_text(f"Case file {case_file.number}")
    form_page.goto(live_server.url + reverse("referrals:access_ask"))
    form_page.get_by_label("What do you need it for?").fill("We drive the child to court.")
    expect(file_page.get_by_role("heading", level=1)).to_have_text(
        "There is nothing here for you", timeout=30_000
    )
    expect(form_page.get_by_role("region", name="Open in an emergency")).to_have_count(0, timeout=10_000)
    expect(form_page.get_by_label("What do you need it for?")).to_have_value("We drive the child to court.")
    context.close()


@pytest.mark.django_db(transaction=True)
def test_every_page_is_readable_for_everybody_and_fits_a_small_phone(live_server, browser: Browser) -> None:
    world, case_file = county()
    now = datetime.now(UTC)
    worker, doctor = world.viewer(Role.PROBATION), world.viewer(Role.MENTAL_HEALTH)
    said = {"reason": "danger", "words": "The mother called: the child is on a bridge.", "now": now}
    with viewing_as(worker):
        look = emergency_open(viewer=worker, number=case_file.number, **said)
        miss = emergency_open(viewer=worker, number="CF-222-222", **said)
    with viewing_as(doctor):
        asked = Asked(case_file.number, "r19", "We drive the child to court.", now + timedelta(days=9))
        wanted = request_ask(viewer=doctor, asked=asked, now=now)
    with acting_because(WHY):
        late = EmergencyLook.objects.unrestricted(because=WHY).get(pk=miss.pk)
        late.opened_at = late.until = now - timedelta(days=4)
        late.review_due_at = now - timedelta(days=3)
        late.save()
    line, boss = Duty.LINE_WORKER, Duty.SUPERVISOR
    pages = [
        ("form", Role.PROBATION, line, reverse("referrals:emergency_open")),
        ("look", Role.PROBATION, line, reverse("referrals:emergency", args=[look.pk])),
        ("miss", Role.PROBATION, line, reverse("referrals:emergency", args=[miss.pk])),
        ("case", Role.PROBATION, line, reverse("referrals:case", args=[case_file.pk])),
        ("duties", Role.PROBATION, boss, reverse("referrals:duties")),
        ("review", Role.PROBATION, boss, reverse("referrals:emergency", args=[miss.pk])),
        ("looks", Role.PROBATION, boss, reverse("referrals:emergencies")),
        ("ask", Role.MENTAL_HEALTH, line, reverse("referrals:access_ask")),
        ("asked", Role.MENTAL_HEALTH, line, reverse("referrals:access_request", args=[wanted.pk])),
        ("requests", Role.CHILD_WELFARE, boss, reverse("referrals:access_requests") + "?show=to-answer"),
        ("answer", Role.CHILD_WELFARE, boss, reverse("referrals:access_request", args=[wanted.pk])),
    ]
    pictures = os.environ.get("WORK_PICTURES")
    problems: list[str] = []
    refused: list[str] = []
    for width in (1280, 320):
        for name, role, duty, address in pages:
            context = signed_in(browser, live_server.url, world, role, duty, width, scripts=True)
            page = context.new_page()
            page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
            answer = page.goto(live_server.url + address)
            assert answer is not None and answer.status == 200, name
            if page.evaluate("document.documentElement.scrollWidth") > width:
                problems.append(f"{name} is wider than {width}")
            problems += [f"{name} {width}: {found['id']}" for found in Axe().run(page).response["violations"]]
            if pictures:
                page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)
            context.close()
    assert (problems, refused) == ([], [])
