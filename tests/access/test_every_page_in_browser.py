"""Every page of the product in a real browser, with the practice county's records, as somebody who may open it.

The list is the URL resolver's: a new address is visited at once, and one that shows nobody a page must be named below.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser

from reporting.practice.county import PracticeCounty
from tests.access.routes import every_route
from tests.access.test_every_route import (
    LEFT_OUT,
    NOBODY,
    PERSONAS,
    address,
    records,
    supervisor_of_child_welfare,
    written,
)
from tests.pages import sign_in
from tests.screens import Screen

pytestmark = pytest.mark.django_db
CHILDREN = ("Rowan", "Ash", "Briar", "Sage", "Robin", "Clover")
NOT_PAGES = {
    "healthz": "a word for a machine",
    "healthz_deadlines": "a word for a machine",
    "mdt:calendar": "a calendar file",
    "mdt:summary": "a PDF",
    "referrals:paper_pdf": "a PDF",
    "reporting:written_report_pdf": "a PDF",
    "reporting:changed_csv": "a table to download",
    "reporting:looked_case_csv": "a table to download",
    "reporting:looked_person_csv": "a table to download",
}


def opens_for(route: str) -> str | None:
    """Whose page it is by the access table: the supervisor's where she may open it, else the first who may."""
    row = written()[route]
    return next((name for name in ("CW supervisor", *PERSONAS, NOBODY) if row[name] == "200"), None)


class Visit:
    """The practice county with a browser, in which its people are signed in."""

    def __init__(self, practice: PracticeCounty, browser: Browser) -> None:
        self.practice, self.screen = practice, Screen(browser)
        self.people = PERSONAS | {"CW supervisor": supervisor_of_child_welfare(practice)}

    def client(self, persona: str) -> Client:
        client = Client()
        if persona != NOBODY:
            sign_in(client, self.practice.people[self.people[persona]])
        return client

    def look(self, name: str, persona: str, path: str, *, status: int = 200, **posted: Any) -> Any:
        """Checks what this person sees at this address, and leaves nothing changed."""
        with transaction.atomic():
            client = self.client(persona)
            answer = client.post(path, posted["post"]) if "post" in posted else client.get(path)
            transaction.set_rollback(True)
        assert answer.status_code == status, (name, answer.status_code)
        assert answer.headers["Content-Type"].startswith("text/html"), name
        self.screen.check(name, answer, never=CHILDREN)
        return answer


@pytest.fixture
def visit(browser: Browser, practice: PracticeCounty) -> Visit:
    return Visit(practice, browser)


def test_every_page_is_readable_for_everybody_and_fits_a_small_phone(visit: Visit) -> None:
    parts = records(visit.practice)
    for route in every_route():
        if route.name in LEFT_OUT or route.name in NOT_PAGES or route.name.startswith("api_"):
            continue
        if persona := opens_for(route.name):
            visit.look(route.name, persona, address(route, parts))
    assert visit.screen.problems == []


def test_what_is_named_as_no_page_is_still_a_route() -> None:
    assert NOT_PAGES.keys() <= {route.name for route in every_route()}
