"""Reading actions and the safety plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from agencies.disclosure.categories import OWN_DUTIES
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from mdt.models import ActionItem, Meeting, SafetyPlan
from referrals.models import CaseFile, Child

PAGE = 25


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action with the child's initials, which are empty where the viewer may not know who the child is."""

    action: ActionItem
    initials: str


@dataclass(frozen=True, slots=True)
class ActionPage:
    """Actions of one page, and the key of the next page or nothing."""

    rows: Sequence[ActionRow]
    after: str


def actions_seen(viewer: Viewer) -> QuerySet[ActionItem]:
    return ActionItem.objects.visible_to(viewer).select_related(
        "case_file", "case_file__county", "agency", "owner", "done_by", "section"
    )


def action_found(*, viewer: Viewer, action_id: UUID) -> ActionItem:
    """An action for an act on it, which records itself. Raises `NotVisible`; hidden and absent look the same."""
    action = actions_seen(viewer).filter(pk=action_id).first()
    if action is None:
        raise NotVisible
    return action


def access_action(*, viewer: Viewer, action_id: UUID, now: datetime) -> ActionItem:
    """The only way from an id to an action's page; the look is recorded."""
    action = action_found(viewer=viewer, action_id=action_id)
    record(
        Verb.RECORD_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="action",
        subject=action.pk,
        case_file=action.case_file_id,
        category=OWN_DUTIES,
    )
    return action


def actions_of(*, viewer: Viewer, meeting: Meeting) -> list[ActionItem]:
    """The actions a meeting decided, as far as this viewer may read them, soonest first."""
    return list(actions_seen(viewer).filter(meeting=meeting.pk).order_by("due_on", "pk"))


def action_list(*, viewer: Viewer, now: datetime, after: str = "") -> ActionPage:
    """What the viewer's agency has still to do from team meetings, soonest first.

    Raises `NotVisible` for a page key that is none.
    """
    rows = actions_seen(viewer).filter(agency=viewer.agency, done_at=None)
    if after:
        due_on, pk = _key_read(after)
        rows = rows.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk))
    found = list(rows.order_by("due_on", "pk")[: PAGE + 1])
    shown = found[:PAGE]
    initials = {
        child.case_file_id: child.initials
        for child in Child.objects.visible_to(viewer).filter(
            case_file__in={row.case_file_id for row in shown}
        )
    }
    record(
        Verb.DUTY_LISTED,
        viewer=viewer,
        at=now,
        subject_kind="action",
        category=OWN_DUTIES,
        facts={"ids": [str(row.pk) for row in shown]},
    )
    key = f"{shown[-1].due_on.isoformat()}|{shown[-1].pk}" if len(found) > PAGE else ""
    return ActionPage([ActionRow(row, initials.get(row.case_file_id, "")) for row in shown], key)


def _key_read(after: str) -> tuple[date, UUID]:
    day, _, key = after.partition("|")
    try:
        return date.fromisoformat(day), UUID(key)
    except ValueError as error:
        raise NotVisible from error


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """A safety plan as this viewer may read it: whole, as a summary (that it stands, and since when), or not at all."""

    plan: SafetyPlan | None
    summary: dict[str, Any] | None


def safety_plan_of(*, viewer: Viewer, case_file: CaseFile, now: datetime) -> PlanSeen:
    """The case's safety plan; the look is recorded with how much was shown."""
    plan = (
        SafetyPlan.objects.visible_to(viewer)
        .filter(case_file=case_file)
        .select_related("written_by", "written_by__agency", "section")
        .first()
    )
    summaries = (
        [] if plan else SafetyPlan.objects.summarised_to(viewer).filter(case_file=case_file).summaries()
    )
    seen = PlanSeen(plan, summaries[0] if summaries else None)
    if seen.plan or seen.summary:
        record(
            Verb.RECORD_VIEWED,
            viewer=viewer,
            at=now,
            subject_kind="safety_plan",
            subject=plan.pk if plan else summaries[0]["id"],
            case_file=case_file.pk,
            category="r25",
            facts={"access": "full" if plan else "summary"},
        )
    return seen


def safety_plan_versions(*, viewer: Viewer, plan: SafetyPlan) -> list[Any]:
    """Earlier versions of a plan, newest first."""
    rows = SafetyPlan.history.visible_to(viewer).filter(id=plan.pk)
    return list(rows.select_related("written_by").order_by("-history_date", "-history_id")[1:])
