"""The pages of the clock register in a real browser: axe has nothing against them, at a desk and on a small phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.deadlines import kinds
from referrals.models import Deadline
from referrals.services.missing import MissingSaid, child_locate, missing_record
from tests.agencies.pages import signed_in
from tests.pages import client_of
from tests.screens import Screen
from tests.worlds import case_of, county_make, referral_make


@pytest.mark.django_db
def test_the_pages_of_the_register_are_for_everybody(browser: Browser) -> None:
    world = county_make()
    case_file = case_of(referral_make(world, ago=timedelta(days=3)))
    now = datetime.now(UTC)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        said = MissingSaid(told_at=now - timedelta(hours=30))
        missing_record(viewer=viewer, case_file=case_file, said=said, now=now)
        child_locate(viewer=viewer, case_file=case_file, located_at=now - timedelta(hours=1), now=now)
    worker = client_of(world, Role.CHILD_WELFARE)
    counsel = signed_in(world, Role.COUNTY_COUNSEL, Duty.COUNSEL)
    counsel.post("/deadline-rules/response-2h/change", {"unit": "minutes", "count": 90})
    with acting_because("test"):
        rows = Deadline.objects.unrestricted(because="test").filter(case_file=case_file)
        notice = rows.get(rule="missing-notice-24h", owed_to="parents")
        debrief = rows.get(rule="return-debrief")
    screen = Screen(browser, worker)
    case = f"/cases/{case_file.pk}"
    for name, client, path in (
        ("record", worker, f"{case}/record"),
        ("happening", worker, f"{case}/record/{kinds.INVESTIGATION_CONCLUDED}"),
        ("notice not owed", worker, f"{case}/record/{kinds.NOTICE_NOT_OWED}"),
        ("notice", worker, f"/duties/{notice.pk}"),
        ("debrief", worker, f"/duties/{debrief.pk}"),
        ("case", worker, case),
        ("missing", worker, f"{case}/missing"),
        ("deadline rules", counsel, "/deadline-rules/?part=C"),
        ("deadline limit", counsel, "/deadline-rules/missing-notice-24h/change"),
        ("deadline readings", counsel, "/deadline-rules/readings"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, (name, answer.status_code)
        screen.check(name, answer)
    assert screen.problems == []
