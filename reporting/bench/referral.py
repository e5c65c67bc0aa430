"""Logging an urgent referral as the person who does it, with both walls up, against the bare inserts of the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies.choices import Role
from cseccase import clock
from cseccase.confidentiality.context import viewing_as
from cseccase.confidentiality.viewer import Viewer
from referrals.services.referral import ChildSaid, ReferralSaid, referral_log
from reporting.bench.county import county_for_bench
from reporting.bench.measure import Figure, compare


def figures(*, scale: int) -> Iterator[Figure]:
    """Transaction time of one referral with its file, sections, grants, clocks, stages, history and log."""
    county = county_for_bench()
    viewer = county.viewer(Role.CHILD_WELFARE)

    def log() -> None:
        now = clock.now()
        referral_log(
            viewer=viewer,
            said=ReferralSaid(
                urgent=True, received_at=now, place="Bench", call_back="555", narrative="Bench"
            ),
            children=[ChildSaid(given_name="Bench", age_said=15)],
            now=now,
        )

    statements = _inserts(viewer, log)

    def measured() -> float:
        return _rolled_back(viewer, log)

    def floor() -> float:
        return _rolled_back(viewer, lambda: _execute(statements), because="bare inserts")

    yield compare(
        f"referral logged ({len(statements)} insert statements)",
        measured=measured,
        floor=floor,
        goal=4,
        rounds=60,
    )


def _inserts(viewer: Viewer, log: Callable[[], None]) -> list[str]:
    connection.force_debug_cursor = True
    with viewing_as(viewer), CaptureQueriesContext(connection) as queries:
        log()
        transaction.set_rollback(True)
    connection.force_debug_cursor = False
    return [query["sql"] for query in queries.captured_queries if query["sql"].lstrip().startswith("INSERT")]


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _rolled_back(viewer: Viewer, act: Callable[[], object], *, because: str = "") -> float:
    with viewing_as(viewer, because=because):
        start = perf_counter()
        act()
        spent = perf_counter() - start
        transaction.set_rollback(True)
    return spent
