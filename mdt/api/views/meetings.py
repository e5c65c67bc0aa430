"""The API of team meetings up to their day: planned, moved, cancelled; seats, answers, and the child's side."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cseccase import clock
from cseccase.api.pages import page_of
from cseccase.api.views import HouseApi
from cseccase.confidentiality.viewer import Viewer
from mdt import policies
from mdt.api import serializers
from mdt.choices import Briefing, Kind, Mode, Participation, Reply, Wish
from mdt.selectors.candidates import local_day, tables
from mdt.selectors.meeting import access_meeting, agenda_of, meeting_list, seats_of
from mdt.selectors.minutes import actions_of
from mdt.services.child import ChildSaid, child_record
from mdt.services.meeting import MeetingSaid, held_gaps, meeting_cancel, meeting_move, meeting_schedule
from mdt.services.seats import SeatSaid, seat_answer, seat_give, seat_remove
from referrals.selectors.case_file import access_case
from referrals.selectors.copies import require_copy

PAGES = [
    OpenApiParameter("which", str, description="upcoming or past"),
    OpenApiParameter("after", str, description="The `next` of the page before."),
]


def meeting_shown(viewer: Viewer, meeting_id: UUID, now: datetime, *, status: int = 200) -> Response:
    """One meeting with everything that this viewer may read of it; the look is recorded."""
    meeting = access_meeting(viewer=viewer, meeting_id=meeting_id, now=now, looked_at="api")
    seats = seats_of(viewer=viewer, meeting=meeting)
    shown = {
        "meeting": meeting,
        "seats": seats,
        "child": meeting,
        "agenda": agenda_of(viewer=viewer, meeting=meeting),
        "actions": actions_of(viewer=viewer, meeting=meeting),
        "gaps": held_gaps(meeting=meeting, seats=seats) if meeting.is_open else [],
    }
    return Response(serializers.MeetingWithSeatsOut(shown).data, status=status)


def _list(viewer: Viewer, request: Request, **which: Any) -> Response:
    page = meeting_list(
        viewer=viewer,
        now=clock.now(),
        which=request.query_params.get("which", "upcoming"),
        after=request.query_params.get("after", ""),
        **which,
    )
    meetings = [row.meeting for row in page.rows]
    return Response({"results": serializers.MeetingOut(meetings, many=True).data, "next": page.after or None})


def _when(data: dict[str, Any], person_with_child: UUID | None = None) -> MeetingSaid:
    return MeetingSaid(
        kind=Kind(data["kind"]),
        mode=Mode(data["mode"]),
        starts_at=data["starts_at"],
        ends_at=data["starts_at"] + timedelta(minutes=data["minutes"]),
        reason=data["reason"],
        place=data["place"],
        not_in_person_reason=data["not_in_person_reason"],
        person_with_child=person_with_child,
    )


class MeetingsApi(HouseApi):
    """Meetings that the caller's agency holds a seat at."""

    actions = {"GET": "meeting.list"}

    @extend_schema(operation_id="meetings_list", parameters=PAGES, responses=page_of(serializers.MeetingOut))
    def get(self, request: Request) -> Response:
        return _list(self.viewer, request)


class CaseMeetingsApi(HouseApi):
    """The meetings about one child at which the caller's agency holds a seat; and planning a new one."""

    actions = {"GET": "meeting.list", "POST": "meeting.schedule"}

    @extend_schema(
        operation_id="case_meetings_list", parameters=PAGES, responses=page_of(serializers.MeetingOut)
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        case_file = access_case(
            viewer=self.viewer, case_id=case_id, now=clock.now(), looked_at="api meetings"
        )
        return _list(self.viewer, request, case_file=case_file)

    @extend_schema(request=serializers.MeetingIn, responses={201: serializers.MeetingWithSeatsOut})
    def post(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        access_case(viewer=self.viewer, case_id=case_id, now=now, looked_at="api plan a meeting")
        policies.require_plan(self.viewer)
        given = serializers.MeetingIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        made = meeting_schedule(
            viewer=self.viewer,
            case_id=case_id,
            said=_when(data),
            seats=[SeatSaid(seat["agency"], seat["person"], seat["reason"]) for seat in data["seats"]],
            sending=data["sending"],
            now=now,
        )
        return meeting_shown(self.viewer, made.pk, now, status=201)


class CandidatesApi(HouseApi):
    """Who may be given a seat at a meeting about this child today, and who cannot yet and why."""

    actions = {"GET": "meeting.candidates"}

    @extend_schema(responses=serializers.TableOut(many=True))
    def get(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        access_case(viewer=self.viewer, case_id=case_id, now=now, looked_at="api plan a meeting")
        policies.require_plan(self.viewer)
        found = tables(viewer=self.viewer, on=local_day(now, self.viewer.zone), now=now)
        return Response(serializers.TableOut(found, many=True).data)


class MeetingApi(HouseApi):
    """One meeting with its seats, its agenda and what it decided; moving it asks everybody again."""

    actions = {"GET": "meeting.view", "PUT": "meeting.move"}

    @extend_schema(responses=serializers.MeetingWithSeatsOut)
    def get(self, request: Request, meeting_id: UUID) -> Response:
        now = clock.now()
        meeting = access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=now, looked_at="api")
        require_copy(viewer=self.viewer, sections=[meeting.section_id])
        return meeting_shown(self.viewer, meeting_id, now)

    @extend_schema(request=serializers.WhenIn, responses=serializers.MeetingWithSeatsOut)
    def put(self, request: Request, meeting_id: UUID) -> Response:
        now = clock.now()
        found = access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=now, looked_at="api change")
        policies.require_lead(self.viewer, found.lead_agency_id)
        given = serializers.WhenIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = _when(given.validated_data, found.person_with_child_id)
        meeting_move(viewer=self.viewer, meeting_id=meeting_id, said=said, now=now)
        return meeting_shown(self.viewer, meeting_id, now)


class MeetingCancelApi(HouseApi):
    """Calls a meeting off: what its seats opened closes at once, and its clock runs on."""

    actions = {"POST": "meeting.cancel"}

    @extend_schema(request=serializers.CancelIn, responses={200: serializers.MeetingWithSeatsOut})
    def post(self, request: Request, meeting_id: UUID) -> Response:
        now = clock.now()
        found = access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=now, looked_at="api cancel")
        policies.require_lead(self.viewer, found.lead_agency_id)
        given = serializers.CancelIn(data=request.data)
        given.is_valid(raise_exception=True)
        meeting_cancel(
            viewer=self.viewer, meeting_id=meeting_id, reason=given.validated_data["reason"], now=now
        )
        return meeting_shown(self.viewer, meeting_id, now)


class SeatApi(HouseApi):
    """Gives an agency its seat, or names another person for it; or takes the seat back."""

    actions = {"PUT": "seat.give", "DELETE": "seat.remove"}

    @extend_schema(request=serializers.SeatIn, responses=serializers.MeetingWithSeatsOut)
    def put(self, request: Request, meeting_id: UUID, agency_id: UUID) -> Response:
        now = clock.now()
        found = access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=now, looked_at="api seat")
        policies.require_lead(self.viewer, found.lead_agency_id)
        given = serializers.SeatIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = SeatSaid(agency_id, given.validated_data["person"], given.validated_data["reason"])
        seat_give(viewer=self.viewer, meeting_id=meeting_id, said=said, now=now)
        return meeting_shown(self.viewer, meeting_id, now)

    @extend_schema(request=None, responses=serializers.MeetingWithSeatsOut)
    def delete(self, request: Request, meeting_id: UUID, agency_id: UUID) -> Response:
        now = clock.now()
        access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=now, looked_at="api seat")
        seat_remove(viewer=self.viewer, meeting_id=meeting_id, agency_id=agency_id, now=now)
        return meeting_shown(self.viewer, meeting_id, now)


class AnswerApi(HouseApi):
    """A member's answer to the invitation, by anybody of the agency that holds the seat."""

    actions = {"POST": "seat.answer"}

    @extend_schema(request=serializers.AnswerIn, responses={200: serializers.SeatOut})
    def post(self, request: Request, meeting_id: UUID) -> Response:
        now = clock.now()
        access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=now, looked_at="api invitation")
        given = serializers.AnswerIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        seat = seat_answer(
            viewer=self.viewer,
            meeting_id=meeting_id,
            reply=Reply(data["reply"]),
            person=data["person"],
            note=data["note"],
            now=now,
        )
        return Response(serializers.SeatOut(seat).data)


class ChildSideApi(HouseApi):
    """What the child was told, asked and answered, and who is beside the child."""

    actions = {"PUT": "meeting.child"}

    @extend_schema(request=serializers.ChildSideIn, responses=serializers.MeetingWithSeatsOut)
    def put(self, request: Request, meeting_id: UUID) -> Response:
        now = clock.now()
        found = access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=now, looked_at="api child")
        policies.require_lead(self.viewer, found.lead_agency_id)
        given = serializers.ChildSideIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        lists = {"wish": Wish, "part": Participation, "briefing": Briefing}
        said = ChildSaid(**{**data, **{name: kind(data[name]) for name, kind in lists.items()}})
        child_record(viewer=self.viewer, meeting_id=meeting_id, said=said, now=now)
        return meeting_shown(self.viewer, meeting_id, now)
