"""A county for benchmarks: agencies of every role, a worker each, and any number of case files made by plain SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg2.extras import execute_values

from agencies.choices import Course, Duty, Role
from agencies.models import Agency, County, Person
from agencies.services.protocol import default_matrix, protocol_sign
from agencies.services.staff import agency_open, person_designate, training_record
from agencies.viewers import viewer_of
from cseccase import clock
from cseccase.confidentiality.viewer import Viewer
from cseccase.encryption.seal import Place, seal
from reporting.bench.measure import as_owner

DAY = date(2025, 1, 1)
BATCH = 2_000

FILL = """
WITH made AS (
  INSERT INTO referrals_casefile (id, county_id, number, opened_at)
  SELECT gen_random_uuid(), %(county)s, 'B-' || n, now() - n * interval '7 minutes'
  FROM generate_series(1, %(count)s) n RETURNING id, number, opened_at
), sections AS (
  INSERT INTO referrals_filesection (id, case_file_id, category, opened_at)
  SELECT gen_random_uuid(), id, 'r01', opened_at FROM made RETURNING id, case_file_id, opened_at
), children AS (
  INSERT INTO referrals_child (id, section_id, case_file_id, given_name, family_name, other_names, age_said,
                               language, indian_child, tribe, services, state_number)
  SELECT gen_random_uuid(), id, case_file_id, '', '', '', 15, '', 'not_known', '', 'unknown', ''
  FROM sections
), referred AS (
  INSERT INTO referrals_referral (id, section_id, case_file_id, number, incident, urgent, received_at, entered_at,
                                  received_by_id, agency_id, channel, immediate_danger, holder, narrative)
  SELECT gen_random_uuid(), id, case_file_id, 'B' || row_number() OVER (), gen_random_uuid(), true, opened_at,
         opened_at, %(worker)s, %(lead)s, 'phone', 'not_known', 'unknown', ''
  FROM sections
)
INSERT INTO referrals_sectiongroupgrant
  (group_id, permission_id, content_object_id, case_file_id, may, category, basis, sort_at)
SELECT a.group_id, p.id, s.id, s.case_file_id, p.codename, 'r01', 'own', s.opened_at
FROM sections s
JOIN (SELECT group_id, role, row_number() OVER (ORDER BY role) AS k FROM agencies_agency) a
  ON a.role = 'CW' OR (a.role = 'PO' AND abs(hashtext(s.id::text)) %% 20 = 0)
JOIN auth_permission p ON p.codename = 'see'
JOIN django_content_type c ON c.id = p.content_type_id AND c.model = 'filesection'
"""
NAMES = """
UPDATE referrals_child SET given_name = n.given, family_name = n.family
FROM (VALUES %s) n(id, given, family) WHERE referrals_child.id = n.id::uuid
"""


@dataclass
class BenchCounty:
    """The county, one person for each role asked for, and their viewers."""

    county: County
    agencies: dict[str, Agency] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def viewer(self, role: Role) -> Viewer:
        if role.value not in self.people:
            person = Person.objects.create_user(
                email=f"{role.value.lower()}@bench.example",
                full_name=f"Bench {role.label}",
                agency=self.agencies[role.value],
            )
            now = clock.now()
            person_designate(
                person=person, duty=Duty.LINE_WORKER, designated_by="Director", starts_on=DAY, now=now
            )
            training_record(person=person, course=Course.CSEC_101, completed_on=DAY, now=now)
            self.people[role.value] = person
        return viewer_of(self.people[role.value], now=clock.now())


def county_for_bench() -> BenchCounty:
    """Finds or makes the one bench county of the scratch database."""
    found = County.objects.filter(name="Bench County").first()
    if found:
        county = BenchCounty(found, {agency.role: agency for agency in Agency.objects.filter(county=found)})
        county.people = {p.agency.role: p for p in Person.objects.select_related("agency").all()}
        return county
    county = BenchCounty(
        County.objects.create(name="Bench County", hotline="555-0100", night_line="555-0101")
    )
    protocol_sign(
        county=county.county,
        matrix=default_matrix(),
        effective_at=datetime(2025, 1, 1, tzinfo=UTC),
        approved_by="Counsel",
    )
    for role in Role:
        county.agencies[role.value] = agency_open(
            county=county.county, role=role, name=f"Bench {role.label}", short_name=role.value
        )
    return county


def case_files_fill(county: BenchCounty, count: int, *, named: bool = True) -> None:
    """Case files with a child, a referral and grants: all to Child Welfare, one in twenty to Probation.

    Each child has a sealed name, as a list of children costs what it costs to open them; `named=False` leaves the
    naming to the caller.
    """
    worker = county.viewer(Role.CHILD_WELFARE)
    county.viewer(Role.PROBATION)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM referrals_casefile")
        if cursor.fetchone()[0] >= count:
            return
        cursor.execute(
            FILL, {"county": county.county.pk, "count": count, "worker": worker.person, "lead": worker.agency}
        )
        if named:
            cursor.execute("SELECT id FROM referrals_child")
            children = [(child, "Child", "Bench") for (child,) in cursor.fetchall()]
            for start in range(0, len(children), BATCH):
                children_name(cursor, children[start : start + BATCH])
        cursor.execute("VACUUM ANALYZE")  # as autovacuum leaves tables that only grow


def children_name(cursor: Any, children: Sequence[tuple[UUID, str, str]]) -> None:
    """Writes the sealed names of (child, given name, family name)."""
    sealed = [
        (
            child,
            seal(given.encode(), Place("referrals_child", "given_name", child)),
            seal(family.encode(), Place("referrals_child", "family_name", child)),
        )
        for child, given, family in children
    ]
    execute_values(cursor.cursor, NAMES, sealed, page_size=BATCH)
