"""The six status fields of a child, and the special project codes of the referrals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cseccase import clock
from cseccase.drafts.forms import initial_of
from cseccase.drafts.services import draft_drop, draft_of
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.at_risk import INDICATORS
from referrals.forms.status import EndForm, StatusForm, SuggestForm
from referrals.selectors.case_file import access_case
from referrals.selectors.overview import overview
from referrals.selectors.status import StatusPage, facts_known, status_page, suggestion_of
from referrals.services import status as services
from referrals.views.case import frame

DRAFT = "status-field"


@require_http_methods(["GET", "HEAD", "POST"])
def fields(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The rows as history, and a form for a new one. What looks odd is asked once; what is wrong is refused."""
    viewer, now = request.viewer, clock.now()
    page = _page(request, case_id, now)
    if request.method != "POST":
        return _show(request, page, _blank(request, page, now), now)
    policies.require_status_keeper(page.may_write)
    form = _form(page, now, request.POST)
    if not form.is_valid():
        return _show(request, page, form, now)
    said = form.said(ends_at_risk="ends_at_risk" in request.POST)
    doubts = services.status_doubts(viewer=viewer, case_file=page.case_file, said=said, now=now)
    if doubts and "sure" not in request.POST:
        return _show(request, page, form, now, doubts=doubts)
    try:
        services.status_set(viewer=viewer, case_file=page.case_file, said=said, now=now)
    except RuleBroken as broken:
        _blame(form, broken)
        return _show(request, page, form, now)
    draft_drop(viewer=viewer, form=DRAFT, about=case_id)
    messages.success(request, "The status field is set. Enter it in the State system too.")
    return redirect("referrals:status", case_id)


@require_POST
def suggest(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """What the decision table points to. It writes nothing; a person decides."""
    now = clock.now()
    page = _page(request, case_id, now)
    policies.require_status_keeper(page.may_write)
    asked = SuggestForm(request.POST)
    form = _blank(request, page, now)
    suggestion = suggestion_of(asked.answers()) if asked.is_valid() else None
    if suggestion is not None and suggestion.code:
        form.initial["code"] = suggestion.code
    return _show(request, page, form, now, asked=asked, suggestion=suggestion, answered=asked.is_valid())


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, case_id: UUID, status_id: UUID) -> HttpResponse:
    """Ends one row."""
    now = clock.now()
    page = _page(request, case_id, now)
    line = next((line for line in page.lines if line.id == status_id and line.row is not None), None)
    if line is None:
        raise NotVisible
    title = f"End “{line.status.label}”"

    def act(day: Any) -> None:
        services.status_end(
            viewer=request.viewer,
            case_file=page.case_file,
            status_id=status_id,
            ended_on=day,
            now=now,
        )

    return _end(request, page, title, "End the status field", act, now)


@require_http_methods(["GET", "HEAD", "POST"])
def code_end(request: StaffRequest, case_id: UUID, code_id: UUID) -> HttpResponse:
    """Ends a special project code once the referral is investigated."""
    now = clock.now()
    page = _page(request, case_id, now)
    if all(code.pk != code_id for code in page.codes):
        raise NotVisible

    def act(day: Any) -> None:
        services.project_code_end(
            viewer=request.viewer,
            case_file=page.case_file,
            code_id=code_id,
            ended_on=day,
            now=now,
        )

    return _end(
        request, page, "The referral is investigated: end its special project code", "End the code", act, now
    )


def _page(request: StaffRequest, case_id: UUID, now: datetime) -> StatusPage:
    viewer = request.viewer
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="status")
    return status_page(viewer=viewer, case_file=case_file, now=now)


def _form(page: StatusPage, now: datetime, data: Any = None, **kwargs: Any) -> StatusForm:
    born_on = page.child.born_on if page.child is not None else None
    return StatusForm(data, now=now, asks_identified=page.identified_at is None, born_on=born_on, **kwargs)


def _blank(request: StaffRequest, page: StatusPage, now: datetime) -> StatusForm:
    """An empty form, or what this person had typed and not sent."""
    form = _form(page, now, initial={})
    draft = draft_of(viewer=request.viewer, form=DRAFT, about=page.case_file.pk)
    if draft is not None:
        form.initial.update(initial_of(form, draft.answers))
    return form


def _blame(form: Any, broken: RuleBroken) -> None:
    form.add_error(broken.field if broken.field in form.fields else None, broken.message)


def _show(
    request: StaffRequest, page: StatusPage, form: StatusForm, now: datetime, **more: Any
) -> HttpResponse:
    seen = overview(viewer=request.viewer, case_file=page.case_file, now=now)
    context = frame(request, seen, "status") | {
        "page": page,
        "form": form,
        "asked": SuggestForm(initial=facts_known(page)),
        "indicators": INDICATORS,
        "draft": DRAFT,
        "now": now,
        "doubts": (),
        **more,
    }
    context["at_risk_open"] = any(doubt.code == "at-risk-open" for doubt in context["doubts"])
    return render(request, "referrals/status.html", context)


def _end(
    request: StaffRequest,
    page: StatusPage,
    title: str,
    act_label: str,
    act: Callable[[Any], None],
    now: datetime,
) -> HttpResponse:
    policies.require_status_keeper(page.may_write)
    form = EndForm(request.POST or None, initial={"ended_on": timezone.localtime(now).date()})
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data["ended_on"])
        except RuleBroken as broken:
            _blame(form, broken)
        else:
            messages.success(request, "Ended. The row stays in the history.")
            return redirect("referrals:status", page.case_file.pk)
    context = {
        "title": title,
        "consequences": [
            "The row stays in the history with its last day.",
            "Enter the end in the State system too.",
        ],
        "form": form,
        "action_url": request.path,
        "act_label": act_label,
        "back_url": reverse("referrals:status", args=[page.case_file.pk]),
    }
    return render(request, "referrals/status_end.html", context)
