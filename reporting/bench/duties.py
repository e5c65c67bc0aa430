"""My-duties: what an agency owes, soonest first, against the same rows read bare."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from agencies.choices import Role
from cseccase import clock
from cseccase.confidentiality.context import viewing_as
from referrals.selectors.duty import PAGE, duty_list
from reporting.bench.county import case_files_fill, county_for_bench
from reporting.bench.measure import Figure, as_owner, compare, timed

OPEN = 10_000

FILL = """
WITH files AS (SELECT id, opened_at FROM referrals_casefile LIMIT %(open)s), sections AS (
  INSERT INTO referrals_filesection (id, case_file_id, category, custodian_id, opened_at)
  SELECT gen_random_uuid(), id, 'd01', %(lead)s, opened_at FROM files RETURNING id, case_file_id, opened_at
), owed AS (
  INSERT INTO referrals_deadline (id, section_id, case_file_id, rule, rulebook, force, owed_by_id, owed_to,
                                  started_root, started_at, due_at, at_once, drop_reason)
  SELECT gen_random_uuid(), id, case_file_id, 'investigate-10d', 'bench', 'law', %(lead)s, 'child',
         gen_random_uuid(), now(), now() + (1 + abs(hashtext(id::text)) %% 14400) * interval '1 minute', false, ''
  FROM sections
)
INSERT INTO referrals_sectiongroupgrant
  (group_id, permission_id, content_object_id, case_file_id, may, category, basis, sort_at)
SELECT %(group)s, p.id, s.id, s.case_file_id, 'see', 'd01', 'own', s.opened_at
FROM sections s, auth_permission p JOIN django_content_type c ON c.id = p.content_type_id
WHERE p.codename = 'see' AND c.model = 'filesection'
"""
BARE = """
SELECT d.*, c.*, k.* FROM referrals_deadline d
JOIN referrals_casefile c ON c.id = d.case_file_id LEFT JOIN referrals_child k ON k.case_file_id = c.id
WHERE d.owed_by_id = %s AND d.met_at IS NULL AND d.dropped_by IS NULL ORDER BY d.due_at, d.id LIMIT %s
"""


def figures(*, scale: int) -> Iterator[Figure]:
    """The list behind the home page of a worker whose agency has thousands of open duties."""
    county = county_for_bench()
    case_files_fill(county, scale)
    viewer = county.viewer(Role.CHILD_WELFARE)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM referrals_deadline")
        if cursor.fetchone()[0] == 0:
            cursor.execute(FILL, {"open": OPEN, "lead": viewer.agency, "group": viewer.groups[0]})
            cursor.execute("ANALYZE")

    def measured() -> float:
        with viewing_as(viewer):
            return timed(lambda: duty_list(viewer=viewer, now=clock.now()))

    def floor() -> float:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")

            def page() -> None:
                cursor.execute(BARE, [viewer.agency, PAGE])
                cursor.fetchall()

            return timed(page)

    yield compare(
        f"my duties, {PAGE} of {min(OPEN, scale):,} open ones", measured=measured, floor=floor, goal=12
    )
