"""The API of the committee's report: the one masked object, as everywhere else."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cseccase import clock
from cseccase.api.views import HouseApi
from reporting.masked_report import to_content
from reporting.selectors.report import report_choices, report_to_export

PERIOD = inline_serializer(
    "PeriodOut", {"period": serializers.CharField(), "state": serializers.CharField()}, many=True
)
REPORT = inline_serializer(
    "ReportOut",
    {
        "county": serializers.CharField(),
        "period": serializers.CharField(),
        "made_on": serializers.DateField(),
        "protocol": serializers.IntegerField(),
        "blocks": serializers.ListField(child=serializers.DictField()),
    },
)


class ReportsApi(HouseApi):
    """The periods a report may cover, and how each stands."""

    actions = {"GET": "report.list"}

    @extend_schema(responses=PERIOD)
    def get(self, request: Request) -> Response:
        choices = report_choices(viewer=self.viewer, now=clock.now())
        return Response([{"period": choice.period.key, "state": choice.state} for choice in choices])


class ReportApi(HouseApi):
    """One frozen report. Hidden cells are hidden here too, with the same word."""

    actions = {"GET": "report.view"}

    @extend_schema(responses=REPORT)
    def get(self, request: Request, period: str) -> Response:
        report = report_to_export(viewer=self.viewer, period_key=period, now=clock.now(), exported="api")
        return Response(to_content(report))
