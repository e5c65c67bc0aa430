"""Reports, logs and histories by the API: for those who may review, with the pages' refusals for everybody else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
import time_machine

from agencies.choices import Duty, Role
from tests.pages import client_of
from tests.reporting.seeds import COUNTED_ON
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county_make()


def order(client: Any, period: str) -> Any:
    return client.post("/api/reports", {"period": period}, content_type="application/json")


def test_a_period_is_ordered_once_and_read_by_nobody_before_it_is_frozen(world: World) -> None:
    with time_machine.travel(COUNTED_ON):
        member = client_of(world, Role.STEERING_COMMITTEE, Duty.COMMITTEE)
        for period in ("2026-q4", "2001", "x"):
            refused = order(member, period)
            assert (refused.status_code, refused.json()["field"]) == (409, "period"), period
        for _ in range(2):
            assert (order(member, "2026-q3").status_code, order(member, "2026-q3").json()["state"]) == (
                202,
                "waiting",
            )
        offered = {one["period"]: one for one in member.get("/api/reports").json()}
        assert offered["2026-q3"]["state"] == "waiting" and offered["2026-q2"]["state"] == "open"
        assert member.get("/api/reports/2026-q3").status_code == 404
        refused = order(client_of(world, Role.CHILD_WELFARE), "2026-q2")
        assert refused.status_code == 403 and refused.json()["ask"]


def test_a_reviewer_reads_the_log_and_a_stranger_not_even_that_there_is_one(world: World) -> None:
    path = f"/api/cases/{referral_make(world).case_file_id}/who-looked"
    boss = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    assert boss.get(path).json()["entries"] > 0
    assert boss.get(path, {"kind": "sent_out"}).json()["entries"] == 0
    for wrong in ({"kind": "x"}, {"from_on": "2026-09-02", "to_on": "2026-09-01"}, {"from_on": "x"}):
        assert boss.get(path, wrong).status_code == 400, wrong
    assert boss.get(path, {"before": "x"}).status_code == 404
    stranger = client_of(world, Role.EDUCATION, Duty.SUPERVISOR)
    assert stranger.get(path).content == stranger.get(f"/api/cases/{uuid4()}/who-looked").content
    assert stranger.get(path).status_code == 404
    assert client_of(world, Role.CHILD_WELFARE).get(path).status_code == 403
    own = f"/api/people/{world.person(Role.CHILD_WELFARE, Duty.HOTLINE).pk}/who-looked"
    assert boss.get(own).json()["entries"] > 0 and stranger.get(own).status_code == 404


def test_what_changed_is_read_by_who_may_see_it(world: World) -> None:
    path = f"/api/cases/{referral_make(world, narrative='MARKERSTORY').case_file_id}/history"
    worker, stranger = client_of(world, Role.CHILD_WELFARE), client_of(world, Role.EDUCATION)
    pages, before = [], ""
    while not pages or before:
        pages.append(worker.get(path, {"before": before}).json())
        before = pages[-1]["next"]
    assert "MARKERSTORY" in str(pages) and len(pages) > 1
    assert stranger.get(path).content == stranger.get(f"/api/cases/{uuid4()}/history").content
    assert worker.get(path, {"before": "x"}).status_code == 404
