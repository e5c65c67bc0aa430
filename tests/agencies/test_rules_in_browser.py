"""The pages on which the sharing rules change, in a real browser: readable for everybody, on a small phone too."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from agencies.choices import Duty, Role
from tests.agencies.pages import signed_in
from tests.pages import sign_in
from tests.screens import Screen
from tests.worlds import county_make, person_make

pytestmark = pytest.mark.django_db
REASON = "The agreement of March ends this use of reports."


def test_every_step_from_the_proposal_to_the_version_is_readable(browser: Browser) -> None:
    world, screen, ben = county_make(), Screen(browser), Client()
    ana = signed_in(world, Role.COUNTY_COUNSEL, Duty.COUNSEL)
    sign_in(ben, person_make(world.agencies["CC"], Duty.COUNSEL))

    def look(name: str, client: Client, path: str, post: dict[str, Any] | None = None) -> None:
        answer = client.get(path) if post is None else client.post(path, post)
        assert answer.status_code == 200, (name, answer.status_code)
        screen.check(name, answer)

    look("one version only", ana, "/sharing-rules/compare")
    look("a note is missing", ana, "/sharing-rules/propose", {"note": ""})
    at = ana.post("/sharing-rules/propose", {"note": "What was agreed in March"}).headers["Location"]
    look("an empty proposal", ana, at)
    look("which cell", ana, f"{at}/change")
    cell = f"{at}/change?category=r03&role=PO&access=N"
    look("a reason is missing", ana, cell, {"basis": "MOU", "reason": "No"})
    for which, basis in (("r03&role=PO&access=N", "MOU"), ("r14&role=DA&access=A", "CO")):
        ana.post(f"{at}/change?category={which}", {"basis": basis, "reason": REASON})
    look("a proposal", ana, at)
    look("submit", ana, f"{at}/submit")
    ana.post(f"{at}/submit", {"effective_on": ""})
    look("it waits", ana, at)
    look("the second person", ben, f"{at}/decide", {"approve": "no", "decision": ""})
    asked = {"role": "PO", "case": "", "party": "assignment", "proposal": at.rsplit("/", 1)[1]}
    look("preview", ana, "/sharing-rules/preview", asked)
    ben.post(f"{at}/decide", {"approve": "yes", "decision": "Agreed."})
    look("approved", ben, at)
    look("versions", ana, "/sharing-rules/changes")
    look("the grid", ana, "/sharing-rules/")
    look("compare", ana, "/sharing-rules/compare")
    look("an older version", ana, "/sharing-rules/?version=1&role=PO")
    assert screen.problems == []
