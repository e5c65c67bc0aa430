"""Asking for access, and answering those who ask."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cseccase import clock
from cseccase.errors import RuleBroken
from cseccase.paging import page_number
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.forms.request import AnswerForm, AskForm
from referrals.selectors.request import categories_to_ask, request_list, request_page
from referrals.services import request as services

ANSWERING = "to-answer"


@require_safe
def requests(request: StaffRequest) -> HttpResponse:
    """What I asked for; or, for supervisors, what waits for an answer."""
    viewer, now = request.viewer, clock.now()
    policies.require_work(viewer)
    answers = policies.may_answer_requests(viewer)
    answering = answers and request.GET.get("show") == ANSWERING
    found = request_list(viewer=viewer, now=now, answering=answering, page=page_number(request.GET))
    kept = f"show={ANSWERING}&" if answering else ""
    context = {
        "found": found,
        "answering": answering,
        "may_answer": answers,
        "may_ask": bool(categories_to_ask(viewer=viewer, now=now)),
        "newer_url": f"?{kept}page={found.page - 1}" if found.page > 1 else "",
        "older_url": f"?{kept}page={found.page + 1}" if found.has_older else "",
        "now": now,
    }
    return render(request, "referrals/access_requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest) -> HttpResponse:
    """A request by case number. Hidden and absent numbers are taken alike."""
    viewer, now = request.viewer, clock.now()
    policies.require_work(viewer)
    categories = categories_to_ask(viewer=viewer, now=now)
    form = AskForm(request.POST if request.method == "POST" else None, categories=categories)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.request_ask(viewer=viewer, asked=form.asked(ZoneInfo(viewer.zone)), now=now)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "Your request is on its way. The answer comes to your notices.")
            return redirect("referrals:access_request", made.pk)
    context = {
        "form": form,
        "nothing": not categories,
        "may_open": policies.may_open_in_emergency(viewer),
    }
    return render(request, "referrals/access_ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """One request: where it stands for the person who asked, and the answer of a supervisor."""
    viewer, now = request.viewer, clock.now()
    page = request_page(viewer=viewer, request_id=request_id, now=now)
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted, may_approve=page.may_approve, makes_need=page.makes_need)
    if posted is not None and form.is_valid():
        try:
            services.request_answer(
                viewer=viewer,
                request_id=request_id,
                answered=form.answered(ZoneInfo(viewer.zone)),
                now=now,
            )
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "Your answer is on record, and the person who asked is told.")
            return redirect("referrals:access_request", request_id)
    shown = form if page.may_answer or form.is_bound else None
    return render(request, "referrals/access_request.html", {"page": page, "form": shown, "now": now})
