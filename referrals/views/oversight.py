"""Looking after duties: answering a call, saying why one was late, reviewing that."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.middleware import BACKGROUND
from agencies.selectors.oncall import own_on_call
from agencies.services.inbox import notices_read_about
from cseccase import clock
from cseccase.errors import RuleBroken
from cseccase.paging import page_number
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.duty_rows import Watched, groups_of, late_row_of
from referrals.duty_words import duty_title
from referrals.forms.breach import ACCEPT, BreachForm, BreachReviewForm
from referrals.selectors.board import (
    BoardAsked,
    board_page,
    late_unexplained,
    owners_to_choose,
    rules_to_choose,
)
from referrals.selectors.duty import access_duty, row_of
from referrals.selectors.oversight import REVIEWED, oversight_of, reason_to_review
from referrals.services.acknowledgement import duty_acknowledge
from referrals.services.breach import breach_explain, breach_review

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
BACK = {"list": "referrals:duties", "board": "referrals:board", "inbox": "agencies:notices"}
"""The lists from which a call can be answered; anything else leads back to the duty itself."""


@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """What does the agency owe, has anybody answered, and what was late without a reason? For those who answer for it."""
    viewer, now = request.viewer, clock.now()
    policies.require(
        policies.may_see_team(viewer),
        rule="The board is for those who answer for the agency’s work: supervisors, its director, coordinators.",
        opens="A designation as one of these. Your own duties are on “My duties”.",
        ask="Ask your supervisor.",
    )
    context = {"on_call": own_on_call(viewer=viewer, now=now), "now": now, "person": viewer.person}
    if request.GET.get("show") == "late":
        return render(request, "referrals/board_late.html", context | _late(request, viewer, now))
    return render(request, "referrals/board.html", context | _open(request, viewer, now))


def _open(request: StaffRequest, viewer: Any, now: datetime) -> dict[str, Any]:
    asked, after = BoardAsked.of(request.GET.dict()), request.GET.get("after", "")
    page = board_page(
        viewer=viewer,
        now=now,
        asked=asked,
        after=after,
        refreshed=request.headers.get(BACKGROUND) == "1",
    )
    states = oversight_of([row.deadline for row in page.rows], viewer=viewer, now=now)
    watched = Watched(states, "board", policies.may_take_duty(viewer, viewer.agency))
    kept = {"rule": asked.rule, "person": asked.person, "overdue": "1" if asked.overdue else ""}
    return {
        "groups": groups_of(
            page.rows, person=viewer.person, now=now, zone=ZoneInfo(viewer.zone), watched=watched
        ),
        "asked": asked,
        "rules": rules_to_choose(),
        "owners": owners_to_choose(viewer=viewer),
        "unanswered": sum(state.waits for state in states.values()),
        "after": page.after,
        "first": not after,
        "kept": urlencode({name: value for name, value in kept.items() if value}),
        "shown": len(page.rows),
    }


def _late(request: StaffRequest, viewer: Any, now: datetime) -> dict[str, Any]:
    number = page_number(request.GET)
    rows, has_more = late_unexplained(viewer=viewer, now=now, page=number)
    states = oversight_of([row.deadline for row in rows], viewer=viewer, now=now)
    return {
        "rows": [
            late_row_of(
                row,
                person=viewer.person,
                now=now,
                zone=ZoneInfo(viewer.zone),
                reason=states[row.deadline.pk].reason or REVIEWED,
            )
            for row in rows
        ],
        "newer_url": f"?show=late&page={number - 1}" if number > 1 else "",
        "older_url": f"?show=late&page={number + 1}" if has_more else "",
    }


@require_POST
def acknowledge(request: StaffRequest, duty_id: UUID) -> HttpResponse:
    """ "I have this": nobody further up is called for what came so far."""
    viewer, now = request.viewer, clock.now()
    deadline = access_duty(viewer=viewer, duty_id=duty_id, now=now)
    try:
        answered = duty_acknowledge(viewer=viewer, deadline=deadline, now=now)
    except RuleBroken as broken:
        messages.info(request, broken.message)
    else:
        if answered:
            messages.success(request, "Noted: you see to this duty. Its clock runs on.")
        else:
            messages.info(request, "Nothing waits for an answer here; a colleague was faster.")
    notices_read_about(viewer=viewer, subject=deadline.pk, now=now)
    there = BACK.get(request.POST.get("from", ""))
    return redirect(there) if there else redirect("referrals:duty", duty_id)


@GET_POST
def explain(request: StaffRequest, duty_id: UUID) -> HttpResponse:
    """Why a duty was late."""
    viewer, now = request.viewer, clock.now()
    deadline = access_duty(viewer=viewer, duty_id=duty_id, now=now)
    policies.require(
        policies.may_explain_breach(viewer, deadline.owed_by_id),
        rule=f"This duty is owed by {deadline.owed_by.name}, and why it was late is that agency’s to say.",
        opens="Its own staff can write it down.",
        ask=f"Ask {deadline.owed_by.name}.",
    )
    form = BreachForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            breach_explain(viewer=viewer, deadline=deadline, said=form.said(), now=now)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "The reason is on record. Somebody else of your agency reviews it.")
            return redirect("referrals:duty", duty_id)
    row = row_of(deadline, viewer=viewer, now=now)
    context = {
        "title": "Why was this duty late?",
        "lead": duty_title(row.rule, deadline.owed_to),
        "form": form,
        "given": None,
        "act_label": "Put it on record",
        "back_url": reverse("referrals:duty", args=[duty_id]),
    }
    return render(request, "referrals/breach.html", context)


@GET_POST
def review(request: StaffRequest, duty_id: UUID) -> HttpResponse:
    """A second person of the agency says whether the reason stands."""
    viewer, now = request.viewer, clock.now()
    deadline = access_duty(viewer=viewer, duty_id=duty_id, now=now)
    given = reason_to_review(viewer=viewer, deadline=deadline)
    policies.require(
        policies.may_review_breach(viewer, deadline.owed_by_id, given_by=given.given_by_id),
        rule="Why a duty was late is reviewed by a supervisor or director of the agency that owed it, who did not give the reason.",
        opens="A second supervisor, or the agency’s director, can review it.",
        ask="Ask your agency’s director.",
    )
    form = BreachReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        accepted = data["verdict"] == ACCEPT
        try:
            breach_review(viewer=viewer, deadline=deadline, accepted=accepted, words=data["words"], now=now)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "Reviewed." if accepted else "Sent back; it is to be written anew.")
            return redirect("referrals:duty", duty_id)
    row = row_of(deadline, viewer=viewer, now=now)
    context = {
        "title": "Review why this duty was late",
        "lead": duty_title(row.rule, deadline.owed_to),
        "form": form,
        "given": given,
        "act_label": "Record the review",
        "back_url": reverse("referrals:duty", args=[duty_id]),
    }
    return render(request, "referrals/breach.html", context)
