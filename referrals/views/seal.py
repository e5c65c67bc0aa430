"""Sealing a part of a file by a court's order, opening what is sealed for a purpose, lifting a seal by another order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.step_up import step_up
from cseccase import clock
from cseccase.errors import RuleBroken
from cseccase.requests import StaffRequest
from referrals.forms.seal import OrderForm, PurposeForm, SealForm
from referrals.selectors.case_file import access_case, openable
from referrals.selectors.overview import overview
from referrals.selectors.seal import seal_found, seal_page
from referrals.selectors.sharing import county_agencies
from referrals.services import seal as services
from referrals.services.paper import PaperLacks
from referrals.views.case import frame

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
CONFIRMED = "confirmed"
SEALING = [
    "Everything recorded in this category so far is treated as not existing, by everybody, also by you.",
    "It is read only by those for whom a lawful purpose is on file, and only until that ends.",
    "It is undone by nothing but another order of a court.",
]
LIFTING = ["Every agency reads these records again as far as the county’s agreement opens them."]


@GET_POST
@step_up
def seal(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The order, then the question whether to carry it out."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="sharing")
    page = seal_page(viewer=viewer, case_file=case_file)
    form = SealForm(request.POST if request.method == "POST" else None, kept=page.kept)
    if request.method == "POST" and form.is_valid():
        if CONFIRMED not in request.POST:
            here = reverse("referrals:seal", args=[case_id])
            return _ask(request, form, "Seal these records?", SEALING, "Seal the records", here)
        try:
            services.section_seal(
                viewer=viewer,
                case_file=case_file,
                category=form.cleaned_data["category"],
                law=form.cleaned_data["law"],
                order=form.order(),
                now=now,
            )
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "The order is carried out.")
            return _back(request, case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    context = frame(request, seen, "sharing") | {"page": page, "form": form}
    return render(request, "referrals/seal.html", context)


@GET_POST
@step_up
def purpose(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """A lawful purpose for what an order seals."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="sharing")
    page = seal_page(viewer=viewer, case_file=case_file)
    form = PurposeForm(
        request.POST if request.method == "POST" else None,
        kept=page.kept,
        agencies=county_agencies(viewer),
        initial={"agency": str(viewer.agency)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.purpose_record(
                viewer=viewer,
                case_file=case_file,
                order_number=form.cleaned_data["order_number"],
                terms=form.terms(now=now, zone=viewer.zone),
                now=now,
            )
        except PaperLacks as lacking:
            for lack in lacking.lacks:
                form.add_error(lack.field if lack.field in form.fields else None, lack.message)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "The purpose is on file.")
            return redirect("referrals:seal", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    return render(request, "referrals/seal_purpose.html", frame(request, seen, "sharing") | {"form": form})


@GET_POST
@step_up
def lift(request: StaffRequest, case_id: UUID, seal_id: UUID) -> HttpResponse:
    """Another order of a court takes a seal off."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="sharing")
    seal_found(viewer=viewer, case_file=case_file, seal_id=seal_id)
    form = OrderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if CONFIRMED not in request.POST:
            here = reverse("referrals:seal_lift", args=[case_id, seal_id])
            return _ask(request, form, "Lift the seal?", LIFTING, "Lift the seal", here)
        try:
            services.seal_lift(
                viewer=viewer, case_file=case_file, seal_id=seal_id, order=form.order(), now=now
            )
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "The seal is lifted.")
            return redirect("referrals:seal", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    return render(request, "referrals/seal_lift.html", frame(request, seen, "sharing") | {"form": form})


def _ask(
    request: StaffRequest, form: Any, title: str, consequences: list[str], act: str, here: str
) -> HttpResponse:
    """The second step: the order once more in words, and what follows."""
    said = [
        f"{field.label.rstrip('?')}: {dict(getattr(field.field, 'choices', ())).get(field.value(), field.value())}"
        for field in form
    ]
    context = {
        "title": title,
        "consequences": [*said, *consequences],
        "carried": form.hidden(),
        "action_url": here,
        "act_label": act,
        "act_name": CONFIRMED,
        "back_url": here,
        "back_label": "Go back",
    }
    return render(request, "referrals/confirm.html", context)


def _back(request: StaffRequest, case_id: UUID) -> HttpResponse:
    viewer = request.viewer
    if openable(viewer=viewer, case_ids=[case_id]):
        return redirect("referrals:case", case_id)
    return redirect("referrals:cases")
