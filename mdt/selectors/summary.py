"""The summary of one meeting for one reader: what goes on paper is what this reader may see on the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.disclosure.redisclosure import Notice
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from mdt.models import ActionItem, Meeting, Seat
from mdt.selectors.meeting import ItemWritten, agenda_of, meeting_found, seats_of
from mdt.selectors.minutes import actions_of
from referrals.models import Child
from referrals.selectors.copies import document_notice, require_copy

NOTICE = (
    "Confidential (WIC 830, 18961.7): for the members of this meeting only. Do not copy it or pass it on; what a team "
    "talks about is not evidence in court."
)


@dataclass(frozen=True, slots=True)
class Summary:
    """A meeting on paper. `initials` is empty where the reader may not know who the child is."""

    meeting: Meeting
    initials: str
    seats: tuple[Seat, ...]
    agenda: tuple[ItemWritten, ...]
    actions: tuple[ActionItem, ...]
    redisclosure: Notice
    notice: str = NOTICE


def summary_to_print(*, viewer: Viewer, meeting_id: UUID, now: datetime) -> Summary:
    """Everything the summary holds; making the document is recorded. Raises `NotVisible` for non-members, and
    `NotAllowed` where a part of it may only be looked at.
    """
    meeting = meeting_found(viewer=viewer, meeting_id=meeting_id)
    child = Child.objects.visible_to(viewer).filter(case_file=meeting.case_file_id).first()
    actions = tuple(actions_of(viewer=viewer, meeting=meeting))
    sections = {meeting.section_id, *(action.section_id for action in actions)}
    require_copy(viewer=viewer, sections=sections)
    found = Summary(
        meeting=meeting,
        initials=child.initials if child else "",
        seats=tuple(seats_of(viewer=viewer, meeting=meeting)),
        agenda=tuple(agenda_of(viewer=viewer, meeting=meeting)),
        actions=actions,
        redisclosure=document_notice(viewer=viewer, sections=sections),
    )
    record(
        Verb.DOCUMENT_PRINTED,
        viewer=viewer,
        at=now,
        subject_kind="meeting",
        subject=meeting.pk,
        case_file=meeting.case_file_id,
        category="r24",
        facts={"document": "meeting summary", "actions": len(found.actions)},
    )
    return found
