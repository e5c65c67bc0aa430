"""Minutes, decisions and the actions that follow, and the safety plan."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agencies.disclosure.categories import OWN_DUTIES
from agencies.models import Agency, Person
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from mdt.choices import State
from mdt.models import ActionItem, AgendaItem, Decision, Meeting, SafetyPlan
from mdt.selectors.candidates import local_day
from mdt.selectors.meeting import meeting_found, seats_of
from mdt.selectors.minutes import action_found
from mdt.services.seats import sent_id
from referrals.models import FileSection
from referrals.selectors.case_file import access_case
from referrals.services.sharing import SectionKey, case_lock, file_extend, section_to_write

WHY = "a team's decision gives an agency its task"


@dataclass(frozen=True, slots=True)
class ActionSaid:
    """What one agency does. `words` say no more than that agency needs: others may read its tasks in summary."""

    words: str
    agency: UUID
    due_on: date
    owner: UUID | None = None


@transaction.atomic
def minutes_write(
    *,
    viewer: Viewer,
    meeting_id: UUID,
    item_id: UUID,
    words: str,
    done: bool,
    now: datetime,
    based_on: datetime | None = None,
) -> AgendaItem:
    """The minutes of one item. Raises `NotAllowed` for members who read minutes but keep none.

    `based_on` is when the words the writer had before them were written; `RuleBroken` when there are newer ones.
    """
    meeting, _ = _meeting_to_write(viewer, meeting_id, now)
    case_lock(meeting.case_file_id)
    item = _item(viewer, meeting, item_id)
    if item.written_at != based_on:
        raise RuleBroken(
            "Somebody else wrote on this item while you were writing. Their words stand on the meeting’s page; add yours."
        )
    item.minutes, item.written_by_id, item.written_at = words.strip(), viewer.person, now
    item.done_at = (item.done_at or now) if done else None
    item.save()
    _record(viewer, meeting, now, "minutes", item.pk)
    return item


@transaction.atomic
def decision_add(
    *,
    viewer: Viewer,
    meeting_id: UUID,
    item_id: UUID,
    words: str,
    now: datetime,
    action: ActionSaid | None = None,
    sending: UUID | None = None,
) -> Decision:
    """Something the team agreed on; with an action it becomes a task of its owner at once.

    `sending` names the sending of one decision: sent twice, it is added once and the first is given back.

    Raises `RuleBroken` for an owner who holds no seat, a person of another agency, or a day that is over.
    """
    meeting, section = _meeting_to_write(viewer, meeting_id, now)
    item = _item(viewer, meeting, item_id)
    decided = sent_id(viewer=viewer, about=item.pk, sending=sending)
    if decided is not None:
        case_lock(meeting.case_file_id)
        if before := Decision.objects.visible_to(viewer).filter(pk=decided, meeting=meeting).first():
            return before
    if not words.strip():
        raise RuleBroken("Write what was decided.", field="words")
    if action is not None:
        _action_check(viewer, meeting, action, now)
    decision = Decision(
        id=decided or uuid.uuid4(),
        section=section,
        meeting=meeting,
        item=item,
        words=words.strip(),
        decided_at=now,
        written_by_id=viewer.person,
    )
    decision.save()
    if action is not None:
        _action_write(viewer, meeting, decision, action, now)
    _record(viewer, meeting, now, "decision", decision.pk)
    return decision


@transaction.atomic
def action_finish(*, viewer: Viewer, action_id: UUID, note: str, now: datetime) -> ActionItem:
    """An agency has done what it took on. Raises `NotVisible`, `NotAllowed`, and `RuleBroken` when done already."""
    action = action_found(viewer=viewer, action_id=action_id)
    case_lock(action.case_file_id)
    action = action_found(viewer=viewer, action_id=action_id)
    key = SectionKey(OWN_DUTIES, custodian=action.agency_id)
    section_to_write(case_file=action.case_file, key=key, viewer=viewer, now=now)
    if action.done_at is not None:
        raise RuleBroken("This action is marked done already.")
    if not note.strip():
        raise RuleBroken("Say in a few words what was done.", field="note")
    action.done_at, action.done_note, action.done_by_id = now, note.strip(), viewer.person
    action.save()
    record(
        Verb.RECORD_WRITTEN,
        viewer=viewer,
        at=now,
        subject_kind="action",
        subject=action.pk,
        case_file=action.case_file_id,
        category=OWN_DUTIES,
        facts={"fields": ["done_at", "done_note"]},
    )
    return action


@transaction.atomic
def safety_plan_write(
    *,
    viewer: Viewer,
    case_id: UUID,
    parts: Mapping[str, str],
    now: datetime,
    reviewed: bool = False,
    meeting_id: UUID | None = None,
    based_on: datetime | None = None,
) -> SafetyPlan:
    """The plan as it stands now; what stood before stays in its history.

    `based_on` is when the version the writer had before them was written: somebody else's newer words are never
    overwritten unseen. Raises `RuleBroken` for that, for an empty plan and for a meeting of another case.
    """
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="safety plan")
    section = section_to_write(case_file=case_file, key=SectionKey("r25"), viewer=viewer, now=now)
    case_lock(case_file.pk)
    words = {name: parts.get(name, "").strip() for name in SafetyPlan.PARTS}
    if not any(words.values()):
        raise RuleBroken("Write at least one part of the plan.", field="dangers")
    plan = SafetyPlan.objects.visible_to(viewer).filter(case_file=case_file).first()
    if plan is None:
        plan = SafetyPlan(section=section, case_file=case_file)
    elif plan.written_at != based_on:
        raise RuleBroken(
            "Somebody changed this plan while you were writing. Their words stand below; bring both together, then save."
        )
    if meeting_id is not None:
        meeting = meeting_found(viewer=viewer, meeting_id=meeting_id)
        if meeting.case_file_id != case_file.pk:
            raise NotVisible
        plan.meeting = meeting.pk
    changed = [name for name, text in words.items() if getattr(plan, name) != text]
    for name, text in words.items():
        setattr(plan, name, text)
    plan.written_at, plan.written_by_id = now, viewer.person
    if reviewed:
        plan.reviewed_at = now
    plan.save()
    record(
        Verb.RECORD_WRITTEN,
        viewer=viewer,
        at=now,
        subject_kind="safety_plan",
        subject=plan.pk,
        case_file=case_file.pk,
        category="r25",
        facts={"fields": changed, "reviewed": reviewed},
    )
    return plan


def _meeting_to_write(viewer: Viewer, meeting_id: UUID, now: datetime) -> tuple[Meeting, FileSection]:
    meeting = meeting_found(viewer=viewer, meeting_id=meeting_id)
    key = SectionKey("r24", meeting=meeting.pk)
    section = section_to_write(case_file=meeting.case_file, key=key, viewer=viewer, now=now)
    if meeting.state == State.CANCELLED:
        raise RuleBroken("This meeting was cancelled, so it has no minutes.")
    return meeting, section


def _item(viewer: Viewer, meeting: Meeting, item_id: UUID) -> AgendaItem:
    item = AgendaItem.objects.visible_to(viewer).filter(pk=item_id, meeting=meeting).first()
    if item is None:
        raise NotVisible
    return item


def _action_check(viewer: Viewer, meeting: Meeting, action: ActionSaid, now: datetime) -> None:
    seated = {seat.agency_id for seat in seats_of(viewer=viewer, meeting=meeting)}
    if not action.words.strip():
        raise RuleBroken("Write what the agency does.", field="action_words")
    if action.agency not in seated:
        raise RuleBroken("Only an agency with a seat at this meeting can take an action on.", field="owner")
    if (
        action.owner is not None
        and not Person.objects.filter(pk=action.owner, agency=action.agency, is_active=True).exists()
    ):
        raise RuleBroken("This person does not work for the agency you chose.", field="owner")
    if action.due_on < local_day(now, viewer.zone):
        raise RuleBroken("This day is over. Choose a day ahead.", field="due_on")


def _action_write(
    viewer: Viewer, meeting: Meeting, decision: Decision, action: ActionSaid, now: datetime
) -> None:
    agency = Agency.objects.get(pk=action.agency)
    key = SectionKey(OWN_DUTIES, custodian=agency.pk)
    sections = file_extend(case_file=meeting.case_file, recorded_by=viewer.person, now=now, sections=[key])
    with acting_because(WHY):
        ActionItem(
            section=sections[key],
            case_file=meeting.case_file,
            meeting=meeting.pk,
            decision=decision.pk,
            words=action.words.strip(),
            agency=agency,
            owner_id=action.owner,
            due_on=action.due_on,
            set_at=now,
        ).save()


def _record(viewer: Viewer, meeting: Meeting, now: datetime, what: str, subject: UUID) -> None:
    record(
        Verb.RECORD_WRITTEN,
        viewer=viewer,
        at=now,
        subject_kind=what,
        subject=subject,
        case_file=meeting.case_file_id,
        category="r24",
        facts={"meeting": str(meeting.pk)},
    )
