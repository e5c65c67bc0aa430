"""Messages that could not be sent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agencies.selectors.delivery import undelivered_page
from agencies.services.delivery import message_again
from cseccase import clock
from cseccase.paging import page_number
from cseccase.requests import StaffRequest


@require_safe
def undelivered(request: StaffRequest) -> HttpResponse:
    """Whom of the agency no message reached, and why."""
    shown = undelivered_page(
        viewer=request.viewer,
        page=page_number(request.GET),
    )
    address = reverse("agencies:undelivered")
    context = {
        "shown": shown,
        "now": clock.now(),
        "newer_url": f"{address}?page={shown.page - 1}" if shown.page > 1 else "",
        "older_url": f"{address}?page={shown.page + 1}" if shown.has_more else "",
    }
    return render(request, "agencies/undelivered.html", context)


@require_POST
def undelivered_again(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Has one of them tried again."""
    viewer = request.viewer
    message_again(viewer=viewer, message_id=message_id, now=clock.now())
    messages.success(request, "The message is in line again. It is tried within half a minute.")
    return redirect("agencies:undelivered")
