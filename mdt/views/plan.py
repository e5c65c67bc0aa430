"""Planning a team meeting: its page, its day, its seats and the child's side."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cseccase import clock
from cseccase.drafts.services import draft_drop
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from mdt import policies
from mdt.choices import Mode, State
from mdt.forms.plan import CancelForm, ChildForm, ScheduleForm, SeatForm, WhenForm
from mdt.selectors.candidates import local_day, tables
from mdt.selectors.invitation import is_over_for
from mdt.selectors.meeting import access_meeting, seats_of
from mdt.selectors.plan import plan_page
from mdt.services.child import child_record
from mdt.services.meeting import meeting_cancel, meeting_move, meeting_schedule
from mdt.services.seats import seat_give, seat_remove
from mdt.tiers import STATUTORY_SEATS
from mdt.views.forms import draft_back, say_on
from mdt.views.session import record_page
from referrals.selectors.case_file import access_case, child_of

SCHEDULE_DRAFT, CHILD_DRAFT = "meeting-plan", "meeting-child"


@require_GET
def meeting(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """A planned meeting with its gaps first; one that was held, as it was; a cancelled one, with the reason.

    Somebody whose invitation no longer holds learns that, and nothing else.
    """
    now = clock.now()
    if is_over_for(viewer=request.viewer, meeting_id=meeting_id):
        return render(request, "mdt/over.html", {"meeting_id": meeting_id})
    found = access_meeting(viewer=request.viewer, meeting_id=meeting_id, now=now)
    if found.state == State.HELD:
        return record_page(request, found, now)
    if found.state == State.CANCELLED:
        return render(request, "mdt/cancelled.html", {"meeting": found, "now": now})
    return render(
        request,
        "mdt/plan.html",
        {"page": plan_page(viewer=request.viewer, meeting=found, now=now), "now": now},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """A new meeting about one child: when and how, and who is invited."""
    now = clock.now()
    case_file = access_case(viewer=request.viewer, case_id=case_id, now=now, looked_at="plan a meeting")
    policies.require_plan(request.viewer)
    known = tables(viewer=request.viewer, on=local_day(now, request.viewer.zone), now=now)
    asked: dict[str, Any] = {"tables": known, "asked": STATUTORY_SEATS, "me": request.viewer.person}
    draft = None
    if request.method == "POST":
        form = ScheduleForm(request.POST, **asked)
        if form.is_valid():
            try:
                made = meeting_schedule(
                    viewer=request.viewer, case_id=case_id, said=form.said(), seats=form.seats(), now=now
                )
            except RuleBroken as broken:
                say_on(form, broken)
            else:
                draft_drop(viewer=request.viewer, form=SCHEDULE_DRAFT, about=case_id)
                messages.success(request, "The meeting is planned, and everybody named is invited.")
                return redirect("mdt:meeting", made.pk)
    else:
        form = ScheduleForm(**asked)
        draft = draft_back(form, viewer=request.viewer, name=SCHEDULE_DRAFT, about=case_id)
    found = child_of(viewer=request.viewer, case_file=case_file)
    context = {
        "case_file": case_file,
        "name": found.initials if found else case_file.number,
        "form": form,
        "draft": draft,
        "draft_url": reverse("draft_save", args=[SCHEDULE_DRAFT]),
    }
    return render(request, "mdt/schedule.html", context)


def _led(request: StaffRequest, meeting_id: UUID, page: str) -> Any:
    """A planned meeting that the viewer's agency leads."""
    found = access_meeting(viewer=request.viewer, meeting_id=meeting_id, now=clock.now(), looked_at=page)
    policies.require_lead(request.viewer, found.lead_agency_id)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Another day, way or place; everybody is asked again."""
    found = _led(request, meeting_id, "change")
    minutes = (found.ends_at - found.starts_at) // timedelta(minutes=1)
    names = ("kind", "reason", "mode", "not_in_person_reason", "place", "starts_at")
    form = WhenForm(
        request.POST or None, initial={"minutes": minutes, **{name: getattr(found, name) for name in names}}
    )
    if request.method == "POST" and form.is_valid():
        said = form.said(found.person_with_child_id)
        try:
            meeting_move(viewer=request.viewer, meeting_id=meeting_id, said=said, now=clock.now())
        except RuleBroken as broken:
            say_on(form, broken)
        else:
            messages.success(request, "The meeting is changed, and everybody invited is told.")
            return redirect("mdt:meeting", meeting_id)
    context = {
        "title": "Change the meeting",
        "lead": "Everybody invited is asked again. The new calendar file takes the place of the old one.",
        "act_label": "Change the meeting",
    }
    return _question(request, found, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """Calls the meeting off."""
    _led(request, meeting_id, "cancel")
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            meeting_cancel(viewer=request.viewer, meeting_id=meeting_id, reason=reason, now=clock.now())
        except RuleBroken as broken:
            say_on(form, broken)
        else:
            messages.success(request, "The meeting is cancelled, and everybody invited is told.")
            return redirect("mdt:meeting", meeting_id)
    context = {
        "title": "Cancel this meeting?",
        "consequences": [
            "Everybody invited is told, and what their seats opened closes at once.",
            "The clock runs on: only a meeting that was held stops it.",
            "It cannot be taken back. You can plan a new one.",
        ],
        "form": form,
        "act_label": "Cancel the meeting",
    }
    return _confirm(request, meeting_id, context)


@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: StaffRequest, meeting_id: UUID, agency_id: UUID) -> HttpResponse:
    """Who comes for one agency: those who can, to choose from, and those who cannot yet, with the reason."""
    found, now = _led(request, meeting_id, "seat"), clock.now()
    day = local_day(max(found.starts_at, now), request.viewer.zone)
    table = next(iter(tables(viewer=request.viewer, on=day, now=now, agency=agency_id)), None)
    if table is None:
        raise NotVisible
    taken = next(
        (s for s in seats_of(viewer=request.viewer, meeting=found) if s.agency_id == agency_id), None
    )
    form = SeatForm(request.POST or None, table=table)
    if taken is not None:
        form.initial = {form.seat_name: str(taken.person_id or "any"), form.why_name: taken.deemed_reason}
    if request.method == "POST" and form.is_valid():
        try:
            seat_give(viewer=request.viewer, meeting_id=meeting_id, said=form.said(), now=now)
        except RuleBroken as broken:
            say_on(form, broken)
        else:
            messages.success(request, f"{table.agency.short_name} is invited.")
            return redirect("mdt:meeting", meeting_id)
    context = {"meeting": found, "table": table, "taken": taken, "form": form}
    return render(request, "mdt/seat.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def seat_end(request: StaffRequest, meeting_id: UUID, agency_id: UUID) -> HttpResponse:
    """Takes a seat back, after asking."""
    found = _led(request, meeting_id, "seat")
    taken = next(
        (s for s in seats_of(viewer=request.viewer, meeting=found) if s.agency_id == agency_id), None
    )
    if taken is None:
        raise NotVisible
    if request.method == "POST":
        try:
            seat_remove(viewer=request.viewer, meeting_id=meeting_id, agency_id=agency_id, now=clock.now())
        except RuleBroken as broken:
            messages.error(request, broken.message)
        else:
            messages.success(request, "The seat is taken back. What it opened is closed.")
        return redirect("mdt:meeting", meeting_id)
    context = {
        "title": f"Take back the seat of {taken.agency.short_name}?",
        "consequences": [
            "What the agency sees through this seat closes at once, the minutes included.",
            "Tasks it took on at this meeting stay with Child Welfare to follow.",
        ],
        "act_label": "Take the seat back",
    }
    return _confirm(request, meeting_id, context)


@require_http_methods(["GET", "HEAD", "POST"])
def child(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """What the child was told, asked and answered, and who is beside the child."""
    found = _led(request, meeting_id, "child")
    seats = seats_of(viewer=request.viewer, meeting=found)
    members = [(s.person_id, f"{s.person}, {s.agency.short_name}") for s in seats if s.person_id is not None]
    said: dict[str, Any] = {"members": members, "from_afar": found.mode != Mode.IN_PERSON}
    draft = None
    if request.method == "POST":
        form = ChildForm(request.POST, **said)
        if form.is_valid():
            try:
                child_record(viewer=request.viewer, meeting_id=meeting_id, said=form.said(), now=clock.now())
            except RuleBroken as broken:
                say_on(form, broken)
            else:
                draft_drop(viewer=request.viewer, form=CHILD_DRAFT, about=meeting_id)
                messages.success(request, "The child’s side is saved.")
                return redirect("mdt:meeting", meeting_id)
    else:
        form = ChildForm(initial=_child_stands(found), **said)
        draft = draft_back(form, viewer=request.viewer, name=CHILD_DRAFT, about=meeting_id)
    context = {
        "title": "The child’s side",
        "lead": "The child is asked, not assumed. Leave open what you do not know yet; nothing here is sent to anybody.",
        "act_label": "Save",
        "about": meeting_id,
        "draft": draft,
        "draft_url": reverse("draft_save", args=[CHILD_DRAFT]),
    }
    return _question(request, found, form, context)


def _child_stands(found: Any) -> dict[str, Any]:
    names = ("briefing", "briefed_at", "briefing_version", "briefing_language", "briefing_note")
    stands = {name: getattr(found, name) for name in names}
    return stands | {
        "wish": found.child_wish,
        "wish_note": found.child_wish_note,
        "part": found.child_part,
        "part_note": found.child_part_note,
        "person_with_child": str(found.person_with_child_id or ""),
    }


def _question(request: StaffRequest, found: Any, form: forms.Form, context: dict[str, Any]) -> HttpResponse:
    return render(request, "mdt/question.html", {"meeting": found, "form": form, **context})


def _confirm(request: StaffRequest, meeting_id: UUID, context: dict[str, Any]) -> HttpResponse:
    back = reverse("mdt:meeting", args=[meeting_id])
    return render(request, "mdt/confirm.html", {"back_url": back, "action_url": request.path, **context})
