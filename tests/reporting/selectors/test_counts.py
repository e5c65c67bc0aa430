"""Children are counted once, in their own county, in the period in which it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.deadlines import kinds
from referrals.models import FileSection, Referral, StatusField
from referrals.services.event import event_correct, event_record
from referrals.services.referral import ChildSaid
from referrals.services.sharing import SectionKey
from reporting.measures import CRISIS, INITIAL, RawCounts
from reporting.periods import Period
from reporting.selectors.counts import county_counts
from tests.reporting.seeds import AUGUST, JULY, SEPTEMBER, referrals_seed, told_in_time
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
QUARTER = Period(2026, 3)
ZONE = ZoneInfo("America/Los_Angeles")


def counts_of(world: World, period: Period = QUARTER) -> RawCounts:
    return county_counts(county=world.county.pk, zone=ZONE, period=period)


def test_children_are_counted_by_month_by_agency_and_by_tier() -> None:
    world = county_make()
    referrals_seed(world, 2, JULY, urgent=True)
    referrals_seed(world, 1, AUGUST, by=Role.PROBATION)
    assert counts_of(world).referred == {(0, "CW", CRISIS): 2, (1, "PO", INITIAL): 1}


def test_a_child_referred_twice_is_one_child() -> None:
    world = county_make()
    first = referral_make(world, now=JULY)
    referral_make(world, now=SEPTEMBER, child=ChildSaid(case_file=first.case_file_id))
    with acting_because(WHY):
        assert Referral.objects.unrestricted(because=WHY).filter(case_file=first.case_file_id).count() == 2
    assert sum(counts_of(world).referred.values()) == 1


def test_the_month_is_the_month_of_the_countys_own_clocks() -> None:
    world = county_make()
    # 11:30 p.m. on July 31 in Los Angeles is August 1 in UTC.
    referral_make(world, urgent=False, now=datetime(2026, 8, 1, 6, 40, tzinfo=UTC), ago=timedelta(minutes=10))
    # 12:10 a.m. on July 1 in Los Angeles: the first minutes of the quarter.
    referral_make(world, urgent=False, now=datetime(2026, 7, 1, 7, 20, tzinfo=UTC), ago=timedelta(minutes=10))
    # 11:30 p.m. on June 30: not in the quarter.
    referral_make(world, urgent=False, now=datetime(2026, 7, 1, 6, 40, tzinfo=UTC), ago=timedelta(minutes=10))
    assert counts_of(world).referred == {(0, "CW", INITIAL): 2}


def test_another_county_counts_for_itself() -> None:
    here, there = county_make(), county_make("Otherwhere County")
    referrals_seed(there, 2, JULY)
    assert counts_of(here).referred == {}
    assert sum(counts_of(there).referred.values()) == 2


def test_a_duty_is_on_time_for_a_child_only_when_every_recipient_was_told_in_time() -> None:
    world = county_make()
    told_in_time(world, referrals_seed(world, 3, JULY), late=1)
    assert counts_of(world).duties["cross-report-now"] == {(world.agencies["CW"].name, 0): (3, 2)}


def test_a_duty_nobody_did_is_late_and_one_that_does_not_apply_is_left_out() -> None:
    world = county_make()
    referrals_seed(world, 2, JULY, urgent=False)
    duties = counts_of(world).duties
    assert duties["team-10d"] == {(world.agencies["CW"].name, 0): (2, 0)}
    assert "response-2h" not in duties


def test_a_status_counts_in_every_period_in_which_it_was_in_force() -> None:
    world = county_make()
    referral = referral_make(world, now=JULY)
    with acting_because(WHY):
        section = FileSection.objects.unrestricted(because=WHY).get(
            case_file=referral.case_file_id, category="r02"
        )
        StatusField(
            section=section,
            case_file=referral.case_file,
            code="6867",
            started_on=JULY.date(),
            ended_on=AUGUST.date(),
            set_by=world.person(Role.CHILD_WELFARE),
            set_at=JULY,
        ).save()
    assert counts_of(world).statuses == {"6867": 1}
    assert counts_of(world, Period(2026, 4)).statuses == {}


def test_meetings_are_counted_by_tier_and_corrected_ones_once() -> None:
    world = county_make()
    viewer = world.viewer(Role.CHILD_WELFARE)
    case_file = referral_make(world, now=JULY).case_file
    with viewing_as(viewer):
        for tier in ("crisis", "ongoing", "case_review", ""):
            held = event_record(
                viewer=viewer,
                case_file=case_file,
                kind=kinds.MEETING_HELD,
                occurred_at=AUGUST,
                now=AUGUST,
                facts={"tier": tier} if tier else {},
                key=SectionKey("r03"),
            )
        event_correct(viewer=viewer, event_id=held.pk, now=SEPTEMBER, reason="Wrong hour")
    assert counts_of(world).meetings == {"crisis": 1, "ongoing": 2, "": 1}


def test_the_number_of_statements_does_not_depend_on_the_number_of_children() -> None:
    world = county_make()
    taken = []
    for number in (1, 12):
        referrals_seed(world, number, JULY)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            counts_of(world)
        taken.append(len(queries))
    assert taken[0] == taken[1]
