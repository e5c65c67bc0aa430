"""Reading team meetings: the door, the lists, and everything one meeting's page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from mdt.choices import State
from mdt.models import AgendaItem, Decision, Meeting, Seat
from referrals.models import CaseFile, Child

PAGE = 25
UPCOMING, PAST = "upcoming", "past"


def meetings_seen(viewer: Viewer) -> QuerySet[Meeting]:
    """The meetings at which this viewer's agency has a seat now."""
    return Meeting.objects.visible_to(viewer).select_related(
        "case_file",
        "case_file__county",
        "lead_agency",
        "facilitator",
        "person_with_child",
        "briefed_by",
        "section",
    )


def meeting_found(*, viewer: Viewer, meeting_id: UUID) -> Meeting:
    """A meeting for an act on it, which records itself. Raises `NotVisible`; hidden and absent look the same."""
    meeting = meetings_seen(viewer).filter(pk=meeting_id).first()
    if meeting is None:
        raise NotVisible
    return meeting


def access_meeting(*, viewer: Viewer, meeting_id: UUID, now: datetime, looked_at: str = "meeting") -> Meeting:
    """The only way from an id to a meeting's page; the look is recorded."""
    meeting = meeting_found(viewer=viewer, meeting_id=meeting_id)
    record(
        Verb.MEETING_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="meeting",
        subject=meeting.pk,
        case_file=meeting.case_file_id,
        category="r24",
        facts={"page": looked_at},
    )
    return meeting


def seats_of(*, viewer: Viewer, meeting: Meeting) -> list[Seat]:
    """The seats of a meeting that nobody has given up, in the order in which agencies were invited."""
    rows = Seat.objects.visible_to(viewer).filter(meeting=meeting, removed_at=None)
    return list(rows.select_related("agency", "person", "replied_by").order_by("invited_at", "agency__name"))


def seat_mine(*, viewer: Viewer, meeting: Meeting) -> Seat | None:
    """The seat of the viewer's agency."""
    rows = Seat.objects.visible_to(viewer).filter(meeting=meeting, agency=viewer.agency, removed_at=None)
    return rows.select_related("agency", "person").first()


@dataclass(frozen=True, slots=True)
class ItemWritten:
    """An item of the agenda with what was decided under it."""

    item: AgendaItem
    decisions: tuple[Decision, ...]


def agenda_of(*, viewer: Viewer, meeting: Meeting) -> list[ItemWritten]:
    """The agenda with its minutes and decisions, as far as this viewer may read them; two queries."""
    items = list(
        AgendaItem.objects.visible_to(viewer)
        .filter(meeting=meeting)
        .select_related("written_by")
        .order_by("position")
    )
    under: dict[UUID, list[Decision]] = {}
    for decision in Decision.objects.visible_to(viewer).filter(meeting=meeting).order_by("decided_at", "pk"):
        under.setdefault(decision.item_id, []).append(decision)
    return [ItemWritten(item, tuple(under.get(item.pk, ()))) for item in items]


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One line of a list of meetings. `initials` is empty where the viewer may not know who the child is."""

    meeting: Meeting
    initials: str
    seat: Seat | None


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Meetings of one page, and the key of the next page or nothing."""

    rows: Sequence[MeetingRow]
    after: str


def meeting_list(
    *,
    viewer: Viewer,
    now: datetime,
    which: str = UPCOMING,
    after: str = "",
    case_file: CaseFile | None = None,
) -> MeetingPage:
    """The meetings this viewer's agency has a seat at: what is still to be held or recorded, or what is over.

    Upcoming ones soonest first, past ones newest first. Raises `NotVisible` for a page key that is none.
    """
    rows = meetings_seen(viewer)
    if case_file is not None:
        rows = rows.filter(case_file=case_file)
    upcoming = which == UPCOMING
    rows = rows.filter(state=State.SCHEDULED) if upcoming else rows.exclude(state=State.SCHEDULED)
    rows = _after(rows, after, forward=upcoming)
    order = ("starts_at", "pk") if upcoming else ("-starts_at", "-pk")
    found = list(rows.order_by(*order)[: PAGE + 1])
    shown = found[:PAGE]
    listed = _with_children(viewer, shown)
    record(
        Verb.MEETING_LISTED,
        viewer=viewer,
        at=now,
        subject_kind="meeting",
        case_file=case_file.pk if case_file else None,
        category="r24",
        facts={"ids": [str(row.pk) for row in shown]},
    )
    key = f"{shown[-1].starts_at.isoformat()}|{shown[-1].pk}" if len(found) > PAGE else ""
    return MeetingPage(listed, key)


def _after(rows: QuerySet[Meeting], after: str, *, forward: bool) -> QuerySet[Meeting]:
    if not after:
        return rows
    moment, _, key = after.partition("|")
    try:
        at, pk = datetime.fromisoformat(moment), UUID(key)
        if at.tzinfo is None:
            raise NotVisible
    except ValueError as error:
        raise NotVisible from error
    if forward:
        return rows.filter(Q(starts_at__gt=at) | Q(starts_at=at, pk__gt=pk))
    return rows.filter(Q(starts_at__lt=at) | Q(starts_at=at, pk__lt=pk))


def _with_children(viewer: Viewer, meetings: list[Meeting]) -> list[MeetingRow]:
    children = {
        child.case_file_id: child.initials
        for child in Child.objects.visible_to(viewer).filter(case_file__in={m.case_file_id for m in meetings})
    }
    seats = {
        seat.meeting_id: seat
        for seat in Seat.objects.visible_to(viewer).filter(
            meeting__in=[m.pk for m in meetings], agency=viewer.agency, removed_at=None
        )
    }
    return [MeetingRow(m, children.get(m.case_file_id, ""), seats.get(m.pk)) for m in meetings]


def meeting_open(viewer: Viewer, named: Mapping[str, Any]) -> bool:
    """Whether the meeting that an address names, if it names one, is still open to this viewer; no look by itself."""
    return "meeting_id" not in named or meetings_seen(viewer).filter(pk=named["meeting_id"]).exists()
