"""A breach comes to its owner's and the supervisor's open page within a minute, in real time: worker, beat, pages, clocks.

Nothing is forwarded or called by hand: a limit passes, the worker's sweep fires its stage, and the two open pages ask by
themselves. `manage.py test --proof breach [--full]`; the everyday form, with the pages' minute run through, is
`tests/referrals/views/test_board_in_browser.py`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.models import Deadline, DeadlineStage
from tests.referrals.views.test_board_in_browser import opened, shut, window
from tests.workers import eventually, worker_running
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "test"
WITHIN = 60
TWO_HOURS = timedelta(hours=2)
SETTLED = timedelta(seconds=25)
"""How long before its limit a referral is entered: time for two pages to open on a busy machine."""
ADDRESSES = {Duty.LINE_WORKER: "/duties/", Duty.SUPERVISOR: "/duties/board"}


def page_of(browser: Browser, live_server: Any, world: World, duty: Duty) -> Page:
    page = window(browser, live_server, world, duty)
    opened(page, live_server.url + ADDRESSES[duty])
    return page


def seconds_until_seen(live_server: Any, browser: Browser, wait: float) -> dict[Duty, float]:
    """Seconds from the legal moment of a breach until each open page shows it."""
    world = county_make(f"County {time.monotonic_ns()}")
    for duty in ADDRESSES:
        world.person(Role.ADVOCATE, duty)
    referral_make(world, ago=TWO_HOURS - SETTLED - timedelta(seconds=wait))
    with acting_because(WHY):
        due = (
            Deadline.objects.unrestricted(because=WHY)
            .get(rule="response-2h", owed_by__role="ADV", owed_by__county=world.county)
            .due_at
        )
    pages = {duty: page_of(browser, live_server, world, duty) for duty in ADDRESSES}
    assert datetime.now(UTC) < due, "the pages were open before the limit passed"
    seen: dict[Duty, float] = {}
    while len(seen) < len(pages) and datetime.now(UTC) < due + timedelta(seconds=2 * WITHIN):
        for duty, page in pages.items():
            page.wait_for_timeout(200)
            overdue = page.locator("#overdue")
            if duty not in seen and overdue.count() and "Be with the child" in overdue.inner_text():
                seen[duty] = (datetime.now(UTC) - due).total_seconds()
    eventually(lambda: fired(world, due), what="the stage of the breach")
    for page in pages.values():
        shut(page)
    return seen


def fired(world: World, due: datetime) -> bool:
    """The worker has told the owner and the supervisor, not before the limit and within a minute of it."""
    with acting_because(WHY):
        stage = DeadlineStage.objects.get(
            deadline__owed_by__county=world.county,
            deadline__rule="response-2h",
            deadline__owed_by__role="ADV",
            name="due",
        )
    assert stage.fired_at is None or timedelta(0) <= stage.fired_at - due <= timedelta(seconds=WITHIN)
    return stage.fired_at is not None


@pytest.mark.proof("breach")
def test_a_breach_is_on_the_owners_and_the_supervisors_open_page_within_a_minute(
    live_server: Any,
    browser: Browser,
    tmp_path: Path,
    proof_is_full: bool,
    proof_counts: dict[str, int],
    proof_says: Callable[[str], None],
) -> None:
    chance, took = random.Random(3), []
    with worker_running(tmp_path, SWEEP_SECONDS=str(settings.SWEEP_SECONDS)):  # as often as the product does
        for _ in range(20 if proof_is_full else 2):
            seen = seconds_until_seen(live_server, browser, wait=chance.uniform(0, 30))
            assert seen.keys() == ADDRESSES.keys(), f"only these saw it: {seen}"
            proof_says(", ".join(f"{duty.label} {seconds:.0f} s" for duty, seconds in seen.items()))
            took += seen.values()
    proof_counts["seen"] = len(took)
    proof_counts["slowest_seconds"] = round(max(took))
    assert max(took) <= WITHIN
