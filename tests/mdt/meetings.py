"""Meetings for tests: a team that can meet, and one that has met."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from agencies.choices import Role
from cseccase.confidentiality.context import viewing_as
from mdt.choices import Attendance, Briefing, Kind, Mode, Participation, Wish
from mdt.models import Meeting
from mdt.selectors.meeting import seats_of
from mdt.services.child import ChildSaid as ChildAnswer
from mdt.services.child import child_record
from mdt.services.meeting import HeldSaid, MeetingSaid, meeting_hold, meeting_schedule
from mdt.services.seats import SeatSaid
from referrals.models import CaseFile, Referral
from tests.worlds import World, referral_make

STATUTORY = (Role.CHILD_WELFARE, Role.PROBATION, Role.MENTAL_HEALTH, Role.SUBSTANCE_USE, Role.PUBLIC_HEALTH)
NAME_MARKS = ("Zyxname", "Markerchild", "Secretaddress")


def now_() -> datetime:
    return datetime.now(UTC)


def seat(world: World, role: Role, *, named: bool = True, reason: str = "") -> SeatSaid:
    return SeatSaid(
        world.agencies[role.value].pk,
        world.person(role).pk if named else None,
        reason,
    )


def said(**changed: Any) -> MeetingSaid:
    starts_at = changed.pop("starts_at", now_() + timedelta(days=3))
    fields: dict[str, Any] = {
        "kind": Kind.INITIAL,
        "mode": Mode.IN_PERSON,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "reason": "First team meeting",
        "place": "Room 4, county building",
    }
    return MeetingSaid(**{**fields, **changed})


def meeting_make(
    world: World,
    case_file: CaseFile | None = None,
    seats: list[SeatSaid] | None = None,
    *,
    lead: Role = Role.CHILD_WELFARE,
    **changed: Any,
) -> Meeting:
    """A meeting planned by the lead's line worker, with the five statutory seats filled unless told otherwise."""
    case_file = case_file or case_make(world)
    table = [seat(world, role) for role in STATUTORY] if seats is None else seats
    viewer = world.viewer(lead)
    with viewing_as(viewer):
        return meeting_schedule(
            viewer=viewer, case_id=case_file.pk, said=said(**changed), seats=table, now=now_()
        )


def case_make(world: World, **child: Any) -> CaseFile:
    from referrals.services.referral import ChildSaid

    named = {"given_name": "Zyxname", "family_name": "Markerchild", "age_said": 15, **child}
    referral: Referral = referral_make(
        world, urgent=False, child=ChildSaid(**named), place="12 Secretaddress Road"
    )
    return referral.case_file


def answers(**changed: Any) -> ChildAnswer:
    fields: dict[str, Any] = {
        "wish": Wish.COMES,
        "part": Participation.CAME,
        "briefing": Briefing.UNDERSTOOD,
        "briefing_version": "2026-1",
        "briefing_language": "English",
        "briefed_at": now_(),
    }
    return ChildAnswer(**{**fields, **changed})


def ready(world: World, meeting: Meeting, **changed: Any) -> None:
    """Records the child's part, so that only attendance is missing."""
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        child_record(viewer=viewer, meeting_id=meeting.pk, said=answers(**changed), now=now_())


def held_said(world: World, meeting: Meeting, **changed: Any) -> HeldSaid:
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        attendance = {row.agency_id: Attendance.HERE for row in seats_of(viewer=viewer, meeting=meeting)}
    return HeldSaid(**{"held_at": now_(), "attendance": attendance, **changed})


def hold(world: World, meeting: Meeting, **changed: Any) -> Meeting:
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        return meeting_hold(
            viewer=viewer, meeting_id=meeting.pk, said=held_said(world, meeting, **changed), now=now_()
        )
