"""The quarterly review of an agency's people."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.forms.people import SignReviewForm
from agencies.policies import MAY_NOT_MANAGE, may_manage_people
from agencies.selectors.people import access_person
from agencies.selectors.review import review_page
from agencies.services import review as reviews
from agencies.step_up import step_up
from cseccase import clock
from cseccase.errors import NotAllowed, RuleBroken
from cseccase.paging import page_number
from cseccase.requests import StaffRequest


@require_safe
def review(request: StaffRequest) -> HttpResponse:
    """Everybody of the agency with what they may do, and what is left to look at."""
    now = clock.now()
    shown = review_page(
        viewer=request.viewer,
        now=now,
        page=page_number(request.GET),
    )
    address = reverse("agencies:review")
    context = {
        "review": shown,
        "now": now,
        "newer_url": f"{address}?page={shown.page - 1}" if shown.page > 1 else "",
        "older_url": f"{address}?page={shown.page + 1}" if shown.has_more else "",
    }
    return render(request, "agencies/review.html", context)


@require_POST
@step_up
def person_confirm(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Says of one person that the account is still needed as it stands."""
    now = clock.now()
    viewer = request.viewer
    shown = access_person(viewer=viewer, person_id=person_id, now=now)
    reviews.person_confirm(viewer=viewer, person_id=person_id, now=now)
    messages.success(request, f"{shown.name} is confirmed.")
    page = request.POST.get("page", "")
    there = f"?page={page}" if page.isdecimal() and len(page) < 6 else ""
    return redirect(f"{reverse('agencies:review')}{there}")


@require_http_methods(["GET", "POST"])
@step_up
def review_sign(request: StaffRequest) -> HttpResponse:
    """Signs the review, with the name of the director who saw it."""
    viewer = request.viewer
    if not may_manage_people(viewer):
        raise NotAllowed(MAY_NOT_MANAGE)
    form = SignReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reviews.review_sign(viewer=viewer, seen_by=form.cleaned_data["seen_by"], now=clock.now())
        except RuleBroken as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(request, "The review is signed. The next one is due in a quarter.")
            return redirect("agencies:review")
    context = {
        "form": form,
        "title": "Sign the review",
        "lead": "You say that you looked at every account of your agency, and that each is still needed as it stands. "
        "Your own account is the director’s to confirm.",
        "action_url": reverse("agencies:review_sign"),
        "act_label": "Sign the review",
        "back_url": reverse("agencies:review"),
    }
    return render(request, "agencies/person_act.html", context)
