"""Notes that only their author reads: the list with a form for a new one, and one note with its correction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cseccase import clock
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from cseccase.paging import page_number
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.forms.note import NoteForm
from referrals.selectors.case_file import access_case
from referrals.selectors.note import access_note, note_list
from referrals.selectors.overview import overview
from referrals.services import note as services
from referrals.views.case import frame

WHOSE = {
    "r09": "Process notes of a therapist (Evidence Code 1014; 45 CFR 164.501).",
    "r22": "Privileged talks of a caseworker, counselor or mentor (Evidence Code 1035.4, 1038).",
    "r23": "Counsel’s workspace (Evidence Code 954).",
}


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """My notes in this case; a new one."""
    viewer, now = request.viewer, clock.now()
    case_file = _case(viewer, case_id, now)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.note_write(viewer=viewer, case_file=case_file, now=now, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(broken.field, broken.message)
        else:
            messages.success(request, "Your note is kept. Only you can read it.")
            return redirect("referrals:my_notes", case_id)
    found = note_list(viewer=viewer, case_file=case_file, now=now, page=page_number(request.GET))
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    context = frame(request, seen, "notes") | {
        "found": found,
        "form": form,
        "whose": WHOSE[policies.note_category(viewer)],
        "newer_url": f"?page={found.page - 1}" if found.page > 1 else "",
        "older_url": f"?page={found.page + 1}" if found.has_older else "",
        "now": now,
    }
    return render(request, "referrals/my_notes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: StaffRequest, case_id: UUID, note_id: UUID) -> HttpResponse:
    """One note of mine: what stood there before, and a later note in its place."""
    viewer, now = request.viewer, clock.now()
    case_file = _case(viewer, case_id, now)
    page = access_note(viewer=viewer, case_file=case_file, note_id=note_id, now=now)
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"words": page.note.words})
    if request.method == "POST" and form.is_valid():
        try:
            services.note_correct(
                viewer=viewer, case_file=case_file, note_id=note_id, now=now, **form.cleaned_data
            )
        except RuleBroken as broken:
            form.add_error(broken.field, broken.message)
        else:
            messages.success(request, "The corrected note stands now. The earlier one stays below it.")
            return redirect("referrals:my_notes", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    shown = form if page.is_current or form.is_bound else None
    context = frame(request, seen, "notes") | {"page": page, "form": shown, "now": now}
    return render(request, "referrals/my_note.html", context)


def _case(viewer: Viewer, case_id: UUID, now: datetime) -> Any:
    """The case first, so that a hidden one is absent also to those who keep notes."""
    case_file = access_case(viewer=viewer, case_id=case_id, now=now)
    policies.require_own_notes(viewer)
    return case_file
