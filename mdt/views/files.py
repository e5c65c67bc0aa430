"""What leaves a meeting's page as a file: the summary on paper, and the calendar entry."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from agencies.shell import Shell, shell
from agencies.step_up import step_up
from cseccase import clock
from cseccase.documents import pdf_of
from cseccase.requests import StaffRequest
from mdt.calendar_file import calendar_file
from mdt.selectors.invitation import access_invitation
from mdt.selectors.summary import summary_to_print

TITLE = "Team meeting summary"


@require_GET
@step_up(file=True)
def summary(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    now = clock.now()
    found = summary_to_print(viewer=request.viewer, meeting_id=meeting_id, now=now)
    frame: Shell = shell(request)["shell"]
    context = {
        "summary": found,
        "title": TITLE,
        "redisclosure": found.redisclosure,
        "notice": found.notice,
        "reference": f"{found.meeting.number}, {found.meeting.case_file.number}",
        "county_name": frame.county_name,
        "product_name": frame.product_name,
        "printed_by": f"{request.viewer.name}, {request.viewer.agency_name}",
        "printed_at": now,
    }
    pdf = pdf_of("mdt/print/summary.html", context, title=TITLE)
    headers = {"Content-Disposition": f'attachment; filename="meeting-{found.meeting.number}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@require_GET
def calendar(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    invitation = access_invitation(viewer=request.viewer, meeting_id=meeting_id, now=clock.now())
    method = "CANCEL" if invitation.is_cancelled else "REQUEST"
    headers = {"Content-Disposition": f'attachment; filename="meeting-{invitation.number}.ics"'}
    return HttpResponse(
        calendar_file(invitation),
        content_type=f"text/calendar; charset=utf-8; method={method}",
        headers=headers,
    )
