"""Reading a child's status history, and what the soft rules and the decision table say about a row to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.grants import GrantFacts, live
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals.choices import ServicesSituation
from referrals.deadlines import kinds
from referrals.models import (
    CaseEvent,
    CaseFile,
    Child,
    FileSection,
    Referral,
    SectionGroupGrant,
    SectionUserGrant,
    SpecialProjectCode,
    StatusField,
)
from referrals.services.status import CASE_OPEN, IN_CARE
from referrals.status_rules import STATUSES, Status, Suggestion, suggest

STATUS = "r02"


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One row of the history; `row` is None for those who may see the summary alone."""

    id: UUID
    status: Status
    started_on: date
    ended_on: date | None
    row: StatusField | None = None


@dataclass(frozen=True, slots=True)
class ProjectCodeLine:
    """The special project code of one referral; `number` is empty where the referral itself is not visible."""

    pk: UUID
    code: str
    started_on: date
    ended_on: date | None
    referral: UUID | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class StatusPage:
    """A child's status as one viewer may read it. `may_write` is whether the viewer's agency keeps it."""

    case_file: CaseFile
    child: Child | None
    age: int | None
    lines: list[StatusLine]
    codes: list[ProjectCodeLine]
    may_write: bool
    identified_at: datetime | None


def status_page(*, viewer: Viewer, case_file: CaseFile, now: datetime) -> StatusPage:
    """A child's status. Raises `NotVisible` where not even its summary is the viewer's; the look is recorded."""
    section = FileSection.objects.summarised_to(viewer).filter(case_file=case_file, category=STATUS).first()
    if section is None:
        raise NotVisible
    record(
        Verb.RECORD_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="section",
        subject=section.pk,
        case_file=case_file.pk,
        category=STATUS,
    )
    child = Child.objects.visible_to(viewer).filter(case_file=case_file).first()
    identified = (
        CaseEvent.objects.visible_to(viewer)
        .filter(case_file=case_file, kind=kinds.CHILD_IDENTIFIED)
        .exclude(root__in=_withdrawn(viewer, case_file))
        .order_by("occurred_at")
        .first()
    )
    return StatusPage(
        case_file=case_file,
        child=child,
        age=child.age_on(now.astimezone(ZoneInfo(viewer.zone)).date()) if child else None,
        lines=_lines(viewer, case_file),
        codes=_codes(viewer, case_file, section),
        may_write=_may_write(viewer, section),
        identified_at=identified.occurred_at if identified else None,
    )


def facts_known(page: StatusPage) -> dict[str, Any]:
    """Answers of the decision table that the file knows already, so that nobody is asked twice."""
    situation = page.child.services if page.child else ServicesSituation.NOT_KNOWN
    if situation == ServicesSituation.NOT_KNOWN:
        return {}
    return {
        "in_care_now": "yes" if situation in IN_CARE else "no",
        "case_is_open": "yes" if situation in CASE_OPEN else "no",
        "receives_ilp": "yes" if situation == ServicesSituation.ILP else "no",
    }


def suggestion_of(answers: Mapping[str, bool | None]) -> Suggestion | None:
    """What the decision table points to, or None while an answer not known yet (`None`) could still decide it."""
    unknown = [name for name, answer in answers.items() if answer is None]
    known = {name: answer for name, answer in answers.items() if answer is not None}
    found = {
        suggest(**known, **dict(zip(unknown, guess, strict=True)))
        for guess in product((True, False), repeat=len(unknown))
    }
    return found.pop() if len(found) == 1 else None


def _withdrawn(viewer: Viewer, case_file: CaseFile) -> Any:
    rows = CaseEvent.objects.visible_to(viewer).filter(case_file=case_file, kind=kinds.WITHDRAWN)
    return list(rows.values_list("root", flat=True))


def _lines(viewer: Viewer, case_file: CaseFile) -> list[StatusLine]:
    """Newest first; in summary a row is its field and its days."""
    full = (
        StatusField.objects.visible_to(viewer)
        .filter(case_file=case_file)
        .select_related("set_by", "set_by__agency")
    )
    rows = {row.pk: StatusLine(row.pk, STATUSES[row.code], row.started_on, row.ended_on, row) for row in full}
    for fields in StatusField.objects.summarised_to(viewer).filter(case_file=case_file).summaries():
        line = StatusLine(fields["id"], STATUSES[fields["code"]], fields["started_on"], fields["ended_on"])
        rows.setdefault(line.id, line)
    return sorted(rows.values(), key=lambda line: (line.started_on, str(line.id)), reverse=True)


def _codes(viewer: Viewer, case_file: CaseFile, section: FileSection) -> list[ProjectCodeLine]:
    numbers = dict(
        Referral.objects.visible_to(viewer).filter(case_file=case_file).values_list("pk", "number")
    )
    full = list(
        SpecialProjectCode.objects.visible_to(viewer).filter(section=section).order_by("-started_on", "pk")
    )
    if full:
        return [
            ProjectCodeLine(
                row.pk,
                row.code,
                row.started_on,
                row.ended_on,
                referral=row.referral if row.referral in numbers else None,
                number=numbers.get(row.referral, ""),
            )
            for row in full
        ]
    rows = (
        SpecialProjectCode.objects.summarised_to(viewer).filter(section=section).order_by("-started_on", "pk")
    )
    return [
        ProjectCodeLine(row["id"], row["code"], row["started_on"], row["ended_on"])
        for row in rows.summaries()
    ]


def _may_write(viewer: Viewer, section: FileSection) -> bool:
    mine = Q(may=GrantFacts.May.WRITE, category__in=viewer.full, content_object=section) & live()
    return bool(
        SectionGroupGrant.objects.filter(mine, group__in=viewer.groups).exists()
        or SectionUserGrant.objects.filter(mine, user=viewer.person).exists()
    )
