"""The API of what follows from team meetings: actions, and the safety plan of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cseccase import clock
from cseccase.api.pages import page_of
from cseccase.api.views import HouseApi
from cseccase.errors import NotVisible
from mdt import policies
from mdt.api import serializers
from mdt.selectors.minutes import PlanSeen, access_action, action_list, safety_plan_of
from mdt.services.minutes import action_finish, safety_plan_write
from referrals.selectors.case_file import access_case
from referrals.selectors.copies import require_copy

AFTER = OpenApiParameter("after", str, description="The `next` of the page before.")


class ActionsApi(HouseApi):
    """What the caller's agency has still to do from team meetings, soonest first."""

    actions = {"GET": "action.list"}

    @extend_schema(operation_id="actions_list", parameters=[AFTER], responses=page_of(serializers.ActionOut))
    def get(self, request: Request) -> Response:
        page = action_list(viewer=self.viewer, now=clock.now(), after=request.query_params.get("after", ""))
        shown = [row.action for row in page.rows]
        return Response({"results": serializers.ActionOut(shown, many=True).data, "next": page.after or None})


class ActionApi(HouseApi):
    """One action."""

    actions = {"GET": "action.view"}

    @extend_schema(responses=serializers.ActionOut)
    def get(self, request: Request, action_id: UUID) -> Response:
        found = access_action(viewer=self.viewer, action_id=action_id, now=clock.now())
        return Response(serializers.ActionOut(found).data)


class ActionDoneApi(HouseApi):
    """Whoever does the action says what was done."""

    actions = {"POST": "action.finish"}

    @extend_schema(request=serializers.DoneIn, responses={200: serializers.ActionOut})
    def post(self, request: Request, action_id: UUID) -> Response:
        now = clock.now()
        access_action(viewer=self.viewer, action_id=action_id, now=now)
        given = serializers.DoneIn(data=request.data)
        given.is_valid(raise_exception=True)
        done = action_finish(
            viewer=self.viewer, action_id=action_id, note=given.validated_data["note"], now=now
        )
        return Response(serializers.ActionOut(done).data)


class SafetyPlanApi(HouseApi):
    """The plan that keeps the child safe: in full, or in summary that it stands; and writing it anew."""

    actions = {"GET": "safety_plan.view", "PUT": "safety_plan.write"}

    @extend_schema(responses=serializers.SafetyPlanOut)
    def get(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        seen = self._seen(case_id, now)
        if seen.plan is None and seen.summary is None and not policies.may_write_plan(self.viewer):
            raise NotVisible
        if seen.plan is not None:
            require_copy(viewer=self.viewer, sections=[seen.plan.section_id])
        return Response(_shown(seen))

    @extend_schema(request=serializers.SafetyPlanIn, responses=serializers.SafetyPlanOut)
    def put(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        self._seen(case_id, now)
        given = serializers.SafetyPlanIn(data=request.data)
        given.is_valid(raise_exception=True)
        parts = dict(given.validated_data)
        safety_plan_write(
            viewer=self.viewer,
            case_id=case_id,
            reviewed=parts.pop("reviewed"),
            meeting_id=parts.pop("meeting"),
            based_on=parts.pop("based_on"),
            parts=parts,
            now=now,
        )
        return Response(_shown(self._seen(case_id, now)))

    def _seen(self, case_id: UUID, now: datetime) -> PlanSeen:
        case_file = access_case(viewer=self.viewer, case_id=case_id, now=now, looked_at="api safety plan")
        return safety_plan_of(viewer=self.viewer, case_file=case_file, now=now)


def _shown(seen: PlanSeen) -> dict[str, Any]:
    if seen.plan is not None:
        stands = {name: getattr(seen.plan, name) for name in (*seen.plan.PARTS, "written_at", "reviewed_at")}
        return dict(serializers.SafetyPlanOut({"access": "full", **stands}).data)
    summary = seen.summary or {"written_at": None, "reviewed_at": None}
    return dict(serializers.SafetyPlanOut({"access": "summary" if seen.summary else "full", **summary}).data)
