"""Counting children for publication: the one place that reads whole cases of everybody, and only to add them up.

Five aggregate statements, whatever the number of rows. The result (`RawCounts`) goes to `report_mask` and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from agencies.choices import CASE_DUTIES
from cseccase.confidentiality.context import acting_because
from referrals.deadlines import kinds, rules
from reporting.measures import CRISIS, INITIAL, MEETING_TIERS, RawCounts
from reporting.periods import Period

WHY = "published counts of a closed period"

REFERRED = """
SELECT width_bucket(f.received_at, %(moments)s::timestamptz[]) - 1, f.role, c.case_file_id IS NOT NULL, count(*)
FROM (
  SELECT DISTINCT ON (r.case_file_id) r.case_file_id, r.received_at, a.role
  FROM referrals_referral r
  JOIN referrals_casefile k ON k.id = r.case_file_id AND k.county_id = %(county)s
  JOIN agencies_agency a ON a.id = r.agency_id
  WHERE r.received_at >= %(from)s AND r.received_at < %(to)s
  ORDER BY r.case_file_id, r.received_at, r.id
) f
LEFT JOIN (
  SELECT DISTINCT d.case_file_id FROM referrals_deadline d
  WHERE d.rule = %(response)s AND d.dropped_by IS NULL AND d.started_at >= %(from)s AND d.started_at < %(to)s
) c ON c.case_file_id = f.case_file_id
GROUP BY 1, 2, 3
"""
STATUSES = """
SELECT s.code, count(DISTINCT s.case_file_id)
FROM referrals_statusfield s JOIN referrals_casefile k ON k.id = s.case_file_id AND k.county_id = %(county)s
WHERE s.started_on <= %(last_day)s AND (s.ended_on IS NULL OR s.ended_on >= %(first_day)s)
GROUP BY 1
"""
DUTIES = """
SELECT x.rule, a.name, x.part, count(*), count(*) FILTER (WHERE x.on_time)
FROM (
  SELECT d.rule, d.owed_by_id, width_bucket(d.due_at, %(moments)s::timestamptz[]) - 1 AS part, d.case_file_id,
    bool_and(coalesce(d.met_at <= d.due_at, false)) AS on_time
  FROM referrals_deadline d JOIN referrals_casefile k ON k.id = d.case_file_id AND k.county_id = %(county)s
  WHERE d.due_at >= %(from)s AND d.due_at < %(to)s AND d.dropped_by IS NULL
  GROUP BY 1, 2, 3, 4
) x
JOIN agencies_agency a ON a.id = x.owed_by_id
GROUP BY 1, 2, 3
"""
MEETINGS = """
SELECT coalesce(e.codes ->> 'tier', ''), count(*)
FROM referrals_caseevent e JOIN referrals_casefile k ON k.id = e.case_file_id AND k.county_id = %(county)s
WHERE e.kind = %(held)s AND e.occurred_at >= %(from)s AND e.occurred_at < %(to)s
  AND NOT EXISTS (SELECT 1 FROM referrals_caseevent later WHERE later.supersedes_id = e.id)
GROUP BY 1
"""
TRAINING = """
WITH staff AS (
  SELECT DISTINCT p.id
  FROM agencies_person p
  JOIN agencies_agency a ON a.id = p.agency_id AND a.county_id = %(county)s
  JOIN agencies_designation g ON g.person_id = p.id
  WHERE p.is_active AND g.duty = ANY (%(duties)s) AND g.starts_on <= %(last_day)s
    AND (g.ends_on IS NULL OR g.ends_on >= %(last_day)s)
)
SELECT '', count(*) FROM staff
UNION ALL
SELECT t.course, count(DISTINCT t.person_id)
FROM staff JOIN agencies_training t ON t.person_id = staff.id
WHERE t.completed_on <= %(last_day)s AND (t.expires_on IS NULL OR t.expires_on >= %(last_day)s)
GROUP BY 1
"""


def county_counts(*, county: UUID, zone: ZoneInfo, period: Period) -> RawCounts:
    """Everything that a report on this period counts. Nobody may see it before it is masked."""
    moments = period.moments(zone)
    values = _values(county, period.starts_on, period.ends_on, moments)
    with acting_because(WHY):
        referred: defaultdict[tuple[int, str, str], int] = defaultdict(int)
        for part, role, is_crisis, count in _rows(REFERRED, values):
            referred[(part, role, CRISIS if is_crisis else INITIAL)] += count
        meetings: defaultdict[str, int] = defaultdict(int)
        for tier, count in _rows(MEETINGS, values):
            meetings[_tier(tier)] += count
        duties: defaultdict[str, dict[tuple[str, int], tuple[int, int]]] = defaultdict(dict)
        for rule, agency, part, owed, on_time in _rows(DUTIES, values):
            duties[rule][agency, part] = (owed, on_time)
        training = dict(_rows(TRAINING, values))
        return RawCounts(
            referred=dict(referred),
            statuses=dict(_rows(STATUSES, values)),
            duties=dict(duties),
            meetings=dict(meetings),
            staff=training.pop("", 0),
            training=training,
        )


def _values(county: UUID, first_day: date, last_day: date, moments: list[datetime]) -> dict[str, Any]:
    return {
        "county": county,
        "from": moments[0],
        "to": moments[-1],
        "moments": moments,
        "first_day": first_day,
        "last_day": last_day,
        "response": rules.RESPONSE,
        "held": kinds.MEETING_HELD,
        "duties": sorted(CASE_DUTIES),
    }


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _tier(said: str) -> str:
    """A meeting's tier; a review of several cases is a form of the ongoing one (MOU Template VI.D)."""
    if said == "case_review":
        return "ongoing"
    return next((tier for tier in MEETING_TIERS if tier and said.startswith(tier)), "")
