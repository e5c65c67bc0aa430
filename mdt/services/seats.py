"""Seats at a meeting, and what each one opens: the sharing fact is written with the seat, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agencies.choices import Duty, Role
from agencies.models import Notice, Person
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from cseccase.outbox.models import Message
from cseccase.outbox.services import Letter, messages_write
from mdt import policies
from mdt.choices import Reply
from mdt.models import Meeting, Seat
from mdt.selectors.candidates import Table, local_day, tables
from mdt.selectors.meeting import meeting_found
from referrals.models import SeatFact
from referrals.services.named import restriction_fact
from referrals.services.sharing import SectionKey, case_lock, file_extend, sharing_settle

WHY = "a seat at a team meeting opens sharing with its agency"


@dataclass(frozen=True, slots=True)
class SeatSaid:
    """An agency to invite: the person who is to come, or nobody yet, and why a member beyond the law's is needed."""

    agency: UUID
    person: UUID | None = None
    deemed_reason: str = ""


@transaction.atomic
def seat_give(*, viewer: Viewer, meeting_id: UUID, said: SeatSaid, now: datetime) -> Seat:
    """Gives an agency its seat, or names another person for it. Opens sharing and invites.

    Raises `NotAllowed` unless the viewer leads the meeting, `RuleBroken` for a person who cannot take a seat or a
    member without the written reason the law asks for.
    """
    meeting = meeting_to_change(viewer=viewer, meeting_id=meeting_id)
    seats_check(viewer=viewer, said=[said], on_moment=meeting.starts_at, now=now)
    sharing_open(meeting=meeting, said=[said], viewer=viewer, now=now)
    seat = _seat_write(meeting, said, viewer, now)
    invite(meeting=meeting, seats=[seat], stage="invited", now=now)
    _record(viewer, meeting, now, {"change": "seat given", "agency": str(said.agency)})
    return seat


@transaction.atomic
def seat_remove(*, viewer: Viewer, meeting_id: UUID, agency_id: UUID, now: datetime) -> None:
    """Takes a seat back: what the agency saw through it closes at once. The lead's own seat stays."""
    meeting = meeting_found(viewer=viewer, meeting_id=meeting_id)
    policies.require_lead(viewer, meeting.lead_agency_id)
    case_lock(meeting.case_file_id)
    meeting = meeting_found(viewer=viewer, meeting_id=meeting_id)  # as the last one to hold the lock left it
    seat = Seat.objects.visible_to(viewer).filter(meeting=meeting, agency=agency_id, removed_at=None).first()
    if seat is None:
        raise NotVisible
    if agency_id == meeting.lead_agency_id or seat.agency.role == Role.CHILD_WELFARE:
        raise RuleBroken("Child Welfare and the agency that leads a meeting keep their seats.")
    seat.removed_at = now
    seat.save()
    meeting.sequence += 1  # the one calendar that loses the meeting is told so by a later number
    meeting.save()
    sharing_close(meeting=meeting, agencies=[agency_id], now=now)
    _record(viewer, meeting, now, {"change": "seat removed", "agency": str(agency_id)})


@transaction.atomic
def seat_answer(
    *,
    viewer: Viewer,
    meeting_id: UUID,
    reply: Reply,
    now: datetime,
    note: str = "",
    person: UUID | None = None,
) -> Seat:
    """A member's answer to the invitation, given by the agency that holds the seat; it may name who comes.

    Some members read minutes but keep none, so the wall is lifted for this one answer after the seat is known theirs.
    Raises `RuleBroken` for a person who cannot take a seat.
    """
    meeting = meeting_found(viewer=viewer, meeting_id=meeting_id)
    case_lock(meeting.case_file_id)
    meeting = meeting_found(viewer=viewer, meeting_id=meeting_id)
    seat = (
        Seat.objects.visible_to(viewer).filter(meeting=meeting, agency=viewer.agency, removed_at=None).first()
    )
    if seat is None:
        raise NotVisible
    if not meeting.is_open:
        raise RuleBroken("This meeting is over or cancelled, so there is nothing left to answer.")
    if reply == Reply.NONE:
        raise RuleBroken("Choose an answer.", field="reply")
    if person is not None and person != seat.person_id:
        _own_person_check(viewer, meeting, person, now)
        seat.person_id = person
    seat.reply, seat.reply_note = reply, note
    seat.replied_at, seat.replied_by_id = now, viewer.person
    with acting_because("a member answers their own invitation"):
        seat.save()
    record(
        Verb.INVITATION_ANSWERED,
        viewer=viewer,
        at=now,
        subject_kind="meeting",
        subject=meeting.pk,
        case_file=meeting.case_file_id,
        category="r24",
        facts={"reply": reply.value},
    )
    return seat


def _own_person_check(viewer: Viewer, meeting: Meeting, person: UUID, now: datetime) -> None:
    on = local_day(max(meeting.starts_at, now), viewer.zone)
    people = [
        one for table in tables(viewer=viewer, on=on, now=now, agency=viewer.agency) for one in table.people
    ]
    candidate = next((one for one in people if one.person == person), None)
    if candidate is None:
        raise RuleBroken("This person does not work for your agency.", field="person")
    if not candidate.can_sit:
        raise RuleBroken(f"{candidate.name} cannot attend yet: {candidate.obstacle}.", field="person")


def sent_id(*, viewer: Viewer, about: UUID, sending: UUID | None) -> UUID | None:
    """The key of what one person's sending makes of one record: the same each time, and nobody else's."""
    return uuid.uuid5(viewer.person, f"{about} {sending}") if sending is not None else None


def meeting_to_change(*, viewer: Viewer, meeting_id: UUID) -> Meeting:
    """A planned meeting that the viewer leads, held by this transaction alone until it ends.

    Raises `NotVisible`, `NotAllowed`, and `RuleBroken` once it is held or cancelled.
    """
    meeting = meeting_found(viewer=viewer, meeting_id=meeting_id)
    policies.require_lead(viewer, meeting.lead_agency_id)
    case_lock(meeting.case_file_id)
    meeting = meeting_found(viewer=viewer, meeting_id=meeting_id)  # as the last one to hold the lock left it
    if not meeting.is_open:
        raise RuleBroken(
            f"This meeting is {meeting.get_state_display().lower()} already. Open it to see what stands."
        )
    return meeting


def seats_check(*, viewer: Viewer, said: Iterable[SeatSaid], on_moment: datetime, now: datetime) -> None:
    """Raises `RuleBroken` for an agency no team has, a person who cannot take a seat, or a reason not given."""
    wanted = list(said)
    on = local_day(max(on_moment, now), viewer.zone)
    known = {table.agency.pk: table for table in tables(viewer=viewer, on=on, now=now)}
    for seat in wanted:
        table = known.get(seat.agency)
        if table is None:
            raise RuleBroken("This agency has no seat in teams under the county's agreement.")
        _seat_check(table, seat)


def _seat_check(table: Table, seat: SeatSaid) -> None:
    name = table.agency.short_name
    if table.deemed and not seat.deemed_reason.strip():
        raise RuleBroken(
            f"Say in writing why {name} is needed for this child: the law makes it a member only so (WIC 18951(d)).",
            field=f"why_{table.agency.pk}",
        )
    if seat.person is None:
        return
    candidate = next((one for one in table.people if one.person == seat.person), None)
    if candidate is None:
        raise RuleBroken(f"This person does not work for {name}.", field=f"seat_{table.agency.pk}")
    if not candidate.can_sit:
        raise RuleBroken(
            f"{candidate.name} cannot attend yet: {candidate.obstacle}.", field=f"seat_{table.agency.pk}"
        )


def sharing_open(*, meeting: Meeting, said: Iterable[SeatSaid], viewer: Viewer, now: datetime) -> None:
    """Writes the facts that open the meeting's minutes and the team's categories, and settles the grants.

    A fact has no end of its own: it ends with the seat, and at eighteen by the rule (WIC 18951, 18964(c)).
    """
    with acting_because(WHY):
        sections = file_extend(
            case_file=meeting.case_file,
            recorded_by=viewer.person,
            now=now,
            sections=[SectionKey("r24", meeting=meeting.pk)],
        )
        standing: Mapping[UUID, SeatFact] = {
            fact.agency_id: fact
            for fact in SeatFact.objects.unrestricted(because=WHY).filter(meeting=meeting.pk)
        }
        for seat in said:
            fact = standing.get(seat.agency) or SeatFact(
                section=sections[SectionKey("r01")],
                case_file=meeting.case_file,
                agency_id=seat.agency,
                meeting=meeting.pk,
            )
            if fact._state.adding or fact.until is not None:
                fact.since, fact.until = now, None
            fact.deemed_in_writing = seat.deemed_reason.strip()
            fact.save()
        sharing_settle(case_file=meeting.case_file, now=now)


def sharing_close(*, meeting: Meeting, agencies: Iterable[UUID], now: datetime) -> None:
    """Ends what these agencies' seats opened; from this moment on they read nothing more through this meeting."""
    with acting_because(WHY):
        standing = SeatFact.objects.unrestricted(because=WHY).filter(
            meeting=meeting.pk, agency__in=list(agencies), until=None
        )
        for fact in standing:
            fact.until = max(now, fact.since)
            fact.save()
        sharing_settle(case_file=meeting.case_file, now=now)


def _seat_write(meeting: Meeting, said: SeatSaid, viewer: Viewer, now: datetime) -> Seat:
    seat = Seat.objects.visible_to(viewer).filter(meeting=meeting, agency=said.agency).first()
    if seat is None:
        seat = Seat(section=meeting.section, meeting=meeting, agency_id=said.agency)
    if seat._state.adding or seat.removed_at is not None or seat.person_id != said.person:
        seat.reply, seat.reply_note, seat.replied_at, seat.replied_by_id = Reply.NONE, "", None, None
        seat.invited_at, seat.removed_at = now, None
    seat.person_id = said.person
    seat.deemed_reason = said.deemed_reason.strip()
    seat.save()
    return seat


def seats_write(*, meeting: Meeting, said: Iterable[SeatSaid], viewer: Viewer, now: datetime) -> list[Seat]:
    """The seats of a new meeting, in the order given."""
    return [_seat_write(meeting, seat, viewer, now) for seat in said]


def invite(*, meeting: Meeting, seats: Iterable[Seat], stage: str, now: datetime) -> None:
    """A notice and a content-free message to each seated person; where nobody is named, to whoever can name one.

    Of a file restricted to named people only these are told: to everybody else there is no such meeting.
    """
    people: set[UUID] = {seat.person_id for seat in seats if seat.person_id}
    unnamed = [seat.agency_id for seat in seats if seat.person_id is None]
    if unnamed:
        people |= set(
            Person.objects.filter(
                agency__in=unnamed,
                is_active=True,
                groups__isnull=False,
                designations__duty__in=[Duty.SUPERVISOR, Duty.COORDINATOR],
            ).values_list("pk", flat=True)
        )
    letters = f"{stage}-{now:%m%d%H%M%S}"
    with acting_because("invitations to a team meeting"):
        restriction = restriction_fact(meeting.case_file, now=now)
        if restriction is not None:
            people &= {person for person, _ in restriction.people}
        told = set(
            Notice.objects.filter(subject=meeting.pk, stage=stage, recipient__in=people).values_list(
                "recipient", flat=True
            )
        )
        Notice.objects.bulk_create(
            [
                Notice(
                    recipient_id=person,
                    about=Notice.About.MEETING,
                    subject=meeting.pk,
                    stage=letters if person in told else stage,
                    created_at=now,
                )
                for person in sorted(people)
            ],
            ignore_conflicts=True,
        )
        messages_write(
            [
                Letter(person, Message.Template.MEETING, f"meeting:{meeting.pk}:{letters}:{person}")
                for person in sorted(people)
            ],
            now=now,
        )


def _record(viewer: Viewer, meeting: Meeting, now: datetime, facts: dict[str, str]) -> None:
    record(
        Verb.MEETING_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind="meeting",
        subject=meeting.pk,
        case_file=meeting.case_file_id,
        category="r24",
        facts=facts,
    )
