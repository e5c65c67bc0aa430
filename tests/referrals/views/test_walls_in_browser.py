"""Own notes, a restriction and a seal in a real browser: small, without scripts, and with nothing that axe objects to."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.choices import PartyKind
from referrals.models import CaseFile
from referrals.services.sharing import Joining, SectionKey, file_extend
from tests.referrals.views.test_emergency_in_browser import signed_in
from tests.worlds import World, county_make, county_today, referral_make

WHY = "test"
REASON = "The child's aunt works at the front desk."


def checked(page: Page, name: str) -> None:
    """No wider than the screen, nothing that axe objects to; a picture where one is asked for."""
    page.wait_for_load_state()
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    if folder := os.environ.get("WALL_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def with_parts(world: World, case_file: CaseFile) -> None:
    with acting_because(WHY):
        file_extend(
            case_file=case_file,
            recorded_by=world.person(Role.CHILD_WELFARE).pk,
            now=datetime.now(UTC),
            sections=[SectionKey("r16")],
            parties=[Joining(world.agencies[role].pk, PartyKind.ASSIGNMENT) for role in ("ADV", "PO")],
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [320])
def test_the_pages_of_the_walls(live_server, browser: Browser, width: int) -> None:
    world = county_make()
    case_file = referral_make(world).case_file
    with_parts(world, case_file)
    url = f"{live_server.url}/cases/{case_file.pk}"
    advocate = signed_in(
        browser, live_server.url, world, Role.ADVOCATE, Duty.LINE_WORKER, width, scripts=True
    )
    page = advocate.new_page()
    page.goto(f"{url}/my-notes")
    assert "My notes" in page.inner_text("h1"), page.inner_text("body")
    page.get_by_label("Your note").fill("She asked me not to tell where she sleeps.")
    page.get_by_role("button", name="Keep the note").click()
    checked(page, f"notes-{width}")
    page.get_by_role("link", name="Correct this note").click()
    checked(page, f"note-{width}")
    boss = signed_in(
        browser, live_server.url, world, Role.CHILD_WELFARE, Duty.SUPERVISOR, width, scripts=True
    )
    page = boss.new_page()
    page.goto(f"{url}/restriction")
    page.get_by_label("Who may open this file?").fill(world.person(Role.CHILD_WELFARE).email)
    page.get_by_label("Why?").fill(REASON)
    page.get_by_role("button", name="Restrict the file").click()
    checked(page, f"restriction-refused-{width}")
    sealer = signed_in(browser, live_server.url, world, Role.PROBATION, Duty.SUPERVISOR, width, scripts=True)
    page = sealer.new_page()
    page.goto(f"{url}/seal")
    checked(page, f"seal-{width}")
    page.get_by_label("Which records?").select_option("r16")
    page.get_by_label("WIC 786").check()
    page.get_by_label("Which court?").fill("Superior Court of Valverde")
    page.get_by_label("The court’s case number").fill("J-4471")
    page.get_by_label("Day of the order").fill(county_today().strftime("%m/%d/%Y"))
    page.get_by_label("Where does the order lie?").fill("Folder 9")
    page.get_by_role("button", name="Go on to confirm").click()
    checked(page, f"seal-confirm-{width}")
    page.get_by_role("button", name="Seal the records").click()
    expect(page.get_by_text("The order is carried out.")).to_be_visible()
    page.goto(f"{url}/seal/purpose")
    checked(page, f"purpose-{width}")
    for context in (advocate, boss, sealer):
        context.close()
