"""The meeting itself: agenda with minutes, decisions that become actions, who is here, and its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cseccase import clock
from cseccase.drafts.services import draft_drop
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from mdt import policies
from mdt.forms.session import DecisionForm, HoldForm, MinutesForm
from mdt.selectors.meeting import access_meeting, agenda_of, seats_of
from mdt.selectors.session import SessionPage, session_page
from mdt.services.meeting import held_gaps, meeting_hold
from mdt.services.minutes import decision_add, minutes_write
from mdt.views.forms import draft_back, say_on

MINUTES_DRAFT, DECISION_DRAFT, HOLD_DRAFT = "meeting-minutes", "meeting-decision", "meeting-hold"


@require_GET
def session(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """The page to have open while the team talks."""
    now = clock.now()
    found = access_meeting(viewer=request.viewer, meeting_id=meeting_id, now=now, looked_at="session")
    if found.cancelled_at is not None:
        return redirect("mdt:meeting", meeting_id)
    return record_page(request, found, now)


def record_page(
    request: StaffRequest,
    found: Any,
    now: datetime,
    form: MinutesForm | None = None,
    item_id: UUID | None = None,
) -> HttpResponse:
    """Agenda, minutes, decisions and members: while the team talks, and afterwards."""
    page = session_page(
        viewer=request.viewer, meeting=found, now=now, item_id=item_id or _item_asked(request)
    )
    draft = None
    if form is None and page.current is not None:
        form, draft = _minutes_form(request, page)
    context = {
        "page": page,
        "form": form,
        "draft": draft,
        "draft_url": reverse("draft_save", args=[MINUTES_DRAFT]),
        "now": now,
    }
    return render(request, "mdt/session.html", context)


def _item_asked(request: StaffRequest) -> UUID | None:
    try:
        return UUID(request.GET["item"]) if request.GET.get("item") else None
    except ValueError as error:
        raise NotVisible from error


def _minutes_form(request: StaffRequest, page: SessionPage) -> tuple[MinutesForm, Any]:
    assert page.current is not None
    item = page.current.item
    initial = {
        "words": item.minutes,
        "done": item.done_at is not None,
        "based_on": item.written_at.isoformat() if item.written_at else "",
    }
    form = MinutesForm(initial=initial)
    return form, draft_back(form, viewer=request.viewer, name=MINUTES_DRAFT, about=item.pk)


@require_POST
def minutes(request: StaffRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """Keeps the notes on one item; newer notes of somebody else are shown, never overwritten."""
    now = clock.now()
    form = MinutesForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            minutes_write(
                viewer=request.viewer,
                meeting_id=meeting_id,
                item_id=item_id,
                words=given["words"],
                done=given["done"],
                based_on=given["based_on"],
                now=now,
            )
        except RuleBroken as broken:
            say_on(form, broken)
        else:
            draft_drop(viewer=request.viewer, form=MINUTES_DRAFT, about=item_id)
            messages.success(request, "The notes are saved.")
            return redirect("mdt:session", meeting_id)
    found = access_meeting(viewer=request.viewer, meeting_id=meeting_id, now=now, looked_at="session")
    return record_page(request, found, now, _on_newest(request, found, form, item_id), item_id)


def _on_newest(request: StaffRequest, found: Any, form: MinutesForm, item_id: UUID) -> MinutesForm:
    """The same words, to be sent again knowing what somebody else wrote meanwhile."""
    written = {one.item.pk: one.item for one in agenda_of(viewer=request.viewer, meeting=found)}
    if item_id not in written:
        raise NotVisible
    at = written[item_id].written_at
    data = request.POST.copy()
    data["based_on"] = at.isoformat() if at else ""
    form.data = data
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: StaffRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """Something the team agreed on under one item, with the task that follows."""
    now = clock.now()
    found = access_meeting(viewer=request.viewer, meeting_id=meeting_id, now=now, looked_at="decision")
    item = next(
        (one.item for one in agenda_of(viewer=request.viewer, meeting=found) if one.item.pk == item_id), None
    )
    if item is None:
        raise NotVisible
    seats = seats_of(viewer=request.viewer, meeting=found)
    draft = None
    if request.method == "POST":
        form = DecisionForm(request.POST, seats=seats)
        if form.is_valid():
            try:
                decision_add(
                    viewer=request.viewer,
                    meeting_id=meeting_id,
                    item_id=item_id,
                    words=form.cleaned_data["words"],
                    action=form.action(),
                    now=now,
                )
            except RuleBroken as broken:
                say_on(form, broken)
            else:
                draft_drop(viewer=request.viewer, form=DECISION_DRAFT, about=item_id)
                messages.success(request, "The decision is saved.")
                return redirect("mdt:session", meeting_id)
    else:
        form = DecisionForm(seats=seats)
        draft = draft_back(form, viewer=request.viewer, name=DECISION_DRAFT, about=item_id)
    context = {
        "meeting": found,
        "form": form,
        "title": "Add a decision",
        "lead": f"Item {item.position}, {item.title.lower()}.",
        "act_label": "Save the decision",
        "about": item_id,
        "draft": draft,
        "draft_url": reverse("draft_save", args=[DECISION_DRAFT]),
        "back_url": reverse("mdt:session", args=[meeting_id]),
    }
    return render(request, "mdt/question.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """The end of a meeting: who was there, and when the team meets again. Its clocks move with it."""
    now = clock.now()
    found = access_meeting(viewer=request.viewer, meeting_id=meeting_id, now=now, looked_at="hold")
    policies.require_lead(request.viewer, found.lead_agency_id)
    if not found.is_open:
        return redirect("mdt:meeting", meeting_id)
    seats = seats_of(viewer=request.viewer, meeting=found)
    draft = None
    if request.method == "POST":
        form = HoldForm(request.POST, seats=seats)
        if form.is_valid():
            try:
                meeting_hold(viewer=request.viewer, meeting_id=meeting_id, said=form.said(), now=now)
            except RuleBroken as broken:
                say_on(form, broken)
            else:
                draft_drop(viewer=request.viewer, form=HOLD_DRAFT, about=meeting_id)
                messages.success(request, "The meeting is recorded as held. Each action is with its owner.")
                return redirect("mdt:meeting", meeting_id)
    else:
        form = HoldForm(seats=seats, initial={"held_at": found.starts_at})
        draft = draft_back(form, viewer=request.viewer, name=HOLD_DRAFT, about=meeting_id)
    context = {
        "meeting": found,
        "form": form,
        "gaps": held_gaps(meeting=found, seats=seats),
        "draft": draft,
        "draft_url": reverse("draft_save", args=[HOLD_DRAFT]),
    }
    return render(request, "mdt/hold.html", context)
