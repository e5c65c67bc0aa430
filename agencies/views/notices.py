"""The inbox."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agencies.selectors.inbox import inbox_of
from agencies.services import inbox
from cseccase import clock
from cseccase.paging import page_number
from cseccase.requests import StaffRequest


@require_http_methods(["GET", "POST"])
def notices(request: StaffRequest) -> HttpResponse:
    """One's own notices, newest first; the button marks all of them read."""
    viewer = request.viewer
    if request.method == "POST":
        inbox.notices_read_all(viewer=viewer, now=clock.now())
        messages.success(request, "All notices are marked as read. The duties themselves go on.")
        return redirect("agencies:notices")
    shown = inbox_of(viewer=viewer, page=page_number(request.GET))
    address = reverse("agencies:notices")
    context = {
        "inbox": shown,
        "newer_url": f"{address}?page={shown.page - 1}" if shown.page > 1 else "",
        "older_url": f"{address}?page={shown.page + 1}" if shown.has_older else "",
        "now": clock.now(),
    }
    return render(request, "agencies/notices.html", context)


@require_POST
def notice_open(request: StaffRequest, notice_id: UUID) -> HttpResponse:
    """Marks the notice read and goes to what it is about."""
    page, subject = inbox.notice_read(
        viewer=request.viewer,
        notice_id=notice_id,
        now=clock.now(),
    )
    return redirect(page, *([subject] if subject else []))
