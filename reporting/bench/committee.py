"""The committee's counts over the whole county, against one scan of the same referrals."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db import connection

from agencies.choices import Role
from cseccase import clock
from cseccase.confidentiality.context import viewing_as
from reporting.bench.county import case_files_fill, county_for_bench
from reporting.bench.measure import Figure, as_owner, compare, timed
from reporting.measures import blocks_mask
from reporting.periods import Period
from reporting.selectors.counts import county_counts

ZONE = ZoneInfo("America/Los_Angeles")
SCAN = "SELECT count(*), count(DISTINCT case_file_id), min(received_at) FROM referrals_referral"


def figures(*, scale: int) -> Iterator[Figure]:
    """Counting and masking one calendar year."""
    county = county_for_bench()
    case_files_fill(county, scale)
    viewer = county.viewer(Role.CHILD_WELFARE)
    period = Period(clock.now().astimezone(ZONE).year)

    def measured() -> float:
        with viewing_as(viewer):
            return timed(
                lambda: blocks_mask(
                    county_counts(county=county.county.pk, zone=ZONE, period=period), period=period
                )
            )

    def floor() -> float:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")

            def scan() -> None:
                cursor.execute(SCAN)
                cursor.fetchall()

            return timed(scan)

    yield compare(
        f"committee report, one year of {scale:,} case files", measured=measured, floor=floor, goal=20
    )
