"""Reading case files: the door from an id to a file, the list that starts from the grants, and the shared index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q

from agencies.disclosure.categories import OWN_DUTIES
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.models import CaseFile, Child, Referral
from referrals.selectors.emergency import emergency_basis

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
  GROUP BY 1, 2 ORDER BY 1 DESC, 2 DESC LIMIT %(limit)s
) v ORDER BY 1 DESC, 2 DESC
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the case list. `child` is None where the agency may not know who the child is."""

    case_file: CaseFile
    child: Child | None
    last_referral_at: datetime


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
    sort_at, case_id = _key_read(before)
    with connection.cursor() as cursor:
        cursor.execute(
            WALK,
            {
                "groups": list(viewer.groups),
                "own": OWN_DUTIES,
                "full": sorted(viewer.full),
                "summary": sorted(viewer.summary),
                "before": sort_at,
                "before_id": case_id,
                "limit": limit + 1,
            },
        )
        walked = cursor.fetchall()
    shown = walked[:limit]
    ids = [case_file for _, case_file in shown]
    files = {row.pk: row for row in CaseFile.objects.visible_to(viewer).filter(pk__in=ids)}
    children = {
        row.case_file_id: row
        for row in Child.objects.visible_to(viewer).filter(case_file__in=ids).select_related("lead_worker")
    }
    rows = [CaseRow(files[pk], children.get(pk), at) for at, pk in shown if pk in files]
    record(
        Verb.CASE_LISTED,
        viewer=viewer,
        at=now,
        subject_kind="case_file",
        facts={"ids": [str(row.case_file.pk) for row in rows]},
    )
    more = len(walked) > limit and shown
    return Page(rows, f"{shown[-1][0].isoformat()}|{shown[-1][1]}" if more else None)


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
        return rows.values_list("pk", flat=True).first()


def child_of(*, viewer: Viewer, case_file: CaseFile) -> Child | None:
    """Who the child is, if this viewer may know."""
    rows = Child.objects.visible_to(viewer).filter(case_file=case_file)
    return rows.select_related("lead_worker", "lead_worker__agency").first()


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the shared index may say of a possible match, and no more (WIC 18961.5(c)): four groups of facts.

    Name and date of birth, case number, the worker to ask with a telephone number, and dates of contact.
    """

    case_id: UUID
    number: str
    full_name: str
    born_on: object
    age_said: int | None
    worker: str
    worker_phone: str
    last_contact_at: datetime | None
    why: str


def index_search(*, viewer: Viewer, name: str, now: datetime, limit: int = 10) -> list[IndexEntry]:
    """Possible matches in the county's index, for people who log referrals, before a new file is opened.

    Everybody else searches only the files that their agency has a part in. Names match by parts, whatever their order.
    """
    words = [word for word in name.replace(",", " ").split() if word]
    if not words:
        return []
    because = "the shared index of identity and contacts (WIC 18961.5)"
    if policies.may_log_referral(viewer):
        with acting_because(because):
            rows = Child.objects.unrestricted(because=because).filter(case_file__county=viewer.county)
            found = _matches(rows, words, limit)
    else:
        found = _matches(Child.objects.visible_to(viewer), words, limit)
    record(
        Verb.CASE_SEARCHED,
        viewer=viewer,
        at=now,
        subject_kind="case_file",
        facts={"ids": [str(entry.case_id) for entry in found]},
    )
    return found


def _matches(rows, words: list[str], limit: int) -> list[IndexEntry]:  # type: ignore[no-untyped-def]
    condition = Q()
    for word in words:
        condition &= (
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(other_names__icontains=word)
            | Q(case_file__number__iexact=word)
        )
    children = list(
        rows.filter(condition)
        .select_related("case_file", "lead_worker")
        .order_by("family_name", "given_name", "pk")[:limit]
    )
    contacts = dict(
        Referral.objects.unrestricted(because="dates of contact of the shared index")
        .filter(case_file__in=[child.case_file_id for child in children])
        .values_list("case_file")
        .annotate(last=Max("received_at"))
    )
    return [
        IndexEntry(
            case_id=child.case_file_id,
            number=child.case_file.number,
            full_name=child.full_name,
            born_on=child.born_on,
            age_said=child.age_said,
            worker=child.lead_worker.full_name if child.lead_worker else "",
            worker_phone=child.lead_worker.phone if child.lead_worker else "",
            last_contact_at=contacts.get(child.case_file_id),
            why="Same name"
            if {w.lower() for w in words} <= _name_words(child)
            else "Part of the name or number",
        )
        for child in children
    ]


def _name_words(child: Child) -> set[str]:
    return {word.lower() for word in f"{child.given_name} {child.family_name} {child.other_names}".split()}
