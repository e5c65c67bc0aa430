"""Somebody is on call in the practice county at every hour, and no one is told of facts by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agencies.choices import Role
from agencies.models import OnCallShift
from reporting.practice.county import county_set_up
from reporting.practice.rosters import TURNS, WEEKS, rosters_fill


@pytest.mark.django_db
def test_each_agency_owed_within_two_hours_has_somebody_and_a_backup_at_every_hour_of_the_next_weeks() -> (
    None
):
    practice = county_set_up(now=datetime.now(UTC))
    assert rosters_fill(practice) == OnCallShift.objects.count()
    assert {practice.people[turn.person].agency.role for turn in TURNS} == {
        Role.CHILD_WELFARE,
        Role.PROBATION,
        Role.ADVOCATE,
    }
    for role in (Role.CHILD_WELFARE, Role.PROBATION, Role.ADVOCATE):
        rows = list(OnCallShift.objects.filter(agency=practice.agencies[role]))
        for hour in range(0, 24 * 7 * (WEEKS - 1), 7):
            moment = practice.now + timedelta(hours=hour)
            answering = [row.is_backup for row in rows if row.starts_at <= moment < row.ends_at]
            assert sorted(answering) == [False, True], (role, moment)
