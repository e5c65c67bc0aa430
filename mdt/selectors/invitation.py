"""The invitation apart from the meeting: when it is, or that it is off, for somebody who was invited."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from agencies.models import Person
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from mdt.calendar_file import Invitation
from mdt.choices import State
from mdt.models import Meeting, Seat
from mdt.selectors.meeting import meetings_seen
from referrals.services.named import hidden_from

WHY = "somebody who was invited learns that the meeting, or their seat, is no more"


def access_invitation(*, viewer: Viewer, meeting_id: UUID, now: datetime) -> Invitation:
    """What this person's calendar may know; the export is recorded.

    A meeting that was called off, or a seat taken back, closes everything about it. The one person who was named for
    that seat may still take the entry out of their calendar: reference and time, which they were told before.
    Raises `NotVisible` for everybody else.
    """
    meeting = meetings_seen(viewer).filter(pk=meeting_id).first()
    is_off = meeting is None or meeting.state == State.CANCELLED
    known = meeting or _taken_back(viewer, meeting_id)
    record(
        Verb.CALENDAR_EXPORTED,
        viewer=viewer,
        at=now,
        subject_kind="meeting",
        subject=meeting_id,
        case_file=known.case_file_id,
        category="r24",
        facts={"sequence": known.sequence, "cancelled": is_off},
    )
    return Invitation(
        meeting=meeting_id,
        number=known.number,
        sequence=known.sequence,
        starts_at=known.starts_at,
        ends_at=known.ends_at,
        zone=viewer.zone,
        recipient=Person.objects.values_list("email", flat=True).get(pk=viewer.person),
        sender=settings.DEFAULT_FROM_EMAIL,
        address=urljoin(settings.SITE_ADDRESS, reverse("mdt:meeting", args=[meeting_id])),
        told_at=now,
        is_cancelled=is_off,
    )


def is_over_for(*, viewer: Viewer, meeting_id: UUID) -> bool:
    """Whether this person was invited to a meeting that is closed to them since: called off, or the seat taken back."""
    if meetings_seen(viewer).filter(pk=meeting_id).exists():
        return False
    try:
        _taken_back(viewer, meeting_id)
    except NotVisible:
        return False
    return True


def _taken_back(viewer: Viewer, meeting_id: UUID) -> Any:
    """The meeting behind an invitation to this very person that no longer holds, as they were last told of it.

    Whoever lost their seat learns nothing that was changed afterwards: they get the version of that moment, counted as
    one change further, so that calendars take it. A file restricted to others has no meeting.
    """
    with acting_because(WHY):
        seat = (
            Seat.objects.unrestricted(because=WHY)
            .filter(meeting=meeting_id, agency=viewer.agency, person=viewer.person)
            .exclude(meeting__case_file__in=hidden_from(viewer))
            .select_related("meeting")
            .first()
        )
        if seat is None or (seat.removed_at is None and seat.meeting.state != State.CANCELLED):
            raise NotVisible
        if seat.removed_at is None:
            return seat.meeting
        versions = Meeting.history.model.objects.unrestricted(because=WHY).filter(id=meeting_id)  # type: ignore[attr-defined]
        told = (
            versions.filter(history_date__lte=seat.removed_at)
            .order_by("-history_date", "-history_id")
            .first()
        )
        told = told or versions.order_by("history_date", "history_id").first()
    told.sequence += 1
    return told
