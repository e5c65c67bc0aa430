"""One's own notices by the API."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from agencies.choices import Role
from referrals.services.sweep import stages_fire
from tests.pages import client_of
from tests.worlds import county_make, referral_make

pytestmark = pytest.mark.django_db


def test_a_notice_is_its_reader_s_own_and_leads_to_what_it_is_about() -> None:
    world = county_make()
    world.person(Role.ADVOCATE)
    referral_make(world, child=None)
    stages_fire(now=datetime.now(UTC))
    advocate, other = client_of(world, Role.ADVOCATE), client_of(world, Role.PROBATION)
    notices = advocate.get("/api/notices").json()["results"]
    assert notices and all(notice["is_new"] for notice in notices)
    path = f"/api/notices/{notices[0]['id']}/read"
    hidden = other.post(path)
    assert (hidden.status_code, hidden.content) == (404, other.post(f"/api/notices/{uuid4()}/read").content)
    opened = advocate.post(path).json()
    assert opened["page"] == "duty"
    assert advocate.get(f"/api/duties/{opened['subject']}").status_code == 200
    assert (
        sum(notice["is_new"] for notice in advocate.get("/api/notices").json()["results"]) == len(notices) - 1
    )
