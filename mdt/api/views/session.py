"""The API of what a team does together: minutes, decisions with their actions, and that the meeting was held."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cseccase import clock
from cseccase.api.views import HouseApi
from cseccase.errors import RuleBroken
from mdt import policies
from mdt.api import serializers
from mdt.api.views.meetings import meeting_shown
from mdt.choices import Attendance
from mdt.selectors.meeting import access_meeting
from mdt.services.meeting import HeldSaid, meeting_hold
from mdt.services.minutes import ActionSaid, decision_add, minutes_write


class MinutesApi(HouseApi):
    """The minutes of one item; newer notes of somebody else are never overwritten unseen."""

    actions = {"PUT": "minutes.write"}

    @extend_schema(request=serializers.MinutesIn, responses=serializers.MeetingWithSeatsOut)
    def put(self, request: Request, meeting_id: UUID, item_id: UUID) -> Response:
        now = clock.now()
        access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=now, looked_at="api minutes")
        given = serializers.MinutesIn(data=request.data)
        given.is_valid(raise_exception=True)
        minutes_write(
            viewer=self.viewer, meeting_id=meeting_id, item_id=item_id, now=now, **given.validated_data
        )
        return meeting_shown(self.viewer, meeting_id, now)


class DecisionsApi(HouseApi):
    """Something the team agreed on under one item, with the action that follows."""

    actions = {"POST": "decision.add"}

    @extend_schema(request=serializers.DecisionIn, responses={201: serializers.MeetingWithSeatsOut})
    def post(self, request: Request, meeting_id: UUID, item_id: UUID) -> Response:
        now = clock.now()
        access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=now, looked_at="api decision")
        given = serializers.DecisionIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        decision_add(
            viewer=self.viewer,
            meeting_id=meeting_id,
            item_id=item_id,
            words=data["words"],
            action=ActionSaid(**data["action"]) if data["action"] else None,
            sending=data["sending"],
            now=now,
        )
        return meeting_shown(self.viewer, meeting_id, now, status=201)


class HeldApi(HouseApi):
    """The end of a meeting: who was there, and when the team meets again. Its clocks move with it."""

    actions = {"POST": "meeting.hold"}

    @extend_schema(request=serializers.HeldIn, responses={200: serializers.MeetingWithSeatsOut})
    def post(self, request: Request, meeting_id: UUID) -> Response:
        now = clock.now()
        found = access_meeting(viewer=self.viewer, meeting_id=meeting_id, now=now, looked_at="api hold")
        policies.require_lead(self.viewer, found.lead_agency_id)
        given = serializers.HeldIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        lines = {line["agency"]: line for line in data["attendance"]}
        if len(lines) < len(data["attendance"]):
            raise RuleBroken(
                "An agency stands here twice. Say once whether it was there.", field="attendance"
            )
        said = HeldSaid(
            held_at=data["held_at"],
            attendance={agency: Attendance(line["attendance"]) for agency, line in lines.items()},
            left_early=frozenset(agency for agency, line in lines.items() if line["left_early"]),
            next_meeting_on=data["next_meeting_on"],
        )
        meeting_hold(viewer=self.viewer, meeting_id=meeting_id, said=said, now=now)
        return meeting_shown(self.viewer, meeting_id, now)
