"""The meetings' pages in a real browser: nothing that axe objects to, nothing wider than a small phone, no script needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import viewing_as
from mdt.choices import Mode
from mdt.selectors.meeting import agenda_of
from mdt.services.minutes import ActionSaid, decision_add
from tests.mdt.meetings import STATUTORY, hold, meeting_make, now_, ready, seat
from tests.pages import client_of
from tests.worlds import World, county_make, person_make

CW = Role.CHILD_WELFARE


def county_with_meetings() -> tuple[World, dict[str, str]]:
    """A county and the addresses of its pages about one child's team: planned with gaps, and held."""
    world = county_make()
    person_make(world.agencies["PH"], Duty.LINE_WORKER, trained=False, name="Tom Adeyemi")
    table = [seat(world, role) for role in STATUTORY if role != Role.SUBSTANCE_USE]
    planned = meeting_make(world, seats=table, mode=Mode.VIDEO, not_in_person_reason="The pass is closed.")
    table = [*(seat(world, role) for role in STATUTORY), seat(world, Role.ADVOCATE, reason="She is trusted.")]
    held = meeting_make(world, planned.case_file, table, starts_at=now_() - timedelta(hours=1))
    viewer = world.viewer(CW)
    with viewing_as(viewer):
        item = agenda_of(viewer=viewer, meeting=held)[2].item
        task = ActionSaid("Find a place", world.agencies["MH"].pk, (now_() + timedelta(days=4)).date())
        decision_add(
            viewer=viewer, meeting_id=held.pk, item_id=item.pk, words="Look further.", now=now_(), action=task
        )
    ready(world, held)
    hold(world, held)
    health = world.agencies["PH"].pk
    addresses = {
        "meetings": reverse("mdt:meetings"),
        "schedule": reverse("mdt:schedule", args=[planned.case_file_id]),
        "plan": reverse("mdt:meeting", args=[planned.pk]),
        "answer": reverse("mdt:rsvp", args=[planned.pk]),
        "seat": reverse("mdt:seat", args=[planned.pk, health]),
        "seat end": reverse("mdt:seat_remove", args=[planned.pk, health]),
        "change": reverse("mdt:change", args=[planned.pk]),
        "cancel": reverse("mdt:cancel", args=[planned.pk]),
        "child": reverse("mdt:child", args=[planned.pk]),
        "session": reverse("mdt:session", args=[planned.pk]),
        "decision": reverse("mdt:decision", args=[held.pk, item.pk]),
        "hold": reverse("mdt:hold", args=[planned.pk]),
        "held": reverse("mdt:meeting", args=[held.pk]),
    }
    return world, addresses


@pytest.mark.django_db(transaction=True)
def test_every_page_is_readable_for_everybody_and_fits_a_small_phone(live_server, browser: Browser) -> None:
    world, addresses = county_with_meetings()
    session = client_of(world, CW).cookies["sessionid"].value
    problems: list[str] = []
    refused: list[str] = []
    for width in (1280, 320):
        context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=True)
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
        for name, address in addresses.items():
            answer = page.goto(live_server.url + address)
            assert answer is not None and answer.status == 200, name
            if page.evaluate("document.documentElement.scrollWidth") > width:
                problems.append(f"{name} is wider than {width}")
            problems += [f"{name} {width}: {found['id']}" for found in Axe().run(page).response["violations"]]
        context.close()
    assert (problems, refused) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_an_invitation_is_answered_without_scripts(live_server, browser: Browser) -> None:
    world, addresses = county_with_meetings()
    session = client_of(world, Role.MENTAL_HEALTH).cookies["sessionid"].value
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + addresses["answer"])
    page.get_by_label("Will come").check()
    page.get_by_role("button", name="Send the answer").click()
    assert "Your answer is sent." in page.inner_text("main")
    context.close()
