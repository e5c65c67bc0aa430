"""What a meeting's page shows while the team talks, and afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.disclosure.categories import MEETING_MINUTES, WRITERS
from cseccase.confidentiality.viewer import Viewer
from mdt import policies
from mdt.choices import Attendance, Participation, Wish
from mdt.models import ActionItem, Meeting, Seat
from mdt.opening import here_law, team_words
from mdt.selectors.candidates import local_day
from mdt.selectors.meeting import ItemWritten, agenda_of, seats_of
from mdt.selectors.minutes import actions_of
from mdt.tiers import STATUTORY_SEATS
from referrals.models import Child
from referrals.selectors.case_file import child_of


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action with the item of the agenda that it was decided under."""

    action: ActionItem
    item: str


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One seat in "Who is here"."""

    agency: str
    person: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A meeting with its agenda as one reader sees it. `current` is the item to write on, where the reader may."""

    meeting: Meeting
    child: Child | None
    age: int | None
    agenda: Sequence[ItemWritten]
    current: ItemWritten | None
    actions: Sequence[ActionLine]
    members: Sequence[MemberLine]
    law_words: str
    team_words: str
    here_law: str
    child_words: str
    may_write: bool
    may_lead: bool


def session_page(
    *, viewer: Viewer, meeting: Meeting, now: datetime, item_id: UUID | None = None
) -> SessionPage:
    """Everything the page needs; the number of queries does not grow with items, decisions or seats."""
    seats = seats_of(viewer=viewer, meeting=meeting)
    agenda = agenda_of(viewer=viewer, meeting=meeting)
    child = child_of(viewer=viewer, case_file=meeting.case_file)
    may_write = viewer.role in WRITERS[MEETING_MINUTES]
    under = {decision.pk: one.item for one in agenda for decision in one.decisions}
    here = [seat for seat in seats if _is_here(meeting, seat)]
    return SessionPage(
        meeting=meeting,
        child=child,
        age=child.age_on(local_day(now, viewer.zone)) if child else None,
        agenda=agenda,
        current=_current(meeting, agenda, item_id) if may_write else None,
        actions=[
            ActionLine(action, _item_words(under.get(action.decision)))
            for action in actions_of(viewer=viewer, meeting=meeting)
        ],
        members=[_member(meeting, seat) for seat in seats],
        law_words=_law_words(here, held=not meeting.is_open),
        team_words=team_words(len(here), held=not meeting.is_open),
        here_law=here_law(len(here)),
        child_words=_child_words(meeting),
        may_write=may_write,
        may_lead=policies.may_lead(viewer, meeting.lead_agency_id),
    )


def _is_here(meeting: Meeting, seat: Seat) -> bool:
    """Once attendance is recorded it counts; until then, whoever is named for a seat."""
    return seat.attended if seat.attendance else meeting.is_open and seat.person_id is not None


def _current(meeting: Meeting, agenda: Sequence[ItemWritten], item_id: UUID | None) -> ItemWritten | None:
    if item_id is not None:
        return next((one for one in agenda if one.item.pk == item_id), None)
    if not meeting.is_open:
        return None
    return next((one for one in agenda if one.item.done_at is None), None)


def _item_words(item: object) -> str:
    position, title = getattr(item, "position", None), getattr(item, "title", "")
    return f"Item {position}, {title[0].lower()}{title[1:]}" if position else ""


def _member(meeting: Meeting, seat: Seat) -> MemberLine:
    person = str(seat.person) if seat.person else "Nobody named"
    if seat.attendance:
        words = Attendance(seat.attendance).label + (", left before the end" if seat.left_early else "")
        return MemberLine(seat.agency.short_name, person, "done" if seat.attended else "dropped", words)
    state = "open" if seat.person else "empty_seat"
    return MemberLine(seat.agency.short_name, person, state, seat.get_reply_display())


def _child_words(meeting: Meeting) -> str:
    if meeting.child_part:
        return str(Participation(meeting.child_part).label)
    return str(Wish(meeting.child_wish).label)


def _law_words(here: Sequence[Seat], *, held: bool) -> str:
    """Whether every agency the law asks for is there (WIC 16524.7(d)(2)(B)); before the end, whether one is named."""
    roles = {seat.agency.role for seat in here}
    missing = sum(role not in roles for role in STATUTORY_SEATS)
    did = "took part" if held else "have somebody named"
    if not missing:
        return f"All five agencies the law asks for {did}."
    return f"{len(STATUTORY_SEATS) - missing} of the five agencies the law asks for {did}."
