"""My duties, one duty, and what was done about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.middleware import BACKGROUND
from cseccase import clock
from cseccase.errors import NotAllowed, RuleBroken
from cseccase.requests import StaffRequest
from referrals import duty_words, policies
from referrals.deadlines import kinds, rules
from referrals.deadlines.register.missing import NOTICE_GROUNDS
from referrals.duty_rows import Watched, counts_of, groups_of
from referrals.forms.duty import EvidenceForm, ReasonForm
from referrals.kinds import KINDS
from referrals.review_rows import answer_duties, review_duties, with_reviews
from referrals.selectors.duty import access_duty, duty_list, others_owe, recipients_of, row_of
from referrals.selectors.emergency import reviews_owed
from referrals.selectors.oversight import MISSING, TO_REVIEW, may_answer, oversight_of, reasons_of
from referrals.selectors.overview import entries_of
from referrals.selectors.records import recorded_for
from referrals.selectors.request import requests_owed
from referrals.services.duty import duty_drop, duty_satisfy, duty_take
from referrals.views.case import lines_of


@require_safe
def duties(request: StaffRequest) -> HttpResponse:
    """What do I do first? Mine and nobody's; or all of the agency's, for those who answer for it."""
    viewer, now = request.viewer, clock.now()
    policies.require(
        policies.may_work_cases(viewer),
        rule="Duties belong to people whose designation and training are current.",
        opens="A designation by your director, and the CSEC 101 training.",
        ask="Ask your agency’s security officer.",
    )
    team = "team" in request.GET and policies.may_see_team(viewer)
    after = request.GET.get("after", "")
    refreshed = request.headers.get(BACKGROUND) == "1"
    page = duty_list(viewer=viewer, now=now, mine_only=not team, after=after, refreshed=refreshed)
    zone = ZoneInfo(viewer.zone)
    whole = page.after is None and not after
    others = others_owe(viewer=viewer, now=now) if not after else []
    reviews = _owed_to_people(viewer, now, zone) if not after else []
    watched = Watched(
        oversight_of([row.deadline for row in page.rows], viewer=viewer, now=now),
        "list",
        policies.may_take_duty(viewer, viewer.agency),
    )
    groups = groups_of(page.rows, person=viewer.person, now=now, zone=zone, watched=watched)
    context = {
        "groups": with_reviews(groups, reviews),
        "counts": counts_of(page.rows, reviews, now=now, zone=zone) if whole else [],
        "others": groups_of(others, person=viewer.person, now=now, zone=zone),
        "team": team,
        "may_see_team": policies.may_see_team(viewer),
        "case_count": len({row.deadline.case_file_id for row in page.rows}),
        "overdue": sum(row.group == duty_words.OVERDUE for row in page.rows)
        + sum(review.group == duty_words.OVERDUE for review in reviews),
        "whole": whole,
        "first": not after,
        "after": page.after,
        "shown": len(page.rows),
        "now": now,
    }
    return render(request, "referrals/duties.html", context)


def _owed_to_people(viewer: Any, now: Any, zone: ZoneInfo) -> list[Any]:
    """What waits for this person beside the clocks: reviews of emergency looks, and requests for access."""
    reviews = review_duties(reviews_owed(viewer=viewer, now=now), now=now, zone=zone)
    asked = answer_duties(requests_owed(viewer=viewer), owner=viewer.agency_name, now=now, zone=zone)
    return [*reviews, *asked]


@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: StaffRequest, duty_id: UUID) -> HttpResponse:
    """One duty: what must happen, by when, why; and the form that records that it was done."""
    viewer, now = request.viewer, clock.now()
    deadline = access_duty(viewer=viewer, duty_id=duty_id, now=now)
    row = row_of(deadline, viewer=viewer, now=now)
    recipients = recipients_of(deadline)
    shows = deadline.is_open and policies.may_show_done(
        viewer,
        shown_by=row.rule.shown_by.value,
        category=KINDS[row.rule.met_by].category,
        owed_by=deadline.owed_by_id,
    )
    form = None
    if shows and row.rule.id not in duty_words.TEAM_RULES | {rules.PROJECT_CODE_END}:
        form = EvidenceForm(
            request.POST or None, rule=row.rule, recipients=recipients, initial={"occurred_at": now}
        )
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            recorded = duty_satisfy(viewer=viewer, deadline=deadline, evidence=form.evidence(), now=now)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            if recorded.stopped:
                messages.success(request, "Recorded. This clock has stopped.")
            else:
                messages.warning(
                    request, "Recorded, but the clock runs on: a message left, or a number is missing."
                )
            return redirect("referrals:duty", duty_id)
    return render(request, "referrals/duty.html", _duty_context(row, form, viewer, now))


def _duty_context(row: Any, form: Any, viewer: Any, now: Any) -> dict[str, Any]:
    deadline, zone = row.deadline, ZoneInfo(viewer.zone)
    due, limit = duty_words.due_words(
        deadline.due_at, at_once=deadline.at_once, group=row.group, now=now, zone=zone
    )
    late = duty_words.is_late_by_law(deadline, row.rule, now, zone)
    done = deadline.met_at and duty_words.done_words(deadline.met_at, deadline.due_at, now=now, zone=zone)
    oversight = oversight_of([deadline], viewer=viewer, now=now)[deadline.pk]
    reasons = reasons_of(deadline, viewer=viewer)
    return {
        "oversight": oversight,
        "may_answer": oversight.waits and may_answer(viewer, deadline),
        "reasons": reasons,
        "may_explain": oversight.reason == MISSING
        and policies.may_explain_breach(viewer, deadline.owed_by_id),
        "may_review": oversight.reason == TO_REVIEW
        and policies.may_review_breach(viewer, deadline.owed_by_id, given_by=reasons[0].given_by_id),
        "row": row,
        "deadline": deadline,
        "title": duty_words.duty_title(row.rule, deadline.owed_to),
        "due": due,
        "limit": limit,
        "left": duty_words.left_words(deadline, row.rule, now, zone),
        "late": late,
        "limit_words": duty_words.limit_words(row.rule),
        "state": duty_words.state_of(row.group, is_late=late) if deadline.is_open else "done",
        "done": done,
        "form": form,
        "entries": lines_of(
            entries_of(recorded_for(viewer=viewer, deadline=deadline), viewer=viewer),
            deadline.case_file_id,
            zone,
        ),
        "entered": duty_words.entered_words(deadline.started_at, deadline.due_at, deadline.entered_at, zone),
        "elsewhere": _elsewhere(row),
        "exceptions": row.rule.exceptions,
        "is_team": row.rule.id in duty_words.TEAM_RULES and deadline.is_open,
        "tells_ncmec": deadline.rule == rules.MISSING_TO_NCMEC,
        "may_take": deadline.is_open
        and policies.may_take_duty(viewer, deadline.owed_by_id)
        and deadline.owner_id != viewer.person,
        "may_drop": deadline.is_open and policies.may_drop_duty(viewer, deadline.owed_by_id),
    }


def _elsewhere(row: Any) -> dict[str, str]:
    """Where a duty is done that has a page of its own, or where its exception is recorded."""
    deadline = row.deadline
    if not deadline.is_open:
        return {}
    if row.rule.id == rules.PROJECT_CODE_END:
        return {
            "url": reverse("referrals:status", args=[deadline.case_file_id]),
            "label": "End the code under “Status”",
        }
    if row.rule.id == rules.MISSING_NOTICE and deadline.owed_to in NOTICE_GROUNDS:
        page = reverse("referrals:happening", args=[deadline.case_file_id, kinds.NOTICE_NOT_OWED])
        return {"url": f"{page}?to={deadline.owed_to}", "label": "This notice is not owed"}
    return {}


@require_POST
def take(request: StaffRequest, duty_id: UUID) -> HttpResponse:
    """Takes a duty on, or over from a colleague."""
    viewer, now = request.viewer, clock.now()
    deadline = access_duty(viewer=viewer, duty_id=duty_id, now=now)
    duty_take(viewer=viewer, deadline=deadline, now=now, take_over=True)
    messages.success(request, "This duty is yours now.")
    return redirect("referrals:duty", duty_id)


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: StaffRequest, duty_id: UUID) -> HttpResponse:
    """A supervisor says, with a reason, that a duty does not apply."""
    viewer, now = request.viewer, clock.now()
    deadline = access_duty(viewer=viewer, duty_id=duty_id, now=now)
    policies.require(
        policies.may_drop_duty(viewer, deadline.owed_by_id),
        rule="That a duty does not apply is a supervisor’s word, in the agency that owes it.",
        opens="A reason, recorded by that supervisor.",
        ask="Ask your supervisor.",
    )
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            duty_drop(viewer=viewer, deadline=deadline, reason=form.cleaned_data["reason"], now=now)
        except (RuleBroken, NotAllowed) as broken:
            form.add_error("reason", broken.message)
        else:
            messages.success(request, "Recorded as not owed, with your reason.")
            return redirect("referrals:duty", duty_id)
    context = {
        "title": "Does this duty not apply?",
        "consequences": [
            "Its clock stops and nobody is told any more.",
            "Your name and reason stay on record.",
        ],
        "form": form,
        "action_url": request.path,
        "act_label": "Record as not owed",
        "back_url": reverse("referrals:duty", args=[duty_id]),
    }
    return render(request, "referrals/confirm.html", context)
