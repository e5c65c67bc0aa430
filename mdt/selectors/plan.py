"""What a planned meeting's page shows: the gap first, then every seat with the act that mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from agencies.choices import Role
from cseccase.confidentiality.viewer import Viewer
from mdt import policies, tiers
from mdt.choices import Mode, Reply, Wish
from mdt.models import Meeting, Seat
from mdt.opening import Opening
from mdt.selectors.candidates import Table, local_day, tables, unable
from mdt.selectors.meeting import seats_of
from mdt.selectors.opening import opening_of
from referrals.duty_words import TEAM_RULES
from referrals.models import Child
from referrals.selectors.case_file import child_of
from referrals.selectors.duty import DutyRow, duties_of

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One line of the seats. `table` is the agency that can be seated, where the county has one."""

    state: str
    role: str
    holder: str
    holder_strong: bool
    stress: str
    words: str
    table: Table | None
    seat: Seat | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A planned meeting as one reader sees it."""

    meeting: Meeting
    child: Child | None
    age: int | None
    finding: str
    duty: DutyRow | None
    by_law: Sequence[SeatLine]
    by_practice: Sequence[SeatLine]
    by_choice: Sequence[SeatLine]
    mine: Seat | None
    may_lead: bool
    opening: Opening
    in_person_meant: bool
    beside_child_missing: bool
    wish_words: str


def plan_page(*, viewer: Viewer, meeting: Meeting, now: datetime) -> PlanPage:
    """Everything the page of a planned meeting needs; the number of queries does not grow with the seats."""
    seats = seats_of(viewer=viewer, meeting=meeting)
    child = child_of(viewer=viewer, case_file=meeting.case_file)
    cannot = unable(seats=seats, on_moment=max(meeting.starts_at, now), zone=viewer.zone)
    known = tables(viewer=viewer, on=local_day(max(meeting.starts_at, now), viewer.zone), now=now)
    asked = [role for role in tiers.TIERS[meeting.tier].seats if role not in tiers.STATUTORY_SEATS]
    law = _group(tiers.STATUTORY_SEATS, seats, known, cannot)
    practice = [
        replace(line, state="choice") if line.holder_strong else line
        for line in _group(asked, seats, known, cannot)
    ]
    choice = _others([*tiers.STATUTORY_SEATS, *asked], seats, known, cannot)
    return PlanPage(
        meeting=meeting,
        child=child,
        age=child.age_on(local_day(now, viewer.zone)) if child else None,
        finding=finding(law=law, practice=practice, choice=choice),
        duty=_duty(viewer, meeting, now),
        by_law=law,
        by_practice=practice,
        by_choice=choice,
        mine=next((seat for seat in seats if seat.agency_id == viewer.agency), None),
        may_lead=policies.may_lead(viewer, meeting.lead_agency_id),
        opening=opening_of(viewer=viewer, meeting=meeting, seats=seats, child=child, now=now),
        in_person_meant=tiers.TIERS[meeting.tier].in_person_first and meeting.mode != Mode.IN_PERSON,
        beside_child_missing=not tiers.may_be_held(meeting.mode, meeting.person_with_child_id),
        wish_words=Wish(meeting.child_wish).label,
    )


def finding(*, law: Sequence[SeatLine], practice: Sequence[SeatLine], choice: Sequence[SeatLine]) -> str:
    """The page's title: what keeps this team from meeting, most serious first; else that it can meet."""
    everybody = [*law, *practice, *choice]
    empty = sum(line.holder_strong for line in law)
    cannot = sum(line.state == "waiting" and bool(line.stress) for line in everybody)
    said = []
    if empty:
        said.append(f"{_count(empty)} required {'seat is' if empty == 1 else 'seats are'} empty")
    if cannot:
        said.append(f"{_count(cannot)} {'person' if cannot == 1 else 'people'} cannot attend yet")
    if said:
        second = [words[0].lower() + words[1:] for words in said[1:]]
        return " and ".join([said[0], *second])
    open_practice = sum(line.holder_strong for line in practice)
    if open_practice:
        return f"The required seats are filled; {_count(open_practice).lower()} more the county asks for {'is' if open_practice == 1 else 'are'} empty"
    silent = sum(line.seat is not None and line.seat.reply != Reply.YES for line in everybody)
    if silent:
        return f"Every seat is filled; {_count(silent).lower()} {'has' if silent == 1 else 'have'} not said they will come"
    return "Every seat is filled and everybody comes"


def _count(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _group(
    roles: Sequence[str], seats: Sequence[Seat], known: Sequence[Table], cannot: Mapping[UUID, str]
) -> list[SeatLine]:
    """The lines of the roles asked for: whoever sits there, else one empty seat with who could be asked."""
    lines = []
    for role in roles:
        seated = [seat for seat in seats if seat.agency.role == role]
        table = next((one for one in known if one.agency.role == role), None)
        lines += [_taken(seat, known, cannot) for seat in seated] or [_empty(role, table)]
    return lines


def _others(
    asked: Sequence[str], seats: Sequence[Seat], known: Sequence[Table], cannot: Mapping[UUID, str]
) -> list[SeatLine]:
    """Every agency that nobody asks for: those seated by choice, then those that could be."""
    lines = [_taken(seat, known, cannot) for seat in seats if seat.agency.role not in asked]
    taken = {seat.agency_id for seat in seats}
    return lines + [
        SeatLine("choice", table.agency.short_name, "Not invited", False, "", "optional", table, None)
        for table in known
        if table.agency.pk not in taken and table.agency.role not in asked
    ]


def _empty(role: str, table: Table | None) -> SeatLine:
    words = "nobody has been asked" if table else "the county’s list has no such agency"
    name = table.agency.short_name if table else str(Role(role).label)
    return SeatLine("empty_seat", name, "Empty seat", True, "", words, table, None)


def _taken(seat: Seat, known: Sequence[Table], cannot: Mapping[UUID, str]) -> SeatLine:
    name = seat.agency.short_name
    table = next((one for one in known if one.agency.pk == seat.agency_id), None)
    if seat.person is None:
        return SeatLine(
            "empty_seat", name, "Empty seat", True, "", "invited; nobody is named yet", table, seat
        )
    if seat.person_id is not None and seat.person_id in cannot:
        return SeatLine(
            "waiting",
            name,
            str(seat.person),
            False,
            "cannot attend yet:",
            cannot[seat.person_id],
            table,
            seat,
        )
    answer = {
        Reply.YES: ("done", "", "will come"),
        Reply.NO: ("waiting", "cannot come:", "name somebody else"),
        Reply.MAYBE: ("open", "", "not sure yet"),
        Reply.NONE: ("open", "", "can attend; no answer yet"),
    }[Reply(seat.reply)]
    state, stress, words = answer
    if seat.reply_note:
        words = f"{words}. “{seat.reply_note}”"
    return SeatLine(state, name, str(seat.person), False, stress, words, table, seat)


def _duty(viewer: Viewer, meeting: Meeting, now: datetime) -> DutyRow | None:
    """The clock this meeting stops, where the viewer may know it: the one that is due first."""
    rows = duties_of(viewer=viewer, case_file=meeting.case_file, now=now)
    return next((row for row in rows if row.deadline.rule in TEAM_RULES and row.deadline.is_open), None)
