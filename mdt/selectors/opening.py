"""What may be shared at one meeting, for the reader of its page."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from agencies.selectors.protocol import matrix_in_force
from cseccase.confidentiality.viewer import Viewer
from mdt.models import Meeting, Seat
from mdt.opening import Opening, Seated, opening
from referrals.calendar import birthday
from referrals.models import Child, Referral

ADULT_AT = 18


def opening_of(
    *, viewer: Viewer, meeting: Meeting, seats: list[Seat], child: Child | None, now: datetime
) -> Opening:
    """The box "What may be shared": from the agreement in force and the seats. Days only where the reader may know
    them: that of the last report, and the eighteenth birthday.
    """
    reports = Referral.objects.summarised_to(viewer).filter(case_file=meeting.case_file_id).summaries()
    zone = ZoneInfo(viewer.zone)
    reported = max((row["received_at"] for row in reports), default=None)
    return opening(
        matrix=matrix_in_force(viewer.county, now=now),
        seated=[Seated(s.agency.role, s.agency.short_name, bool(s.deemed_reason)) for s in seats],
        members_named=sum(seat.person_id is not None for seat in seats),
        reported_on=reported.astimezone(zone).date() if reported else None,
        adult_on=birthday(child.born_on, ADULT_AT) if child and child.born_on else None,
    )
