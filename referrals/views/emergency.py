"""Opening a file in an emergency, ending it, the record of it, and its review."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.step_up import step_up
from cseccase import clock
from cseccase.errors import RuleBroken
from cseccase.paging import page_number
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.forms.emergency import EmergencyForm, ReviewForm
from referrals.selectors.emergency import look_list, look_page
from referrals.services import emergency as services


@require_safe
def looks(request: StaffRequest) -> HttpResponse:
    """My emergency looks, and those I answer for."""
    viewer, now = request.viewer, clock.now()
    policies.require_work(viewer)
    found = look_list(viewer=viewer, now=now, page=page_number(request.GET))
    context = {
        "found": found,
        "may_open": policies.may_open_in_emergency(viewer),
        "newer_url": f"?page={found.page - 1}" if found.page > 1 else "",
        "older_url": f"?page={found.page + 1}" if found.has_older else "",
        "now": now,
    }
    return render(request, "referrals/emergencies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def open_file(request: StaffRequest) -> HttpResponse:
    """Names one file by its number. Only after a fresh proof of who asks; a form without it is kept and given back."""
    viewer, now = request.viewer, clock.now()
    policies.require_emergency(viewer)
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            look = services.emergency_open(viewer=viewer, now=now, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            if look.case_file_id is None:
                messages.error(request, f"No case file has the number {look.number}. Nothing was opened.")
            else:
                messages.success(request, "The file is open to you, to read. Those who answer for it know.")
            return redirect("referrals:emergency", look.pk)
    return render(request, "referrals/emergency_open.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: StaffRequest, look_id: UUID) -> HttpResponse:
    """The record of one look; for the supervisor who owes it, the review."""
    viewer, now = request.viewer, clock.now()
    page = look_page(viewer=viewer, look_id=look_id, now=now)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.emergency_review(viewer=viewer, look_id=look_id, now=now, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "Your review is on record.")
            return redirect("referrals:emergency", look_id)
    shown = form if page.may_review or form.is_bound else None
    return render(request, "referrals/emergency.html", {"page": page, "form": shown, "now": now})


@require_POST
def end(request: StaffRequest, look_id: UUID) -> HttpResponse:
    """Ends it now."""
    viewer, now = request.viewer, clock.now()
    if services.emergency_end(viewer=viewer, look_id=look_id, now=now):
        messages.success(request, "The file is closed again.")
    else:
        messages.info(request, "The file was closed already.")
    return redirect("referrals:emergency", look_id)
