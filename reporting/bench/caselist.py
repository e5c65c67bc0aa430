"""The case list of the files a viewer may see, against the same page without any wall."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from agencies.choices import Role
from cseccase import clock
from cseccase.confidentiality.context import viewing_as
from referrals.selectors.case_file import PAGE, case_list
from reporting.bench.county import case_files_fill, county_for_bench
from reporting.bench.measure import Figure, as_owner, compare, timed

UNFILTERED = """
SELECT c.*, k.* FROM (
  SELECT f.id, f.number, f.opened_at FROM referrals_casefile f
  ORDER BY f.opened_at DESC, f.id DESC LIMIT %s
) c JOIN referrals_child k ON k.case_file_id = c.id ORDER BY c.opened_at DESC, c.id DESC
"""


def figures(*, scale: int) -> Iterator[Figure]:
    """First page and a page half-way down, for an agency that sees all files and one that sees a twentieth."""
    county = county_for_bench()
    case_files_fill(county, scale)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS bench_floor ON referrals_casefile (opened_at DESC, id DESC)"
        )

    def floor() -> float:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")

            def page() -> None:
                cursor.execute(UNFILTERED, [PAGE + 1])
                cursor.fetchall()

            return timed(page)

    for role, share in ((Role.CHILD_WELFARE, "all"), (Role.PROBATION, "1 in 20")):
        viewer = county.viewer(role)

        def page(before: str = "", viewer=viewer) -> float:  # type: ignore[no-untyped-def]
            with viewing_as(viewer):
                return timed(lambda: case_list(viewer=viewer, now=clock.now(), before=before))

        yield compare(
            f"case list, first page, sees {share} of {scale:,}", measured=page, floor=floor, goal=12
        )
        middle = _middle(viewer)
        yield compare(
            f"case list, middle page, sees {share} of {scale:,}",
            measured=lambda middle=middle, page=page: page(middle),  # type: ignore[misc]
            floor=floor,
            goal=12,
        )


def _middle(viewer) -> str:  # type: ignore[no-untyped-def]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT sort_at, case_file_id FROM referrals_sectiongroupgrant WHERE group_id = %s "
            "ORDER BY sort_at DESC, case_file_id DESC OFFSET "
            "(SELECT count(*) / 2 FROM referrals_sectiongroupgrant WHERE group_id = %s) LIMIT 1",
            [viewer.groups[0], viewer.groups[0]],
        )
        moment, case_id = cursor.fetchone()
    return f"{moment.isoformat()}|{case_id}"
