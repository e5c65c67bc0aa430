"""Team meetings of the practice county: planned, answered, held, with what was decided and who does what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agencies.choices import Role
from cseccase.confidentiality.context import viewing_as
from mdt.choices import Attendance, Briefing, Kind, Mode, Participation, Reply, Wish
from mdt.models import AgendaItem, Meeting
from mdt.services.child import ChildSaid, child_record
from mdt.services.meeting import HeldSaid, MeetingSaid, meeting_hold, meeting_schedule
from mdt.services.minutes import ActionSaid, decision_add, minutes_write, safety_plan_write
from mdt.services.seats import SeatSaid, seat_answer
from reporting.practice.teller import Case, Teller

COORDINATOR: Final = "Lena Ostrowski"
ROOM: Final = "Valverde Family Center, room 2"
WHY_THERE: Final = {
    "Sofia Duarte": "The advocate is the person the child calls at night.",
    "Kenji Mori": "School is where the child spends the day; the plan needs its people.",
    "Simon Achterberg": "A charge against an exploiter may bring the child to court; safety there must be planned.",
    "Beatriz Salas": "The child’s attorney speaks for what the child wants.",
    "Jasmine Whitlock": "The child asked for her mentor to be in the room.",
}
"""Why somebody beyond the members named by law is needed for this child, in writing (WIC 18951(d))."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision under an agenda item, and the action of one member that follows, due so many days later."""

    item: int
    minutes: str
    words: str
    does: str
    owner: str
    within_days: int


def team_plan(
    tell: Teller,
    case: Case,
    kind: Kind,
    *people: str,
    starts_at: datetime,
    planned: timedelta,
    empty: tuple[Role, ...] = (),
    reason: str,
) -> Meeting:
    """A meeting in one room, planned so long before now; `empty` are seats for which nobody is named yet."""
    practice = tell.practice
    viewer = practice.viewer(COORDINATOR)
    seats = [
        SeatSaid(practice.people[name].agency_id, practice.people[name].pk, WHY_THERE.get(name, ""))
        for name in people
    ]
    seats += [SeatSaid(practice.agencies[role].pk) for role in empty]
    with viewing_as(viewer):
        return meeting_schedule(
            viewer=viewer,
            case_id=case.case_file.pk,
            said=MeetingSaid(
                kind=kind,
                mode=Mode.IN_PERSON,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=90),
                reason=reason,
                place=ROOM,
            ),
            seats=seats,
            now=practice.now - planned,
        )


def team_answers(tell: Teller, meeting: Meeting, answers: Mapping[str, Reply], *, ago: timedelta) -> None:
    for name, reply in answers.items():
        viewer = tell.practice.viewer(name)
        with viewing_as(viewer):
            seat_answer(viewer=viewer, meeting_id=meeting.pk, reply=reply, now=tell.practice.now - ago)


def team_hold(
    tell: Teller, meeting: Meeting, *people: str, ago: timedelta, absent: tuple[str, ...] = ()
) -> None:
    """The meeting took place: the child was briefed and came for a part of it, and everybody named was there."""
    practice = tell.practice
    viewer, at = practice.viewer(COORDINATOR), practice.now - ago
    attendance = {practice.people[name].agency_id: Attendance.HERE for name in (COORDINATOR, *people)}
    attendance |= {practice.people[name].agency_id: Attendance.ABSENT for name in absent}
    said = ChildSaid(
        wish=Wish.COMES,
        part=Participation.PART,
        briefing=Briefing.UNDERSTOOD,
        briefing_version="Plain words, 2026",
        briefing_language="English",
        briefed_at=at - timedelta(minutes=40),
        briefed_by=viewer.person,
    )
    with viewing_as(viewer):
        child_record(viewer=viewer, meeting_id=meeting.pk, said=said, now=at)
        meeting_hold(
            viewer=viewer, meeting_id=meeting.pk, said=HeldSaid(held_at=at, attendance=attendance), now=at
        )


def team_decides(tell: Teller, meeting: Meeting, *decisions: Decided, ago: timedelta) -> None:
    practice = tell.practice
    viewer, at = practice.viewer(COORDINATOR), practice.now - ago
    today = at.astimezone(ZoneInfo(viewer.zone)).date()
    with viewing_as(viewer):
        items = {
            item.position: item for item in AgendaItem.objects.visible_to(viewer).filter(meeting=meeting)
        }
        for one in decisions:
            owner = practice.people[one.owner]
            item = items[one.item].pk
            minutes_write(
                viewer=viewer, meeting_id=meeting.pk, item_id=item, words=one.minutes, done=True, now=at
            )
            action = ActionSaid(one.does, owner.agency_id, _day(today, one.within_days), owner.pk)
            decision_add(
                viewer=viewer, meeting_id=meeting.pk, item_id=item, words=one.words, now=at, action=action
            )


def safety_plan(tell: Teller, case: Case, meeting: Meeting, *, ago: timedelta) -> None:
    viewer = tell.practice.viewer(COORDINATOR)
    with viewing_as(viewer):
        safety_plan_write(
            viewer=viewer,
            case_id=case.case_file.pk,
            parts={
                "dangers": "An adult who waits near the school and sends messages.",
                "triggers": "Being asked for the telephone; loud voices; a gray car.",
                "calming": "Music, a walk with the dog, a call to the advocate.",
                "prevention": "Driven to and from school; a new telephone number.",
                "safe_adults": "Grandmother; the advocate; the teacher in room 12.",
                "if_unsafe": "Go to the library desk and say the code word. The desk calls the hotline.",
            },
            meeting_id=meeting.pk,
            reviewed=True,
            now=tell.practice.now - ago,
        )


def on_day(tell: Teller, ahead: int, hour: int) -> datetime:
    """A full hour on a day so many days from now, as the county's clocks show it."""
    zone = ZoneInfo(tell.practice.county.zone)
    today = tell.practice.now.astimezone(zone).date()
    return datetime.combine(_day(today, ahead), time(hour), tzinfo=zone)


def _day(today: date, days: int) -> date:
    return today + timedelta(days=days)
