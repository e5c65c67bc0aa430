"""Reading the records of a case: referrals and the chronology, in full or in summary, as the viewer may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.deadlines.rules import DEFAULT_RULEBOOK, ShownBy
from referrals.models import CaseEvent, CaseFile, Deadline, Referral
from referrals.selectors.case_file import case_list
from referrals.selectors.copies import inspect_only, require_copy

FULL, SUMMARY = "full", "summary"


@dataclass(frozen=True, slots=True)
class Seen:
    """One record as this viewer may read it: the row itself, or the summary's fields and nothing else."""

    access: str
    fields: dict[str, Any]
    row: Any = None


def access_referral_record(
    *, viewer: Viewer, referral_id: UUID, now: datetime, takes_copy: bool = False
) -> Seen:
    """The way from an id to a referral, in full or in summary. Hidden and absent look the same; the look is recorded.

    Raises `NotAllowed` for somebody who `takes_copy` of what they may only look at (WIC 827(a)(5)).
    """
    seen = _seen(
        Referral.objects.visible_to(viewer).filter(pk=referral_id).select_related("case_file", "section"),
        Referral.objects.summarised_to(viewer).filter(pk=referral_id),
    )
    if not seen:
        raise NotVisible
    found = seen[0]
    if takes_copy:
        rows = Referral.objects.summarised_to(viewer).filter(pk=referral_id)
        require_copy(viewer=viewer, sections=list(rows.values_list("section", flat=True)))
    record(
        Verb.REFERRAL_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="referral",
        subject=referral_id,
        case_file=found.fields["case_file_id"],
        category="r03",
        facts={"access": found.access},
    )
    return found


def referral_records(*, viewer: Viewer, now: datetime, before: str = "") -> tuple[list[Seen], str | None]:
    """Referrals of one page of the case list, newest case first, and the key of the next page: for a copy.

    What the viewer may only look at is left out (WIC 827(a)(5)).
    """
    page = case_list(viewer=viewer, now=now, before=before)
    files = [row.case_file.pk for row in page.rows]
    rows = Referral.objects.summarised_to(viewer).filter(case_file__in=files)
    left_out = inspect_only(viewer=viewer, sections=list(rows.values_list("section", flat=True)))
    seen = _seen(
        Referral.objects.visible_to(viewer).filter(case_file__in=files).exclude(section__in=left_out),
        rows.exclude(section__in=left_out),
    )
    seen.sort(key=lambda one: one.fields["received_at"], reverse=True)
    record(
        Verb.REFERRAL_LISTED,
        viewer=viewer,
        at=now,
        subject_kind="referral",
        facts={"ids": [str(one.fields["id"]) for one in seen]},
    )
    return seen, page.before


def chronology(*, viewer: Viewer, case_file: CaseFile, takes_copy: bool = False) -> list[Seen]:
    """Everything that happened in a case as far as this viewer may know it, newest first.

    Somebody who `takes_copy` gets nothing of what they may only look at (WIC 827(a)(5)).
    """
    left_out = inspect_only(viewer=viewer, case_file=case_file.pk) if takes_copy else frozenset()
    full = CaseEvent.objects.visible_to(viewer).filter(case_file=case_file).exclude(section__in=left_out)
    summary = (
        CaseEvent.objects.summarised_to(viewer).filter(case_file=case_file).exclude(section__in=left_out)
    )
    seen = _seen(full.select_related("agency", "recorded_by"), summary)
    return sorted(seen, key=lambda one: (one.fields["occurred_at"], str(one.fields["id"])), reverse=True)


def recorded_for(*, viewer: Viewer, deadline: Deadline) -> list[Seen]:
    """What was recorded about one duty, newest first: attempts, evidence, and what mended them."""
    full = [one for one in chronology(viewer=viewer, case_file=deadline.case_file) if one.access == FULL]
    roots = {one.row.root for one in full if _is_about(one.row, deadline)}
    return [one for one in full if one.row.root in roots]


def _is_about(entry: CaseEvent, deadline: Deadline) -> bool:
    rule = DEFAULT_RULEBOOK.rule(deadline.rule)
    if entry.pk == deadline.met_by:
        return True
    if rule.shown_by is ShownBy.OWING_AGENCY and entry.agency_id != deadline.owed_by_id:
        return False
    facts = entry.facts
    return (
        entry.kind == rule.met_by
        and facts.get("started_root") == str(deadline.started_root)
        and facts.get("to", deadline.owed_to) == deadline.owed_to
    )


def _seen(full: Any, summary: Any) -> list[Seen]:
    """Rows in full where the viewer may, the others reduced to the summary declared by their model."""
    names: Sequence[str] = full.model.SUMMARY_FIELDS
    rows = {row.pk: Seen(FULL, {name: getattr(row, name) for name in names}, row) for row in full}
    reduced = [Seen(SUMMARY, fields) for fields in summary.summaries() if fields["id"] not in rows]
    return [*rows.values(), *reduced]


def entry_to_correct(*, viewer: Viewer, case_file: CaseFile, event_id: UUID) -> CaseEvent:
    """One entry of a case in full, before anybody fills in a form.

    Raises `NotVisible` for one that is hidden, absent or of another case, `NotAllowed` for one that a court sealed.
    """
    rows = CaseEvent.objects.visible_to(viewer).select_related("case_file", "section")
    entry = rows.filter(case_file=case_file, pk=event_id).first()
    if entry is None:
        raise NotVisible
    policies.require_unsealed(sealed=entry.section.set_apart is not None)
    return entry
