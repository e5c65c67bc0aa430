"""Changing the sharing rules: proposals, the second person's decision, versions and what lies between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.disclosure.categories import CATEGORY_NAMES, ROLE_NAMES
from agencies.forms.rules import ACCESS_WORDS, CellForm, DecideForm, ProposeForm, SubmitForm, WhichCellForm
from agencies.policies import MAY_NOT_PROPOSE, NOT_THE_PROPOSER, TWO_PEOPLE, may_propose_rules
from agencies.selectors.rules import ProposalPage, access_proposal, rules_page, versions_compare
from agencies.services import proposal as services
from agencies.step_up import step_up
from cseccase import clock
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, RuleBroken
from cseccase.requests import StaffRequest

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _viewer(request: StaffRequest) -> Viewer:
    viewer = request.viewer
    return viewer


def _number(request: StaffRequest, name: str) -> int | None:
    said = request.GET.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 7 else None  # digits


def _pages(request: StaffRequest, page: int, *, has_older: bool) -> dict[str, str]:
    said = {key: value for key, value in request.GET.items() if key != "page"}

    def url(number: int) -> str:
        return f"{request.path}?{urlencode({**said, 'page': number})}"

    return {"newer_url": url(page - 1) if page > 1 else "", "older_url": url(page + 1) if has_older else ""}


def _try(form: forms.Form, act: Callable[[dict[str, Any]], None]) -> bool:
    """Does the act with what was written; a broken rule goes onto the form, which keeps every answer."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except RuleBroken as broken:
        form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        return False
    return True


def _form_page(request: StaffRequest, **context: Any) -> HttpResponse:
    return render(request, "agencies/rules_act.html", context)


@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    """Proposals and signed versions, newest first."""
    now = clock.now()
    shown = rules_page(viewer=_viewer(request), now=now, page=_number(request, "page") or 1)
    context = {"page": shown, "now": now, **_pages(request, shown.page, has_older=shown.has_older)}
    return render(request, "agencies/rules.html", context)


@require_safe
def compare(request: StaffRequest) -> HttpResponse:
    """What lies between two versions."""
    shown = versions_compare(
        viewer=_viewer(request),
        older=_number(request, "from"),
        newer=_number(request, "to"),
        page=_number(request, "page") or 1,
    )
    pages = _pages(request, shown.page, has_older=shown.has_older) if shown else {}
    return render(request, "agencies/rules_compare.html", {"page": shown, **pages})


@GET_POST
def propose(request: StaffRequest) -> HttpResponse:
    """Opens a proposal, empty or with the cells of one that was sent back."""
    viewer = _viewer(request)
    if not may_propose_rules(viewer):
        raise NotAllowed(MAY_NOT_PROPOSE)
    form = ProposeForm(request.POST or None, initial={"take_over": request.GET.get("from", "")})
    made: list[UUID] = []

    def act(said: dict[str, Any]) -> None:
        made.append(services.proposal_open(viewer=viewer, now=clock.now(), **said).pk)

    if request.method == "POST" and _try(form, act):
        messages.success(request, "The proposal is open. Nothing changes until a second person approves it.")
        return redirect("agencies:proposal", made[0])
    return _form_page(
        request,
        form=form,
        title="Propose a change of the sharing rules",
        lead="You write down each change with its reason. A second person reads it and signs the next version.",
        action_url=reverse("agencies:propose"),
        act_label="Open the proposal",
        back_url=reverse("agencies:rules"),
    )


@require_safe
def proposal(request: StaffRequest, proposal_id: UUID) -> HttpResponse:
    """One proposal with its differences, and what the viewer may do with it."""
    shown = access_proposal(viewer=_viewer(request), proposal_id=proposal_id)
    return render(request, "agencies/proposal.html", {"page": shown, "now": clock.now()})


def _to_edit(request: StaffRequest, proposal_id: UUID) -> ProposalPage:
    """The proposal of somebody who may change it; refused before anybody fills in a form."""
    shown = access_proposal(viewer=_viewer(request), proposal_id=proposal_id)
    if not may_propose_rules(_viewer(request)):
        raise NotAllowed(MAY_NOT_PROPOSE)
    if not shown.may_withdraw:
        raise NotAllowed(NOT_THE_PROPOSER)
    return shown


@GET_POST
def cell(request: StaffRequest, proposal_id: UUID) -> HttpResponse:
    """One change: first which cell and how much, then the ground and the reason."""
    shown = _to_edit(request, proposal_id)
    here, back = (reverse(f"agencies:{name}", args=[proposal_id]) for name in ("proposal_cell", "proposal"))
    sent = request.GET if {"sent", "access"} & request.GET.keys() else None
    asked = WhichCellForm(sent, initial=request.GET.dict())
    if not asked.is_valid():
        return _form_page(
            request,
            form=asked,
            method="get",
            title="Change a rule",
            lead=f"Proposal {shown.line.number}: choose what one agency may see of one kind of record.",
            action_url=here,
            act_label="Go on to the ground",
            back_url=back,
        )
    which = asked.cleaned_data
    form = CellForm(request.POST or None, category=which["category"], access=which["access"])

    def act(said: dict[str, Any]) -> None:
        services.cell_propose(
            viewer=_viewer(request), proposal_id=proposal_id, now=clock.now(), **which, **said
        )

    if request.method == "POST" and _try(form, act):
        messages.success(request, "The change stands in the proposal.")
        return redirect("agencies:proposal", proposal_id)
    words = dict(ACCESS_WORDS)[which["access"]]
    return _form_page(
        request,
        form=form,
        title="The ground and the reason",
        lead=f"{ROLE_NAMES[which['role']]}, {CATEGORY_NAMES[which['category']]}: {words}.",
        action_url=f"{here}?{urlencode(which)}",
        act_label="Put it into the proposal",
        back_url=f"{here}?{urlencode({'category': which['category'], 'role': which['role']})}",
    )


@require_POST
def drop(request: StaffRequest, proposal_id: UUID) -> HttpResponse:
    """Takes one change out."""
    services.cell_drop(
        viewer=_viewer(request),
        proposal_id=proposal_id,
        category=request.POST.get("category", ""),
        role=request.POST.get("role", ""),
        now=clock.now(),
    )
    messages.success(request, "The change is taken out of the proposal.")
    return redirect("agencies:proposal", proposal_id)


def _midnight(day: date | None, viewer: Viewer) -> datetime | None:
    """The first moment of a day in the county, whatever its clocks do that night."""
    return None if day is None else datetime.combine(day, time(0), tzinfo=ZoneInfo(viewer.zone))


@GET_POST
def submit(request: StaffRequest, proposal_id: UUID) -> HttpResponse:
    """Hands the proposal to a second person, with the day on which it is to begin."""
    shown, viewer, now = _to_edit(request, proposal_id), _viewer(request), clock.now()
    form = SubmitForm(request.POST or None)

    def act(said: dict[str, Any]) -> None:
        services.proposal_submit(
            viewer=viewer,
            proposal_id=proposal_id,
            effective_at=_midnight(said["effective_on"], viewer),
            now=now,
        )

    if request.method == "POST" and _try(form, act):
        messages.success(request, "The proposal waits for a second person.")
        return redirect("agencies:proposal", proposal_id)
    return _form_page(
        request,
        form=form,
        title=f"Submit proposal {shown.line.number}",
        lead="A second person reads every change and its reason, and signs or sends it back.",
        action_url=reverse("agencies:proposal_submit", args=[proposal_id]),
        act_label="Submit the proposal",
        back_url=reverse("agencies:proposal", args=[proposal_id]),
    )


@GET_POST
def withdraw(request: StaffRequest, proposal_id: UUID) -> HttpResponse:
    """Takes back one's own proposal."""
    shown = _to_edit(request, proposal_id)
    if request.method == "POST":
        services.proposal_withdraw(viewer=_viewer(request), proposal_id=proposal_id, now=clock.now())
        messages.success(request, "The proposal is withdrawn.")
        return redirect("agencies:rules")
    return _form_page(
        request,
        title=f"Withdraw proposal {shown.line.number}?",
        lead="It stays in the list. You can take its changes over into a new one.",
        action_url=reverse("agencies:proposal_withdraw", args=[proposal_id]),
        act_label="Withdraw it",
        back_url=reverse("agencies:proposal", args=[proposal_id]),
    )


@GET_POST
@step_up
def decide(request: StaffRequest, proposal_id: UUID) -> HttpResponse:
    """The second person reads the same differences, and approves or sends back."""
    shown, now = access_proposal(viewer=_viewer(request), proposal_id=proposal_id), clock.now()
    if shown.may_withdraw or shown.waits_for is not None:
        raise NotAllowed(TWO_PEOPLE)
    form = DecideForm(request.POST or None)
    decided: list[Any] = []

    def act(said: dict[str, Any]) -> None:
        approve = said["approve"] == "yes"
        decided.append(
            services.proposal_decide(
                viewer=_viewer(request),
                proposal_id=proposal_id,
                approve=approve,
                decision=said["decision"],
                now=now,
            )
        )

    if request.method == "POST" and _try(form, act):
        signed = decided[0].signed
        messages.success(request, f"Version {signed.number} is signed." if signed else "It is sent back.")
        return redirect("agencies:proposal", proposal_id)
    context = {"page": shown, "form": form, "now": now, "decides": True}
    return render(request, "agencies/proposal.html", context)
