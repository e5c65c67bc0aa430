"""The grid of reports holds every duty of the register that is done by telling somebody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from agencies.choices import Role
from cseccase.confidentiality.context import viewing_as
from referrals.deadlines.register import ALL_RULES
from referrals.selectors.reports import ABUSE, MISSING
from referrals.services.missing import MissingSaid, missing_record
from tests.pages import client_of, words
from tests.worlds import county_make, referral_make


def test_every_duty_owed_to_somebody_outside_is_a_report_of_one_of_the_two_groups() -> None:
    owed_outside = {rule.id for rule in ALL_RULES if set(rule.owed_to) - {"child", "state_system"}}
    assert owed_outside <= ABUSE | MISSING
    assert (ABUSE | MISSING) - owed_outside == {"written-36h"}  # owed to each agency that was telephoned
    assert {"missing-notice-24h", "return-ncmec", "search-contact"} <= MISSING
    assert {"licensing-24h", "attorney-copy-36h", "police-cross-now"} <= ABUSE


@pytest.mark.django_db
def test_a_child_missing_from_foster_care_shows_each_of_the_nine_notices_on_a_line_of_its_own() -> None:
    world, now = county_make(), datetime.now(UTC)
    case_file = referral_make(world, now=now, ago=timedelta(hours=2)).case_file
    client = client_of(world, Role.CHILD_WELFARE)
    before = words(client.get(reverse("referrals:case_reports", args=[case_file.pk])))
    assert "that the child is missing" not in before
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        missing_record(viewer=viewer, case_file=case_file, said=MissingSaid(told_at=now), now=now)
    after = words(client.get(reverse("referrals:case_reports", args=[case_file.pk])))
    assert after.count("that the child is missing") == 9
    assert "Tell the child’s tribe that the child is missing" in after
