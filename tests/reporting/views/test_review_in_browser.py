"""The pages of a review in a real browser: nothing that axe objects to, nothing wider than a small phone, no script needed."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import viewing_as
from referrals.models import Child
from tests.pages import client_of
from tests.reporting.views.test_unusual_pages import ZONE, local, look
from tests.worlds import World, county_make, person_make, referral_make


def county_with_looks() -> tuple[World, dict[str, str]]:
    """Looks by day and night, by somebody tied to a case and by somebody who is not; a record that was changed."""
    world = county_make()
    referrals = [referral_make(world) for _ in range(3)]
    stranger = person_make(world.agencies["CW"], Duty.LINE_WORKER, name="Noa Stranger")
    for referral in referrals:
        look(world, stranger, referral, local(1, time(2, 14)))
        look(world, world.person(Role.CHILD_WELFARE), referral, datetime.now(UTC))
    look(world, world.person(Role.PROBATION), referrals[0], datetime.now(UTC))
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        child = Child.objects.visible_to(viewer).get(case_file=referrals[0].case_file_id)
        child.given_name, child.language = "Jayden", "Spanish"
        child.save()
    yesterday = local(1, time(12)).astimezone(ZONE).date().isoformat()
    case = referrals[0].case_file_id
    return world, {
        "looked": reverse("reporting:looked"),
        "case": reverse("reporting:looked_case", args=[case]),
        "person": reverse("reporting:looked_person", args=[stranger.pk]),
        "unusual": reverse("reporting:unusual"),
        "unusual-wrong": reverse("reporting:unusual") + "?from_on=soon",
        "day": reverse("reporting:unusual_day", args=[stranger.pk, yesterday]),
        "changed": reverse("reporting:changed", args=[case]),
    }


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_review_are_readable_for_everybody_and_fit_a_small_phone(
    live_server, browser: Browser
) -> None:  # type: ignore[no-untyped-def]
    world, addresses = county_with_looks()
    session = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR).cookies["sessionid"].value
    pictures = os.environ.get("WORK_PICTURES")
    problems: list[str] = []
    for width in (1280, 320):
        context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        for name, address in addresses.items():
            answer = page.goto(live_server.url + address)
            assert answer is not None and answer.status in {200, 400}, name
            if page.evaluate("document.documentElement.scrollWidth") > width:
                problems.append(f"{name} is wider than {width}")
            problems += [f"{name} {width}: {found['id']}" for found in Axe().run(page).response["violations"]]
            if pictures:
                page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)
        context.close()
    assert problems == []
