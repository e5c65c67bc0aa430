"""What the child was told, asked and answered about a meeting, and who is beside the child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from mdt.choices import Briefing, Mode, Participation, Wish
from mdt.models import Meeting
from mdt.selectors.meeting import seats_of
from mdt.services.seats import meeting_to_change


@dataclass(frozen=True, slots=True)
class ChildSaid:
    """The child's side of one meeting. `briefed_at` is when the explanation was read out."""

    wish: Wish = Wish.NOT_ASKED
    wish_note: str = ""
    part: Participation = Participation.NOT_RECORDED
    part_note: str = ""
    briefing: Briefing = Briefing.NOT_RECORDED
    briefing_version: str = ""
    briefing_language: str = ""
    briefing_note: str = ""
    briefed_at: datetime | None = None
    briefed_by: UUID | None = None
    person_with_child: UUID | None = None


@transaction.atomic
def child_record(*, viewer: Viewer, meeting_id: UUID, said: ChildSaid, now: datetime) -> Meeting:
    """Records the child's wish, part and briefing, as far as they are known.

    Raises `RuleBroken` for a reading without its time, a reading left out without a reason, somebody beside the child
    who holds no seat, and a part not taken without a reason.
    """
    meeting = meeting_to_change(viewer=viewer, meeting_id=meeting_id)
    _briefing_check(said, now)
    if said.part == Participation.NO and not said.part_note.strip():
        raise RuleBroken("Say why the child did not take part.", field="part_note")
    members = {seat.person_id for seat in seats_of(viewer=viewer, meeting=meeting)} - {None}
    if said.person_with_child is not None and said.person_with_child not in members:
        raise RuleBroken(
            "The person with the child must hold a seat at this meeting.", field="person_with_child"
        )
    was_read = said.briefing in {Briefing.UNDERSTOOD, Briefing.QUESTIONS}
    meeting.child_wish, meeting.child_wish_note = said.wish, said.wish_note.strip()
    meeting.child_part, meeting.child_part_note = said.part, said.part_note.strip()
    meeting.briefing, meeting.briefing_note = said.briefing, said.briefing_note.strip()
    meeting.briefing_version = said.briefing_version.strip() if was_read else ""
    meeting.briefing_language = said.briefing_language.strip() if was_read else ""
    meeting.briefed_at = said.briefed_at if was_read else None
    meeting.briefed_by_id = (said.briefed_by or viewer.person) if was_read else None
    meeting.person_with_child_id = said.person_with_child if meeting.mode != Mode.IN_PERSON else None
    meeting.save()
    record(
        Verb.MEETING_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind="meeting",
        subject=meeting.pk,
        case_file=meeting.case_file_id,
        category="r24",
        facts={"change": "child's part"},
    )
    return meeting


def _briefing_check(said: ChildSaid, now: datetime) -> None:
    if said.briefing in {Briefing.UNDERSTOOD, Briefing.QUESTIONS}:
        if said.briefed_at is None:
            raise RuleBroken("Give the time at which it was read out.", field="briefed_at")
        if said.briefed_at > now:
            raise RuleBroken(
                "This is in the future. Give the time at which it was read out.", field="briefed_at"
            )
        if not said.briefing_version.strip():
            raise RuleBroken("Say which version of the explanation was read.", field="briefing_version")
    if said.briefing == Briefing.NOT_READ and not said.briefing_note.strip():
        raise RuleBroken("Say why it was not read out.", field="briefing_note")
