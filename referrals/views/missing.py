"""The child is missing; the child was located."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cseccase import clock
from cseccase.drafts.forms import initial_of
from cseccase.drafts.services import draft_drop, draft_of
from cseccase.errors import RuleBroken
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.forms.missing import LocatedForm, MissingForm
from referrals.selectors.case_file import access_case
from referrals.selectors.overview import overview
from referrals.services.missing import child_locate, missing_record
from referrals.views.case import frame

DRAFT = "missing-child"


@require_http_methods(["GET", "HEAD", "POST"])
def missing(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """One page, two duties: the police, and the National Center, which the police do not tell."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="missing")
    _require(viewer)
    form = MissingForm(request.POST or None, initial={"told_at": now})
    draft = draft_of(viewer=viewer, form=DRAFT, about=case_id)
    if draft is not None:
        form.initial.update(initial_of(form, draft.answers))
    if request.method == "POST" and form.is_valid():
        try:
            missing_record(viewer=viewer, case_file=case_file, said=form.said(), now=now)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            draft_drop(viewer=viewer, form=DRAFT, about=case_id)
            messages.success(
                request,
                "Two reports are due at once: the police, and the National Center (NCMEC). Notices follow.",
            )
            return redirect("referrals:case_reports", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    kept = {"draft": DRAFT, "saved_at": draft.saved_at if draft else None}
    return render(request, "referrals/missing.html", frame(request, seen, "") | {"form": form} | kept)


@require_http_methods(["GET", "HEAD", "POST"])
def located(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The child was located. What is still owed stays owed."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="located")
    _require(viewer)
    form = LocatedForm(request.POST or None, initial={"located_at": now})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            child_locate(
                viewer=viewer, case_file=case_file, located_at=data["located_at"], note=data["note"], now=now
            )
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(
                request, "Recorded. Tell the police and the National Center that the child was located."
            )
            return redirect("referrals:case", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    return render(request, "referrals/located.html", frame(request, seen, "") | {"form": form})


def _require(viewer: object) -> None:
    policies.require(
        policies.may_record_missing(viewer),  # type: ignore[arg-type]
        rule="That a child is missing is recorded by the agencies that must report it (Penal Code 11166(j)(3)).",
        opens="Child Welfare or Probation can record it.",
        ask="Call the hotline now.",
    )
