"""A frozen report with many duties of many agencies, in a real browser: readable, folded, and fit for a small phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Browser

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.deadlines.register import ALL_RULES
from reporting.duty_measures import FOLLOW_ALL, FOLLOW_TIER
from reporting.masked_report import report_mask, to_content
from reporting.measures import CRISIS, INITIAL, RawCounts
from reporting.models import ReportRun
from reporting.periods import Period, PeriodKind
from tests.pages import client_of
from tests.reporting.seeds import COUNTED_ON
from tests.screens import Screen
from tests.worlds import World, county_make

QUARTER = Period(2026, 3)
AGENCIES = ("Valverde County Child Welfare", "Valverde County Probation", "Harbor Advocates")


@pytest.fixture(autouse=True)
def then() -> Iterator[None]:
    with time_machine.travel(COUNTED_ON, tick=True):
        yield


def frozen(world: World) -> None:
    """A large county's quarter: some lines can be shown, some hide one another."""
    duties = {
        rule.id: {
            (agency, part): (
                20 + 7 * part + 3 * number % 30,
                20 + 7 * part + 3 * number % 30 - (number % 3) * 11 * (part == 1),
            )
            for agency in AGENCIES[: 1 + number % 3]
            for part in range(3)
        }
        for number, rule in enumerate(ALL_RULES)
        if number % 4 or rule.id in FOLLOW_ALL | FOLLOW_TIER
    }
    counts = RawCounts(
        referred={
            (part, role, tier): 20 for part in range(3) for role in ("CW", "PO") for tier in (CRISIS, INITIAL)
        },
        duties=duties,
    )
    report = report_mask(
        counts, county=world.county.name, period=QUARTER, made_on=COUNTED_ON.date(), protocol=1
    )
    with acting_because("test"):
        ReportRun.objects.create(
            county=world.county,
            kind=PeriodKind.QUARTER,
            year=QUARTER.year,
            number=QUARTER.number,
            made_at=COUNTED_ON,
            made_for=world.person(Role.STEERING_COMMITTEE, Duty.COMMITTEE),
            content=to_content(report),
        )


@pytest.mark.django_db
def test_the_rates_by_agency_and_month_are_folded_and_read_without_scripts(browser: Browser) -> None:
    world = county_make()
    client = client_of(world, Role.STEERING_COMMITTEE, Duty.COMMITTEE)
    frozen(world)
    screen = Screen(browser, client)
    answer = client.get(reverse("reporting:committee"), {"period": QUARTER.key})
    screen.check("committee report with agencies", answer)
    assert screen.problems == []
    folds = screen.page.locator("details.twin", has_text="by agency")
    assert folds.count() > 20
    table = folds.first.locator("table")
    assert not table.is_visible()
    folds.first.locator("summary").click()
    assert table.is_visible()
    heads = table.locator("tbody th").all_inner_texts()
    assert heads[:3] == [f"{AGENCIES[0]}, {month}" for month in ("July", "August", "September")]
    screen.check("committee report with one open", answer)
