"""The API of reports and reviews: the one masked object, who looked, and what changed; the same doors as the pages."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cseccase import clock
from cseccase.api.views import HouseApi
from cseccase.errors import RuleBroken
from reporting.api import serializers
from reporting.masked_report import to_content
from reporting.selectors import looked
from reporting.selectors.changes import ChangesFilter, changes_list
from reporting.selectors.report import report_choices, report_to_export
from reporting.services.report import report_order

BEFORE = OpenApiParameter("before", str, description="The `next` of the page before.")


class ReportsApi(HouseApi):
    """The periods a report may cover, and how each stands; and asking for one to be counted, once."""

    actions = {"GET": "report.list", "POST": "report.order"}

    @extend_schema(responses=serializers.PeriodOut(many=True))
    def get(self, request: Request) -> Response:
        choices = report_choices(viewer=self.viewer, now=clock.now())
        return Response(serializers.PeriodOut(choices, many=True).data)

    @extend_schema(request=serializers.PeriodIn, responses={202: serializers.PeriodOut})
    def post(self, request: Request) -> Response:
        now = clock.now()
        offered = {choice.period.key: choice for choice in report_choices(viewer=self.viewer, now=now)}
        given = serializers.PeriodIn(data=request.data)
        given.is_valid(raise_exception=True)
        choice = offered.get(given.validated_data["period"])
        if choice is None:
            raise RuleBroken(f"Choose one of these: {', '.join(offered)}.", field="period")
        order = report_order(viewer=self.viewer, period=choice.period, now=now)
        shown = {"period": choice.period, "state": order.state, "shut_by": ""}
        return Response(serializers.PeriodOut(shown).data, status=202)


class ReportApi(HouseApi):
    """One frozen report. Hidden cells are hidden here too, with the same word."""

    actions = {"GET": "report.view"}

    @extend_schema(responses=serializers.ReportOut)
    def get(self, request: Request, period: str) -> Response:
        report = report_to_export(viewer=self.viewer, period_key=period, now=clock.now(), exported="api")
        return Response(to_content(report))


def _asked(request: Request) -> looked.LogFilter:
    given = serializers.LogIn(data=request.query_params)
    given.is_valid(raise_exception=True)
    return looked.LogFilter(**given.validated_data)


class CaseLogApi(HouseApi):
    """Who looked at one case file, for those who review it; the review is itself recorded."""

    actions = {"GET": "log.view"}

    @extend_schema(parameters=[serializers.LogIn], responses=serializers.CaseLogOut)
    def get(self, request: Request, case_id: UUID) -> Response:
        found = looked.case_log(viewer=self.viewer, case_id=case_id, asked=_asked(request), now=clock.now())
        return Response(serializers.CaseLogOut(found).data)


class PersonLogApi(HouseApi):
    """What one person looked at, for those who review their agency's people."""

    actions = {"GET": "log.view"}

    @extend_schema(parameters=[serializers.LogIn], responses=serializers.PersonLogOut)
    def get(self, request: Request, person_id: UUID) -> Response:
        found = looked.person_log(
            viewer=self.viewer, person_id=person_id, asked=_asked(request), now=clock.now()
        )
        return Response(serializers.PersonLogOut(found).data)


class HistoryApi(HouseApi):
    """What changed in one case file: every version of every record that the caller may see in full."""

    actions = {"GET": "history.view"}

    @extend_schema(parameters=[BEFORE], responses=serializers.HistoryOut)
    def get(self, request: Request, case_id: UUID) -> Response:
        page = changes_list(
            viewer=self.viewer,
            case_id=case_id,
            now=clock.now(),
            asked=ChangesFilter(before=request.query_params.get("before", "")),
        )
        return Response(serializers.HistoryOut(page).data)
