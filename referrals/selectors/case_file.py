"""Reading case files: the door from an id to a file, and the list that starts from the grants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from agencies.disclosure.categories import OWN_DUTIES, REPORTS
from agencies.disclosure.emergency import BASIS_EMERGENCY
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.models import CaseFile, Child, Deadline, FileSection, Referral
from referrals.selectors.emergency import emergency_basis
from referrals.services.named import hidden_from

PAGE = 25
WALK = """
SELECT v.sort_at, v.case_file_id FROM (
  SELECT l.sort_at, l.case_file_id
  FROM unnest(%(groups)s::int[]) AS mine(id)
  CROSS JOIN (VALUES ('r01', 'see', ''), ('r01', 'see_summary', ''), (%(own)s, 'see', 'own')) AS way(category, may, basis)
  CROSS JOIN LATERAL (
    SELECT g.sort_at, g.case_file_id FROM referrals_sectiongroupgrant g
    WHERE g.group_id = mine.id AND g.category = way.category AND g.may = way.may
      AND (way.basis = '' OR g.basis = way.basis)
      AND g.category = ANY (CASE WHEN g.may = 'see_summary' THEN %(summary)s::text[] ELSE %(full)s::text[] END)
      AND (g.ends_at IS NULL OR g.ends_at > statement_timestamp())
      AND (%(before)s::timestamptz IS NULL OR (g.sort_at, g.case_file_id) < (%(before)s, %(before_id)s::uuid))
    ORDER BY g.sort_at DESC, g.case_file_id DESC LIMIT %(limit)s
  ) l
  GROUP BY 1, 2 UNION
  SELECT l.sort_at, l.case_file_id
  FROM (VALUES ('r01', 'see', ''), ('r01', 'see_summary', ''), (%(own)s, 'see', 'own')) AS way(category, may, basis)
  CROSS JOIN LATERAL (
    SELECT g.sort_at, g.case_file_id FROM referrals_sectionusergrant g
    WHERE g.user_id = %(person)s AND g.category = way.category AND g.may = way.may
      AND (way.basis = '' OR g.basis = way.basis) AND g.basis <> %(emergency)s
      AND g.category = ANY (CASE WHEN g.may = 'see_summary' THEN %(summary)s::text[] ELSE %(full)s::text[] END)
      AND (g.ends_at IS NULL OR g.ends_at > statement_timestamp())
      AND (%(before)s::timestamptz IS NULL OR (g.sort_at, g.case_file_id) < (%(before)s, %(before_id)s::uuid))
    ORDER BY g.sort_at DESC, g.case_file_id DESC LIMIT %(limit)s
  ) l
  ORDER BY 1 DESC, 2 DESC LIMIT %(limit)s
) v ORDER BY 1 DESC, 2 DESC
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the case list. `child` is None where the agency may not know who the child is.

    `last_referral_at` is None for an agency that may not know of reports; its list is sorted by when the file was opened.
    """

    case_file: CaseFile
    child: Child | None
    last_referral_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of case files, newest referral first; `before` is the key of the next page, or None at the end."""

    rows: Sequence[CaseRow]
    before: str | None


def access_case(*, viewer: Viewer, case_id: UUID, now: datetime, looked_at: str = "overview") -> CaseFile:
    """The only way from an id to a case file. Hidden and absent look the same, and the look is recorded."""
    case_file = CaseFile.objects.visible_to(viewer).select_related("county").filter(pk=case_id).first()
    if case_file is None:
        raise NotVisible
    record(
        Verb.CASE_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="case_file",
        subject=case_file.pk,
        case_file=case_file.pk,
        basis=emergency_basis(viewer, case_file.pk),
        facts={"page": looked_at},
    )
    return case_file


def case_list(*, viewer: Viewer, now: datetime, before: str = "", limit: int = PAGE) -> Page:
    """The case files this viewer's agency has a part in, newest referral first. The walk starts from the grants.

    Raises `NotVisible` for a page key that is none.
    """
    walked = case_walk(viewer=viewer, before=before, limit=limit + 1)
    shown = walked[:limit]
    ids = [case_file for _, case_file in shown]
    files = {row.pk: row for row in CaseFile.objects.visible_to(viewer).filter(pk__in=ids)}
    children = {
        row.case_file_id: row
        for row in Child.objects.visible_to(viewer).filter(case_file__in=ids).select_related("lead_worker")
    }
    reports = FileSection.objects.summarised_to(viewer).filter(case_file__in=ids, category=REPORTS)
    told = set(reports.values_list("case_file", flat=True))
    rows = [
        CaseRow(files[pk], children.get(pk), at if pk in told else None) for at, pk in shown if pk in files
    ]
    record(
        Verb.CASE_LISTED,
        viewer=viewer,
        at=now,
        subject_kind="case_file",
        facts={"ids": [str(row.case_file.pk) for row in rows]},
    )
    more = len(walked) > limit and shown
    return Page(rows, f"{shown[-1][0].isoformat()}|{shown[-1][1]}" if more else None)


def case_walk(*, viewer: Viewer, before: str = "", limit: int = PAGE) -> list[tuple[datetime, UUID]]:
    """The ids of the files this viewer's agency has a part in, each with its newest referral's moment, newest first.

    Along the grants' own index: as many rows are read as are asked for, whatever the agency may see. Raises `NotVisible`
    for a page key that is none.
    """
    sort_at, case_id = _key_read(before)
    with connection.cursor() as cursor:
        cursor.execute(
            WALK,
            {
                "groups": list(viewer.groups),
                "person": viewer.person,
                "emergency": BASIS_EMERGENCY,
                "own": OWN_DUTIES,
                "full": sorted(viewer.full),
                "summary": sorted(viewer.summary),
                "before": sort_at,
                "before_id": case_id,
                "limit": limit,
            },
        )
        return list(cursor.fetchall())


def _key_read(before: str) -> tuple[datetime | None, UUID | None]:
    if not before:
        return None, None
    moment, _, case_id = before.partition("|")
    try:
        return datetime.fromisoformat(moment), UUID(case_id)
    except ValueError as error:
        raise NotVisible from error


def openable(*, viewer: Viewer, case_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these files the viewer may open."""
    return set(CaseFile.objects.visible_to(viewer).filter(pk__in=case_ids).values_list("pk", flat=True))


def case_number_find(*, viewer: Viewer, number: str) -> UUID | None:
    """The file of a number somebody read out, for people who log referrals; part of the shared index."""
    if not policies.may_log_referral(viewer):
        return None
    because = "the shared index of identity and contacts (WIC 18961.5)"
    with acting_because(because):
        rows = CaseFile.objects.unrestricted(because=because).filter(county=viewer.county, number=number)
        rows = rows.exclude(pk__in=hidden_from(viewer))
        return rows.values_list("pk", flat=True).first()


def child_of(*, viewer: Viewer, case_file: CaseFile) -> Child | None:
    """Who the child is, if this viewer may know."""
    rows = Child.objects.visible_to(viewer).filter(case_file=case_file)
    return rows.select_related("lead_worker", "lead_worker__agency").first()


def records_open(viewer: Viewer, named: Mapping[str, Any]) -> bool:
    """Whether the file, the duty and the referral that an address names are still open to this viewer; no look by itself."""
    doors: dict[str, Any] = {"case_id": CaseFile, "duty_id": Deadline, "referral_id": Referral}
    return all(
        model.objects.summarised_to(viewer).filter(pk=named[part]).exists()
        for part, model in doors.items()
        if part in named
    )
