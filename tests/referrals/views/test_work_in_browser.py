"""Duties and case files in a real browser: nothing that axe objects to, nothing wider than a small phone, no script needed."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.models import CaseEvent, CaseParty
from tests.pages import client_of
from tests.referrals.papers import paper_on_file
from tests.referrals.views.test_work_pages import duty_of, told
from tests.worlds import World, county_make, referral_make

WHY = "test"


def county_with_work() -> tuple[World, dict[str, str]]:
    """A county with overdue, pressing and later duties, a missing child, a message left; and the pages about it."""
    world = county_make()
    referral_make(world, ago=timedelta(hours=3))
    referral = referral_make(world, ago=timedelta(minutes=50))
    lead = client_of(world, Role.CHILD_WELFARE)
    case = referral.case_file_id
    at = {name.replace("occurred_at", "told_at"): value for name, value in told().items()}
    lead.post(f"/cases/{case}/missing", at | {"indian_child": "not_known"})
    center = duty_of("missing-ncmec-24h", "CW")
    call = told(1) | {
        "mode": "telephone",
        "outcome": "voicemail",
        "spoke_to": "",
        "reference": "",
        "note": "",
    }
    lead.post(f"/duties/{center.pk}", call)
    with acting_because(WHY):
        entry = CaseEvent.objects.unrestricted(because=WHY).get(kind="missing_reported")
        party = CaseParty.objects.unrestricted(because=WHY).filter(case_file=case).first()
        assert party is not None
        need = paper_on_file(
            "need",
            section=party.section,
            case_file=party.case_file,
            agency=world.agencies["ADV"],
            category="r19",
            since=party.since,
            until=party.since + timedelta(days=9),
            evidence="Call log 9",
            recorded_at=party.since,
            recorded_by_id=party.recorded_by_id,
        )
    addresses = {
        "duties": reverse("referrals:duties"),
        "duty": reverse("referrals:duty", args=[center.pk]),
        "drop": reverse("referrals:duty_drop", args=[center.pk]),
        "cases": reverse("referrals:cases"),
        "case": reverse("referrals:case", args=[case]),
        "timeline": reverse("referrals:case_timeline", args=[case]),
        "reports": reverse("referrals:case_reports", args=[case]),
        "record": reverse("referrals:event_record", args=[case]),
        "correct": reverse("referrals:event_correct", args=[case, entry.pk]),
        "missing": reverse("referrals:missing", args=[case]),
        "located": reverse("referrals:located", args=[case]),
        "sharing": reverse("referrals:case_sharing", args=[case]),
        "paper": reverse("referrals:paper", args=[case, need.pk]),
        "need": reverse("referrals:paper_new", args=[case, "need"]),
        "order": reverse("referrals:paper_new", args=[case, "CO"]),
    }
    return world, addresses


@pytest.mark.django_db(transaction=True)
def test_every_page_is_readable_for_everybody_and_fits_a_small_phone(live_server, browser: Browser) -> None:
    world, addresses = county_with_work()
    session = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR).cookies["sessionid"].value
    pictures = os.environ.get("WORK_PICTURES")
    problems: list[str] = []
    refused: list[str] = []
    for width, scripts in ((1280, True), (390, True), (320, True)):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, reduced_motion="reduce"
        )
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
        for name, address in addresses.items():
            answer = page.goto(live_server.url + address)
            assert answer is not None and answer.status == 200, name
            if page.evaluate("document.documentElement.scrollWidth") > width:
                problems.append(f"{name} is wider than {width}")
            problems += [f"{name} {width}: {found['id']}" for found in Axe().run(page).response["violations"]]
            if pictures:
                page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)
        context.close()
    assert (problems, refused) == ([], [])
