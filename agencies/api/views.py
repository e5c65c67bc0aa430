"""The API of one's own notices."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api import serializers
from agencies.selectors.inbox import inbox_of
from agencies.services.inbox import notice_read
from cseccase import clock
from cseccase.api.pages import PAGE_NUMBER, page_of
from cseccase.api.views import HouseApi
from cseccase.paging import page_number


class NoticesApi(HouseApi):
    """The caller's own notices, newest first."""

    actions = {"GET": "notice.list"}

    @extend_schema(parameters=[PAGE_NUMBER], responses=page_of(serializers.NoticeOut))
    def get(self, request: Request) -> Response:
        shown = inbox_of(viewer=self.viewer, page=page_number(request.query_params))
        lines = serializers.NoticeOut(shown.lines, many=True).data
        return Response({"results": lines, "next": str(shown.page + 1) if shown.has_older else None})


class NoticeReadApi(HouseApi):
    """Marks a notice read, and says what it is about."""

    actions = {"POST": "notice.read"}

    @extend_schema(request=None, responses={200: serializers.NoticeOpenedOut})
    def post(self, request: Request, notice_id: UUID) -> Response:
        page, subject = notice_read(viewer=self.viewer, notice_id=notice_id, now=clock.now())
        return Response({"page": page.partition(":")[2], "subject": subject})
