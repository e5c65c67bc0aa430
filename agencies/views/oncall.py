"""Who is on call: the county's agencies now, and one's own agency's roster."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from agencies.forms.oncall import HandOverForm, PatternForm, ShiftForm
from agencies.policies import MAY_NOT_ROSTER, may_write_roster
from agencies.selectors.oncall import (
    access_shift,
    on_call_now,
    people_to_choose,
    roster_week,
    shift_to_hand_over,
)
from agencies.services import oncall as service
from agencies.views.person_acts import attempt
from cseccase import clock
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, RuleBroken
from cseccase.paging import page_number
from cseccase.requests import StaffRequest
from cseccase.wording import counted_words, day_time_words

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def on_call(request: StaffRequest) -> HttpResponse:
    """Whom do I call? Every agency of the county with who answers for it at this moment."""
    viewer = request.viewer
    now, page = clock.now(), page_number(request.GET)
    lines, has_more = on_call_now(viewer=viewer, now=now, page=page)
    context = {
        "lines": lines,
        "now": now,
        "newer_url": f"?page={page - 1}" if page > 1 else "",
        "older_url": f"?page={page + 1}" if has_more else "",
    }
    return render(request, "agencies/on_call.html", context)


@require_safe
def roster(request: StaffRequest) -> HttpResponse:
    """One week of one's own agency's roster, gaps included."""
    viewer = request.viewer
    now = clock.now()
    week = roster_week(viewer=viewer, day=_day(request, viewer, now), now=now)
    return render(request, "agencies/roster.html", {"week": week, "now": now})


def _day(request: StaffRequest, viewer: Viewer, now: Any) -> date:
    """The day the address asks for; anything that is none, or far away, is today."""
    today: date = now.astimezone(ZoneInfo(viewer.zone)).date()
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return today
    return asked if abs((asked - today).days) < 3660 else today


@GET_POST
def shift_add(request: StaffRequest) -> HttpResponse:
    """Puts one person on call."""
    viewer, now = _writer(request), clock.now()
    form = ShiftForm(request.POST or None, people=people_to_choose(viewer=viewer))
    if request.method == "POST" and attempt(
        form, lambda _: service.shift_add(viewer=viewer, now=now, **form.said())
    ):
        messages.success(request, "Written. The person is told.")
        return redirect("agencies:roster")
    return _page(request, form, "Add a shift", "Hours are the county’s own.", "Add the shift")


@GET_POST
def roster_fill(request: StaffRequest) -> HttpResponse:
    """Writes a weekly pattern for several weeks at once."""
    viewer, now = _writer(request), clock.now()
    today = now.astimezone(ZoneInfo(viewer.zone)).date()
    form = PatternForm(
        request.POST or None, people=people_to_choose(viewer=viewer), initial={"first_day": today, "weeks": 4}
    )
    written: list[int] = []
    if request.method == "POST" and attempt(
        form, lambda _: written.append(service.roster_fill(viewer=viewer, said=form.said(), now=now))
    ):
        messages.success(request, f"{counted_words(written[0], 'shift', 'shifts')} written.")
        return redirect("agencies:roster")
    lead = "The same hours on the days you choose. If any of them is taken already, nothing is written."
    return _page(request, form, "Fill several weeks", lead, "Write the shifts")


@GET_POST
def hand_over(request: StaffRequest, shift_id: UUID) -> HttpResponse:
    """Gives a shift, or the rest of it, to a colleague."""
    viewer = request.viewer
    now = clock.now()
    shift = shift_to_hand_over(viewer=viewer, shift_id=shift_id)
    people = [one for one in people_to_choose(viewer=viewer) if one[0] != str(shift.person_id)]
    form = HandOverForm(request.POST or None, people=people)

    def act(said: dict[str, Any]) -> None:
        service.shift_hand_over(viewer=viewer, shift_id=shift_id, to=UUID(said["person"]), now=now)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, "Handed over. Both of you are told.")
        return redirect("agencies:roster")
    zone = ZoneInfo(viewer.zone)
    lead = (
        f"{day_time_words(shift.starts_at, zone)} until {day_time_words(shift.ends_at, zone)}, "
        f"{shift.person.full_name}. What has passed stays on record."
    )
    return _page(request, form, "Hand this shift over", lead, "Hand it over")


@GET_POST
def shift_remove(request: StaffRequest, shift_id: UUID) -> HttpResponse:
    """Takes out a shift that has not begun."""
    viewer, now = _writer(request), clock.now()
    shift, zone = access_shift(viewer=viewer, shift_id=shift_id), ZoneInfo(viewer.zone)
    if request.method == "POST":
        try:
            service.shift_remove(viewer=viewer, shift_id=shift_id, now=now)
        except RuleBroken as broken:
            messages.error(request, broken.message)
        else:
            messages.success(request, "Taken out. The person is told.")
        return redirect("agencies:roster")
    lead = (
        f"{day_time_words(shift.starts_at, zone)} until {day_time_words(shift.ends_at, zone)}, "
        f"{shift.person.full_name}. Unless somebody else is written down, nobody is on call then, "
        "and supervisors are called."
    )
    return _page(request, None, "Take this shift out?", lead, "Take it out")


def _writer(request: StaffRequest) -> Viewer:
    viewer = request.viewer
    if not may_write_roster(viewer):
        raise NotAllowed(MAY_NOT_ROSTER)
    return viewer


def _page(request: StaffRequest, form: Any, title: str, lead: str, act_label: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "action_url": request.path,
        "act_label": act_label,
        "back_url": reverse("agencies:roster"),
    }
    return render(request, "agencies/on_call_act.html", context)
