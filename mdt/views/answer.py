"""The invitation of one member: when, how, and will you come."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cseccase import clock
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from mdt.choices import Reply
from mdt.forms.plan import ReplyForm
from mdt.selectors.candidates import local_day, tables, unable
from mdt.selectors.meeting import access_meeting, seat_mine
from mdt.services.seats import seat_answer


@require_http_methods(["GET", "HEAD", "POST"])
def rsvp(request: StaffRequest, meeting_id: UUID) -> HttpResponse:
    """The page a message leads to. Anybody of the invited agency may answer for its seat."""
    now = clock.now()
    meeting = access_meeting(viewer=request.viewer, meeting_id=meeting_id, now=now, looked_at="invitation")
    seat = seat_mine(viewer=request.viewer, meeting=meeting)
    if seat is None:
        raise NotVisible
    day = local_day(max(meeting.starts_at, now), request.viewer.zone)
    form = ReplyForm(
        request.POST or None,
        table=next(iter(tables(viewer=request.viewer, on=day, now=now, agency=request.viewer.agency)), None),
        initial={
            "reply": "" if seat.reply == Reply.NONE else seat.reply,
            "person": str(seat.person_id or ""),
            "note": seat.reply_note,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            seat_answer(
                viewer=request.viewer,
                meeting_id=meeting_id,
                reply=Reply(form.cleaned_data["reply"]),
                note=form.cleaned_data["note"],
                person=form.person_named(),
                now=now,
            )
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "Your answer is sent.")
            return redirect("mdt:meeting", meeting_id)
    context = {
        "meeting": meeting,
        "seat": seat,
        "is_mine": seat.person_id == request.viewer.person,
        "obstacle": "".join(
            unable(seats=[seat], on_moment=max(meeting.starts_at, now), zone=request.viewer.zone).values()
        ),
        "form": form,
        "now": now,
    }
    return render(request, "mdt/answer.html", context)
