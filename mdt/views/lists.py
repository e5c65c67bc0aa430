"""The lists of team meetings."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cseccase import clock
from cseccase.requests import StaffRequest
from mdt import policies
from mdt.selectors.meeting import PAST, UPCOMING, meeting_list
from referrals.selectors.case_file import access_case
from referrals.selectors.overview import overview
from referrals.views.case import frame


@require_GET
def meetings(request: StaffRequest) -> HttpResponse:
    """The meetings the viewer's agency has a seat at."""
    return _list(request, {"title": "Team meetings"})


@require_GET
def case_meetings(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The meetings about one child."""
    now = clock.now()
    case_file = access_case(viewer=request.viewer, case_id=case_id, now=now, looked_at="meetings")
    seen = overview(viewer=request.viewer, case_file=case_file, now=now)
    framed = frame(request, seen, "meetings")
    return _list(request, framed | {"title": "Team meetings", "may_plan": policies.may_plan(request.viewer)})


def _list(request: StaffRequest, context: dict[str, object]) -> HttpResponse:
    now = clock.now()
    which = PAST if request.GET.get("which") == PAST else UPCOMING
    after = request.GET.get("after", "")
    page = meeting_list(
        viewer=request.viewer,
        now=now,
        which=which,
        after=after,
        case_file=context.get("case_file"),  # type: ignore[arg-type]
    )
    more = {
        "page": page,
        "now": now,
        "which": which,
        "after_url": f"?{urlencode({'which': which, 'after': page.after})}" if page.after else "",
        "first_url": f"?which={which}" if after else "",
    }
    template = "mdt/case_meetings.html" if "case_file" in context else "mdt/meetings.html"
    return render(request, template, {**context, **more})
