"""A case at a glance, as far as one viewer may know it: who, where it stands, what is owed, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cseccase.confidentiality.viewer import Viewer
from referrals import policies
from referrals.deadlines import kinds
from referrals.event_words import event_detail, event_title, holder_words
from referrals.kinds import KINDS
from referrals.models import CaseFile, Child, MissingEpisode, Referral
from referrals.selectors.case_file import child_of
from referrals.selectors.duty import DutyRow, duties_of
from referrals.selectors.emergency import reader_of
from referrals.selectors.records import FULL, Seen, chronology

SHORT_CHRONOLOGY = 15
PAGE = 50
"""Entries on one page of the timeline."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the chronology in words. `correct_id` is set where this viewer's agency may correct it."""

    at: datetime
    title: str
    detail: str
    who: str
    corrected: bool
    correct_id: object = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview page shows. A part that is None or empty is not this viewer's to know, or is not there."""

    case_file: CaseFile
    child: Child | None
    age: int | None
    jurisdiction: str
    missing: MissingEpisode | None
    may_see_missing: bool
    referrals: list[Referral]
    duties: list[DutyRow]
    entries: list[Entry]
    entry_count: int
    may_record: bool
    may_report_missing: bool
    may_see_sharing: bool
    may_see_status: bool
    only_reads: bool = False


def overview(*, viewer: Viewer, case_file: CaseFile, now: datetime, page: int = 0) -> Overview:
    """Everything of one case for one viewer; the number of queries does not grow with the case.

    `page`: which page of the chronology, from 1; without one, its newest few.
    """
    viewer = reader_of(viewer, case_file.pk)
    child = child_of(viewer=viewer, case_file=case_file)
    seen = chronology(viewer=viewer, case_file=case_file)
    entries = entries_of(seen, viewer=viewer)
    today = now.astimezone(ZoneInfo(viewer.zone)).date()
    episode = MissingEpisode.objects.visible_to(viewer).filter(case_file=case_file, located_at=None).first()
    return Overview(
        case_file=case_file,
        child=child,
        age=child.age_on(today) if child else None,
        jurisdiction=_jurisdiction(seen),
        missing=episode,
        may_see_missing="r20" in viewer.full and child is not None,
        referrals=list(
            Referral.objects.visible_to(viewer).filter(case_file=case_file).order_by("-received_at")[:10]
        ),
        duties=duties_of(viewer=viewer, case_file=case_file, now=now),
        entries=entries[(page - 1) * PAGE : page * PAGE] if page else entries[:SHORT_CHRONOLOGY],
        entry_count=len(entries),
        may_record=child is not None and policies.may_work_cases(viewer),
        may_report_missing=policies.may_record_missing(viewer),
        may_see_sharing=policies.may_see_sharing(viewer),
        may_see_status=child is not None and "r02" in viewer.summary,
        only_reads=not viewer.duties,
    )


def _jurisdiction(seen: list[Seen]) -> str:
    """From the newest decision in full view that still stands, else from the referral's own answer."""
    replaced = {one.fields["supersedes_id"] for one in seen}
    for one in seen:
        if one.access != FULL or one.row.pk in replaced:
            continue
        if one.row.kind in {kinds.RESPONSE_DECIDED, kinds.REFERRAL_RECEIVED}:
            return holder_words(
                str(one.row.facts.get("jurisdiction") or ""), str(one.row.facts.get("lead") or "")
            )
    return ""


def entries_of(seen: list[Seen], *, viewer: Viewer) -> list[Entry]:
    """The chronology in words; a summary is its kind, its moment, and whether it was mended later."""
    replaced = {one.fields["supersedes_id"] for one in seen}
    entries = []
    for one in seen:
        kind = str(one.fields["kind"])
        if one.access != FULL:
            mended = one.fields["id"] in replaced
            entries.append(Entry(one.fields["occurred_at"], KINDS[kind].title, "", "", corrected=mended))
            continue
        row = one.row
        corrected = row.pk in replaced
        mine = policies.may_correct(viewer, row.agency_id) and not corrected and kind != kinds.WITHDRAWN
        detail = "; ".join(part for part in (event_detail(kind, row.facts), row.note) if part)
        entries.append(
            Entry(
                at=row.occurred_at,
                title=event_title(kind, row.facts),
                detail=detail,
                who=f"{row.recorded_by.full_name}, {row.agency.short_name}",
                corrected=corrected,
                correct_id=row.pk if mine else None,
            )
        )
    return entries
