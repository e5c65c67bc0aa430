"""Recording what is tied to no duty, and mending an entry."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cseccase import clock
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.event_words import event_title
from referrals.forms.event import IDENTIFIED, CorrectionForm, EntryForm, HappeningForm
from referrals.recordable import RECORDABLE, offered_to
from referrals.selectors.case_file import access_case
from referrals.selectors.overview import overview
from referrals.selectors.records import entry_to_correct
from referrals.services.entry import child_identify, entry_correct, happening_record, note_record
from referrals.views.case import frame

HAPPENING_ROLES = frozenset().union(*(entry.roles for entry in RECORDABLE.values()))


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """A note, or that the child was identified as a victim."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="record")
    form = EntryForm(
        request.POST or None, may_identify=policies.may_identify(viewer), initial={"occurred_at": now}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if data["kind"] == IDENTIFIED:
                child_identify(
                    viewer=viewer,
                    case_file=case_file,
                    told_at=data["occurred_at"],
                    note=data["note"],
                    now=now,
                )
            else:
                note_record(
                    viewer=viewer,
                    case_file=case_file,
                    occurred_at=data["occurred_at"],
                    note=data["note"],
                    now=now,
                )
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "Recorded.")
            return redirect("referrals:case", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    offered = offered_to(viewer.role) if policies.may_record_happening(viewer, HAPPENING_ROLES) else []
    context = frame(request, seen, "") | {"form": form, "offered": offered}
    return render(request, "referrals/event_record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def happening(request: StaffRequest, case_id: UUID, happening: str) -> HttpResponse:
    """One thing that starts duties: since when the agency knows, and what decides which duties follow."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="record")
    entry = RECORDABLE.get(happening)
    if entry is None or not policies.may_record_happening(viewer, entry.roles):
        raise NotVisible
    initial = {"told_at": now, "to": request.GET.get("to", "")}
    form = HappeningForm(request.POST or None, asks=entry.asks, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            happening_record(
                viewer=viewer,
                case_file=case_file,
                kind=happening,
                told_at=data["told_at"],
                facts=form.facts(),
                note=data["note"],
                now=now,
            )
        except RuleBroken as broken:
            names = {"occurred_at": "told_at", "received_at": "told_at"}
            field = names.get(broken.field or "", broken.field)
            form.add_error(field if field in form.fields else None, broken.message)
        else:
            messages.success(request, "Recorded. What is due now stands among the duties.")
            return redirect("referrals:case", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    context = frame(request, seen, "") | {"form": form, "entry": entry}
    return render(request, "referrals/happening.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: StaffRequest, case_id: UUID, event_id: UUID) -> HttpResponse:
    """A later entry that takes the place of a mistaken one."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="correction")
    entry = entry_to_correct(viewer=viewer, case_file=case_file, event_id=event_id)
    if not policies.may_correct(viewer, entry.agency_id):
        raise NotVisible
    form = CorrectionForm(
        request.POST or None,
        has_receipt=entry.received_at is not None,
        has_reference="mode" in entry.facts,
        initial={
            "occurred_at": entry.occurred_at,
            "received_at": entry.received_at,
            "reference": entry.facts.get("reference", ""),
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        facts = {"reference": data["reference"]} if data.get("reference") else None
        try:
            entry_correct(
                viewer=viewer,
                entry=entry,
                reason=data["reason"],
                now=now,
                occurred_at=form.moved("occurred_at"),
                received_at=form.moved("received_at"),
                facts=facts,
                withdraw=data["withdraw"],
            )
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "Corrected. The clocks follow; the old entry stays readable.")
            return redirect("referrals:case_timeline", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    context = frame(request, seen, "timeline") | {
        "form": form,
        "title": event_title(entry.kind, entry.facts),
        "entry": entry,
    }
    return render(request, "referrals/event_correct.html", context)
