"""The API of team meetings: those whose agency holds a seat, through the same door as the pages."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework.request import Request
from rest_framework.response import Response

from cseccase import clock
from cseccase.api.views import HouseApi
from mdt.api.serializers import MeetingOut, SeatOut
from mdt.selectors.meeting import access_meeting, meeting_list, seats_of

MEETING = inline_serializer("MeetingWithSeatsOut", {"meeting": MeetingOut(), "seats": SeatOut(many=True)})


class MeetingsApi(HouseApi):
    """Meetings that the caller's agency holds a seat at."""

    actions = {"GET": "meeting.list"}

    @extend_schema(
        parameters=[
            OpenApiParameter("which", str, description="upcoming or past"),
            OpenApiParameter("after", str),
        ],
        responses=MeetingOut(many=True),
    )
    def get(self, request: Request) -> Response:
        page = meeting_list(
            viewer=self.viewer,
            now=clock.now(),
            which=request.query_params.get("which", "upcoming"),
            after=request.query_params.get("after", ""),
        )
        meetings = [row.meeting for row in page.rows]
        return Response({"results": MeetingOut(meetings, many=True).data, "next": page.after or None})


class MeetingApi(HouseApi):
    """One meeting with its seats."""

    actions = {"GET": "meeting.view"}

    @extend_schema(responses=MEETING)
    def get(self, request: Request, meeting_id: UUID) -> Response:
        meeting = access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=clock.now(), looked_at="api")
        seats = seats_of(viewer=self.viewer, meeting=meeting)
        return Response({"meeting": MeetingOut(meeting).data, "seats": SeatOut(seats, many=True).data})
