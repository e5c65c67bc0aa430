"""A team meeting from its plan to its end: scheduled, moved, cancelled, held; each in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from agencies.choices import Role
from agencies.models import Agency
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, RuleBroken
from mdt import opening, policies, tiers
from mdt.choices import Attendance, Kind, Mode, Participation, State
from mdt.models import AgendaItem, Meeting, Seat
from mdt.selectors.candidates import local_day, unable
from mdt.selectors.meeting import meetings_seen, seats_of
from mdt.services.seats import (
    SeatSaid,
    invite,
    meeting_to_change,
    seats_check,
    seats_write,
    sent_id,
    sharing_close,
    sharing_open,
)
from referrals.deadlines import kinds
from referrals.models import CaseFile, Referral
from referrals.selectors.case_file import access_case
from referrals.services.event import event_record
from referrals.services.sharing import SectionKey, case_facts, case_lock, section_to_write

LONGEST = timedelta(hours=8)
AGENDA = (
    ("Why we meet", "What happened since the last time."),
    ("What the child wants", "In the child's own words; who reads them out."),
    ("Placement", "Where the child is safe now and next week."),
    ("Health and safety plan", "Medical evaluation; triggers; safe adults; who does what."),
    ("Who does what, and when we meet again", "At most one month from today."),
)


@dataclass(frozen=True, slots=True)
class MeetingSaid:
    """When, how and why a team meets. `place` is neutral: never where the child lives."""

    kind: Kind
    mode: Mode
    starts_at: datetime
    ends_at: datetime
    reason: str
    place: str = ""
    not_in_person_reason: str = ""
    person_with_child: UUID | None = None


@dataclass(frozen=True, slots=True)
class HeldSaid:
    """What is recorded when a meeting is over: who was there (by agency), and how the child took part."""

    held_at: datetime
    attendance: Mapping[UUID, Attendance]
    left_early: frozenset[UUID] = frozenset()
    next_meeting_on: date | None = None


@transaction.atomic
def meeting_schedule(
    *,
    viewer: Viewer,
    case_id: UUID,
    said: MeetingSaid,
    seats: list[SeatSaid],
    now: datetime,
    sending: UUID | None = None,
) -> Meeting:
    """A meeting with its seats, its agenda and its invitations; what the seats open is open from now.

    `sending` names the sending of one plan: sent twice, the meeting is planned once and the first is given back.

    Raises `NotAllowed` for agencies that call no team and for a young person of 18 without consent, `RuleBroken` for
    a time, a place or a seat that the rules refuse.
    """
    policies.require_plan(viewer)
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="schedule a meeting")
    planned = sent_id(viewer=viewer, about=case_file.pk, sending=sending)
    if planned is not None:
        case_lock(case_file.pk)
        if before := meetings_seen(viewer).filter(pk=planned).first():
            return before
    _when_check(said)
    table = _with_lead(seats, viewer)
    seats_check(viewer=viewer, said=table, on_moment=said.starts_at, now=now)
    meeting = Meeting(
        id=planned or uuid.uuid4(),
        case_file=case_file,
        lead_agency_id=viewer.agency,
        facilitator_id=viewer.person,
    )
    _plan_write(meeting, said, table)
    sharing_open(meeting=meeting, said=table, viewer=viewer, now=now)
    meeting.section = _section(case_file, meeting, viewer, now)
    meeting.save()
    written = seats_write(meeting=meeting, said=table, viewer=viewer, now=now)
    for position, (title, hint) in enumerate(AGENDA, start=1):
        AgendaItem(section=meeting.section, meeting=meeting, position=position, title=title, hint=hint).save()
    invite(meeting=meeting, seats=written, stage="invited", now=now)
    _record(Verb.MEETING_SCHEDULED, viewer, meeting, now, {"agencies": [str(seat.agency) for seat in table]})
    return meeting


@transaction.atomic
def meeting_move(*, viewer: Viewer, meeting_id: UUID, said: MeetingSaid, now: datetime) -> Meeting:
    """Another day, way or place: every answer is asked for again, and calendars take the new file for the old one."""
    meeting = meeting_to_change(viewer=viewer, meeting_id=meeting_id)
    _when_check(said)
    seats = seats_of(viewer=viewer, meeting=meeting)
    moved = (meeting.starts_at, meeting.ends_at, meeting.mode) != (said.starts_at, said.ends_at, said.mode)
    _plan_write(meeting, said, [SeatSaid(seat.agency_id, seat.person_id) for seat in seats])
    meeting.sequence += 1
    meeting.save()
    if moved:
        for seat in seats:
            seat.reply, seat.reply_note, seat.replied_at, seat.replied_by = "none", "", None, None
            seat.save()
    invite(meeting=meeting, seats=seats, stage="changed", now=now)
    _record(Verb.MEETING_CHANGED, viewer, meeting, now, {"change": "moved", "sequence": meeting.sequence})
    return meeting


@transaction.atomic
def meeting_cancel(*, viewer: Viewer, meeting_id: UUID, reason: str, now: datetime) -> Meeting:
    """The meeting does not take place. Its clock runs on: only a meeting that was held stops it.

    What its seats opened closes at once; Child Welfare and the lead agency keep the record of it.
    """
    meeting = meeting_to_change(viewer=viewer, meeting_id=meeting_id)
    if not reason.strip():
        raise RuleBroken("Say why the meeting is cancelled.", field="reason")
    seats = seats_of(viewer=viewer, meeting=meeting)
    meeting.state, meeting.cancelled_at, meeting.cancel_reason = State.CANCELLED, now, reason.strip()
    meeting.sequence += 1
    meeting.save()
    invite(meeting=meeting, seats=seats, stage="cancelled", now=now)
    keepers = {seat.agency_id for seat in seats if seat.agency.role == Role.CHILD_WELFARE}
    others = {seat.agency_id for seat in seats} - keepers - {meeting.lead_agency_id}
    sharing_close(meeting=meeting, agencies=others, now=now)
    _record(Verb.MEETING_CHANGED, viewer, meeting, now, {"change": "cancelled", "sequence": meeting.sequence})
    return meeting


@transaction.atomic
def meeting_hold(*, viewer: Viewer, meeting_id: UUID, said: HeldSaid, now: datetime) -> Meeting:
    """The meeting took place: attendance is kept, and the clocks of the team stop and start (protocol, team meetings).

    Raises `RuleBroken` with everything that is missing in one sentence each, once for two people who do this at once.
    """
    meeting = meeting_to_change(viewer=viewer, meeting_id=meeting_id)
    seats = seats_of(viewer=viewer, meeting=meeting)
    _held_when_check(meeting, said, viewer, now)
    _attendance_check(seats, said, viewer)
    missing = held_gaps(meeting=meeting, seats=seats)
    if missing:
        raise RuleBroken(" ".join(missing))
    for seat in seats:
        seat.attendance = said.attendance[seat.agency_id]
        seat.left_early = seat.attended and seat.agency_id in said.left_early
        seat.save()
    lead = next(seat for seat in seats if seat.agency_id == meeting.lead_agency_id)
    if not lead.attended:
        raise RuleBroken("The agency that leads the meeting has to be there. Name who came for it.")
    if sum(seat.attended for seat in seats) < opening.SMALLEST_TEAM:
        raise RuleBroken("One member alone is no team. Record who else took part, or cancel the meeting.")
    meeting.state, meeting.held_at, meeting.held_recorded_at = State.HELD, said.held_at, now
    meeting.next_meeting_on = said.next_meeting_on
    meeting.save()
    event_record(
        viewer=viewer,
        case_file=meeting.case_file,
        kind=kinds.MEETING_HELD,
        occurred_at=said.held_at,
        now=now,
        facts={"meeting": str(meeting.pk), "tier": meeting.tier, "mode": meeting.mode},
    )
    _record(Verb.MEETING_CHANGED, viewer, meeting, now, {"change": "held"})
    return meeting


def held_gaps(*, meeting: Meeting, seats: list[Seat]) -> list[str]:
    """What keeps a meeting from being recorded as held, one sentence each; attendance itself is asked separately."""
    gaps = []
    if not tiers.may_be_held(meeting.mode, meeting.person_with_child_id):
        gaps.append(
            "Name the member who is with the child: by telephone or video somebody of the team must be."
        )
    elif meeting.mode != Mode.IN_PERSON and meeting.person_with_child_id not in {s.person_id for s in seats}:
        gaps.append("The person with the child must hold a seat at this meeting. Name one of the members.")
    if not meeting.child_wish:
        gaps.append("Record what the child said when asked about coming.")
    if not meeting.child_part:
        gaps.append("Record how the child took part.")
    elif meeting.child_part == Participation.NO and not meeting.child_part_note:
        gaps.append("Record why the child did not take part.")
    if not meeting.briefing:
        gaps.append("Record that the explanation was read to the child, or why not.")
    return gaps


def _held_when_check(meeting: Meeting, said: HeldSaid, viewer: Viewer, now: datetime) -> None:
    if said.held_at > now:
        raise RuleBroken("A meeting ahead has not been held yet. Record it when it is over.", field="held_at")
    told_at = _first_told_at(meeting)
    if told_at is not None and said.held_at < told_at:
        raise RuleBroken("This is before the county heard of this child. Check the day.", field="held_at")
    if said.next_meeting_on is not None and said.next_meeting_on < local_day(said.held_at, viewer.zone):
        raise RuleBroken("The next meeting comes after this one. Check the day.", field="next_meeting_on")


def _first_told_at(meeting: Meeting) -> datetime | None:
    """When the county first heard of the child: a crisis team may well meet before anybody types the case in."""
    because = "no team meets before the first report"
    with acting_because(because):
        reports = Referral.objects.unrestricted(because=because).filter(case_file=meeting.case_file_id)
        first: datetime | None = reports.aggregate(first=Min("received_at"))["first"]
    return first


def _attendance_check(seats: list[Seat], said: HeldSaid, viewer: Viewer) -> None:
    if said.attendance.keys() - {seat.agency_id for seat in seats}:
        raise RuleBroken(
            "Somebody is named for an agency without a seat. Give it its seat on the plan first.",
            field="attendance",
        )
    cannot = unable(seats=seats, on_moment=said.held_at, zone=viewer.zone)
    for seat in seats:
        answer = said.attendance.get(seat.agency_id, Attendance.NOT_RECORDED)
        name = seat.agency.short_name
        if answer == Attendance.NOT_RECORDED:
            raise RuleBroken(f"Say whether {name} was there.", field=f"seat_{seat.agency_id}")
        if answer != Attendance.ABSENT and seat.person is None:
            raise RuleBroken(
                f"Nobody is named for {name}. Name who came on the plan first, or say “Not here”.",
                field=f"seat_{seat.agency_id}",
            )
        if answer != Attendance.ABSENT and seat.person_id in cannot:
            raise RuleBroken(
                f"{seat.person} could not take a seat: {cannot[seat.person_id]}. Name somebody else for {name}.",
                field=f"seat_{seat.agency_id}",
            )


def _when_check(said: MeetingSaid) -> None:
    if said.ends_at <= said.starts_at:
        raise RuleBroken("The meeting ends after it starts. Check both times.", field="minutes")
    if said.ends_at - said.starts_at > LONGEST:
        raise RuleBroken("A meeting lasts eight hours at most. Check both times.", field="minutes")
    if not said.reason.strip():
        raise RuleBroken("Say why the team meets.", field="reason")
    in_person_first = tiers.TIERS[said.kind.tier].in_person_first
    if in_person_first and said.mode != Mode.IN_PERSON and not said.not_in_person_reason.strip():
        raise RuleBroken(
            "This team is meant to meet in person. Say why it cannot this time.", field="not_in_person_reason"
        )


def _plan_write(meeting: Meeting, said: MeetingSaid, seats: list[SeatSaid]) -> None:
    with_child = said.person_with_child if said.mode != Mode.IN_PERSON else None
    if with_child is not None and with_child not in {seat.person for seat in seats}:
        raise RuleBroken(
            "The person with the child must hold a seat at this meeting.", field="person_with_child"
        )
    meeting.kind, meeting.mode = said.kind, said.mode
    meeting.starts_at, meeting.ends_at = said.starts_at, said.ends_at
    meeting.reason, meeting.place = said.reason.strip(), said.place.strip()
    meeting.not_in_person_reason = said.not_in_person_reason.strip()
    meeting.person_with_child_id = with_child


def _with_lead(seats: list[SeatSaid], viewer: Viewer) -> list[SeatSaid]:
    """The lead's own seat and Child Welfare's are always there; whoever schedules sits for the lead unless another is named."""
    table = {seat.agency: seat for seat in seats}
    welfare = Agency.objects.filter(
        county=viewer.county, role=Role.CHILD_WELFARE, is_active=True
    ).values_list("pk", flat=True)
    for agency in (viewer.agency, *(() if viewer.agency in welfare else welfare[:1])):
        table.setdefault(agency, SeatSaid(agency))
    return list(table.values())


def _section(case_file: CaseFile, meeting: Meeting, viewer: Viewer, now: datetime):  # type: ignore[no-untyped-def]
    key = SectionKey("r24", meeting=meeting.pk)
    try:
        return section_to_write(case_file=case_file, key=key, viewer=viewer, now=now)
    except NotAllowed:
        if case_facts(case_file=case_file, now=now).child_is_adult:
            raise policies.refuse_adult() from None
        raise


def _record(verb: Verb, viewer: Viewer, meeting: Meeting, now: datetime, facts: dict[str, object]) -> None:
    record(
        verb,
        viewer=viewer,
        at=now,
        subject_kind="meeting",
        subject=meeting.pk,
        case_file=meeting.case_file_id,
        category="r24",
        facts=facts,
    )
