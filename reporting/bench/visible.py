"""The newest referrals a viewer may see, and one of them, behind both walls, against the same reads without any.

Three agencies that see 50 %, 5 % and 0.05 % of the referrals, and beside each figure what django-guardian's own
`get_objects_for_user` takes for the same page on the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection
from guardian.shortcuts import get_objects_for_user  # noqa: TID251  # measured beside the product, never used by it

from agencies.choices import Course, Duty, Role
from agencies.models import Agency, Person
from agencies.services.staff import agency_open, person_designate, training_record
from agencies.viewers import viewer_of
from cseccase import clock
from cseccase.confidentiality.context import viewing_as
from cseccase.confidentiality.viewer import Viewer
from referrals.models import FileSection, Referral
from referrals.selectors.case_file import case_walk
from reporting.bench.county import DAY, BenchCounty, county_for_bench
from reporting.bench.measure import Figure, as_owner, compare, timed

GOAL = 6
PAGE = 25
BATCH = 50_000
STEADY = 5
BECAUSE = "a benchmark's floor"
SHARES = {"50 %": 2, "5 %": 20, "0.05 %": 2_000}
"""How much an agency sees, and that it is every so-manieth file."""
LEAST = 3 * max(SHARES.values())
"""Fewer files, and the agency that sees the least would see no urgent one."""

FILL = """
WITH made AS (
  INSERT INTO referrals_casefile (id, county_id, number, opened_at)
  SELECT gen_random_uuid(), %(county)s, 'V-' || n, %(now)s - n * interval '31 seconds'
  FROM generate_series(%(first)s, %(last)s) n RETURNING id, number, opened_at
), numbered AS (
  SELECT id, opened_at, substr(number, 3)::int AS n FROM made
), sections AS (
  INSERT INTO referrals_filesection (id, case_file_id, category, opened_at)
  SELECT gen_random_uuid(), id, category, opened_at FROM numbered, unnest(ARRAY['r01', 'r03']) category
  RETURNING id, case_file_id, category, opened_at
), referred AS (
  INSERT INTO referrals_referral (id, section_id, case_file_id, number, incident, urgent, received_at, entered_at,
                                  received_by_id, agency_id, channel, immediate_danger, holder, narrative)
  SELECT gen_random_uuid(), s.id, s.case_file_id, 'V' || k.n, gen_random_uuid(), k.n %% 3 = 0, s.opened_at, s.opened_at,
         %(worker)s, %(lead)s, 'phone', 'not_known', 'unknown', ''
  FROM sections s JOIN numbered k ON k.id = s.case_file_id WHERE s.category = 'r03'
)
INSERT INTO referrals_sectiongroupgrant
  (group_id, permission_id, content_object_id, case_file_id, may, category, basis, sort_at)
SELECT seen.group_id, p.id, s.id, s.case_file_id, p.codename, s.category, 'own', s.opened_at
FROM sections s
JOIN numbered k ON k.id = s.case_file_id
JOIN unnest(%(groups)s::int[], %(every)s::int[]) AS seen(group_id, every) ON k.n %% seen.every = 0
JOIN auth_permission p ON p.codename = 'see'
JOIN django_content_type c ON c.id = p.content_type_id AND c.model = 'filesection'
"""


def figures(*, scale: int) -> Iterator[Figure]:
    """Newest page, the page after it, a page of urgent ones, and one referral by its id, for each of the agencies."""
    county = county_for_bench()
    scale = max(scale, LEAST)
    people = {share: _worker(county, share) for share in SHARES}
    viewers = {share: viewer_of(person, now=clock.now()) for share, person in people.items()}
    _fill(county, list(viewers.values()), scale)
    for share, viewer in viewers.items():
        yield from _of(people[share], viewer, f"{share} of {scale:,}")


def _of(person: Person, viewer: Viewer, seen: str) -> Iterator[Figure]:
    first = _behind(viewer, lambda: _page(viewer))[1]
    key, one = first[-1], first[0].pk
    after = f"{key.received_at.isoformat()}|{key.case_file_id}"
    reads: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
        ("newest 25 visible", lambda: _page(viewer), _bare),
        ("next 25 visible", lambda: _page(viewer, after), lambda: _bare(before=key)),
        ("newest 25 visible and urgent", lambda: _page(viewer, urgent=True), lambda: _bare(urgent=True)),
        ("one referral by its id", lambda: _one(viewer, one), lambda: _one_bare(one)),
    ]
    for what, walled, bare in reads:
        if what.startswith("next") and len(first) < PAGE:
            continue
        yield compare(
            f"{what}, sees {seen}",
            measured=lambda walled=walled: _behind(viewer, walled)[0],  # type: ignore[misc]
            floor=lambda bare=bare: _without_walls(bare),  # type: ignore[misc]
            goal=GOAL,
        )
    yield compare(
        f"django-guardian's own newest 25, sees {seen}",
        measured=lambda: _without_walls(lambda: _same(first, _guardian_page(person)), steady=1),
        floor=lambda: _without_walls(_bare),
        goal=None,
        rounds=1,
    )


def _same(ours: list[Referral], theirs: list[Referral]) -> None:
    if [row.pk for row in ours] != [row.pk for row in theirs]:
        raise AssertionError("The product and django-guardian must give the same page.")


def _page(viewer: Viewer, before: str = "", *, urgent: bool = False) -> list[Referral]:
    """A page as the product reads it: along the grants of the case list, then the rows through both walls.

    A filter that no grant carries reads four pages far at first, then each time twice as far, until the page is full.
    """
    rows: list[Referral] = []
    far = 4 * PAGE if urgent else PAGE
    while len(rows) < PAGE:
        walked = case_walk(viewer=viewer, before=before, limit=far)
        found = Referral.objects.visible_to(viewer).filter(case_file__in=[pk for _, pk in walked])
        if urgent:
            found = found.filter(urgent=True)
        rows += sorted(found, key=lambda row: (row.received_at, row.case_file_id), reverse=True)
        if len(walked) < far:
            break
        before, far = f"{walked[-1][0].isoformat()}|{walked[-1][1]}", 2 * far
    return rows[:PAGE]


def _bare(*, before: Referral | None = None, urgent: bool = False) -> list[Referral]:
    """The same page of everybody's rows, read by the tables' owner along an index of the list's own order."""
    rows = Referral.objects.unrestricted(because=BECAUSE)
    if before is not None:
        rows = rows.filter(received_at__lt=before.received_at)
    if urgent:
        rows = rows.filter(urgent=True)
    return list(rows.order_by("-received_at", "-case_file")[:PAGE])


def _one(viewer: Viewer, pk: UUID) -> Referral | None:
    return Referral.objects.visible_to(viewer).filter(pk=pk).first()


def _one_bare(pk: UUID) -> Referral | None:
    return Referral.objects.unrestricted(because=BECAUSE).filter(pk=pk).first()


def _guardian_page(person: Person) -> list[Referral]:
    """The documented way: the sections a user may see, and the rows that stand in them."""
    sections = get_objects_for_user(
        person,
        "see",
        FileSection.objects.unrestricted(because=BECAUSE),
        accept_global_perms=False,
        with_superuser=False,
    )
    rows = Referral.objects.unrestricted(because=BECAUSE).filter(section__in=sections)
    return list(rows.order_by("-received_at", "-case_file")[:PAGE])


def _behind(viewer: Viewer, read: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of a read by the application role, on a connection that has read it before, and what it gave."""
    with viewing_as(viewer):
        found = read()
        if not found:
            raise AssertionError("The viewer must see something.")
        return median(timed(read) for _ in range(STEADY)), found


def _without_walls(read: Callable[[], Any], *, steady: int = STEADY) -> float:
    with as_owner():
        read()
        return median(timed(read) for _ in range(steady))


def _worker(county: BenchCounty, share: str) -> Person:
    """Somebody of an agency of her own, which sees that share."""
    address = f"sees{SHARES[share]}@bench.example"
    person = Person.objects.select_related("agency__county").filter(email=address).first()
    if person is None:
        agency: Agency = agency_open(
            county=county.county, role=Role.PROBATION, name=f"Bench, sees {share}", short_name=share
        )
        person = Person.objects.create_user(email=address, full_name=f"Bench {share}", agency=agency)
        now = clock.now()
        person_designate(
            person=person, duty=Duty.LINE_WORKER, designated_by="Director", starts_on=DAY, now=now
        )
        training_record(person=person, course=Course.CSEC_101, completed_on=DAY, now=now)
    return person


def _fill(county: BenchCounty, viewers: list[Viewer], count: int) -> None:
    """So many case files, each with a referral; Child Welfare sees all of them, the three agencies their share."""
    worker = county.viewer(Role.CHILD_WELFARE)
    now = clock.now()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM referrals_casefile WHERE number LIKE 'V-%%'")
        there = cursor.fetchone()[0]
        for first in range(there + 1, count + 1, BATCH):
            cursor.execute(
                FILL,
                {
                    "county": county.county.pk,
                    "now": now,
                    "first": first,
                    "last": min(first + BATCH - 1, count),
                    "worker": worker.person,
                    "lead": worker.agency,
                    "groups": [worker.groups[0], *(viewer.groups[0] for viewer in viewers)],
                    "every": [1, *SHARES.values()],
                },
            )
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS bench_floor_referral "
            "ON referrals_referral (received_at DESC, case_file_id DESC)"
        )
        cursor.execute("VACUUM ANALYZE")
