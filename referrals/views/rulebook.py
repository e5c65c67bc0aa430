"""The county's deadlines: the register with its law, what county counsel asks for beyond it, and the second signature."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from agencies.forms.rules import DecideForm
from agencies.policies import MAY_NOT_DECIDE, MAY_NOT_PROPOSE
from agencies.step_up import step_up
from cseccase import clock
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from referrals.deadlines.calendar import unit_of
from referrals.deadlines.rules import RuleError
from referrals.duty_words import limit_words
from referrals.forms.rulebook import LimitForm, ReadingsForm, SubmitForm
from referrals.selectors.rulebook import PARTS, RegisterPage, register_page, rule_to_set
from referrals.services import rulebook as services

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _shown(request: StaffRequest) -> tuple[Viewer, RegisterPage, datetime]:
    viewer, now = request.viewer, clock.now()
    return viewer, register_page(viewer=viewer, now=now, part=request.GET.get("part", "A")), now


@require_safe
def register(request: StaffRequest) -> HttpResponse:
    """One part of the register: each duty with its law or practice and its limit here."""
    _, page, now = _shown(request)
    context = {"page": page, "parts": PARTS.items(), "now": now}
    return render(request, "referrals/deadline_rules.html", context)


def _form_page(
    request: StaffRequest, form: forms.Form | None, *, title: str, lead: str, act_label: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "act_label": act_label,
        "action_url": request.path,
        "back_url": reverse("referrals:deadline_rules"),
    }
    return render(request, "referrals/deadline_rules_act.html", context)


def _try(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except RuleBroken as broken:
        form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        return False
    return True


def _to_write(request: StaffRequest) -> tuple[Viewer, RegisterPage, datetime]:
    viewer, page, now = _shown(request)
    if not page.may_propose:
        raise NotAllowed(MAY_NOT_PROPOSE)
    return viewer, page, now


@GET_POST
def limit(request: StaffRequest, rule_id: str) -> HttpResponse:
    """Another limit for one duty, written into the proposal."""
    viewer, page, now = _to_write(request)
    try:
        rule = rule_to_set(page, rule_id)
    except RuleError as unknown:
        raise NotVisible from unknown
    initial = {"count": rule.within.count, "unit": unit_of(rule.within)}
    form = LimitForm(request.POST or None, initial=initial)

    def act(said: dict[str, Any]) -> None:
        services.limit_propose(
            viewer=viewer, rule_id=rule_id, unit=said["unit"], count=said["count"], now=now
        )

    if request.method == "POST" and _try(form, act):
        messages.success(request, "Written down. Nothing changes until a second person signs.")
        return redirect(f"{reverse('referrals:deadline_rules')}?part={rule.register[0]}")
    return _form_page(
        request,
        form,
        title=rule.title,
        lead=f"{rule.register}. {rule.citation}: {limit_words(rule)}. {rule.exceptions}".strip(),
        act_label="Write it down",
    )


@GET_POST
def readings(request: StaffRequest) -> HttpResponse:
    """How the county reads the rows of the law that can be read in two ways."""
    viewer, page, now = _to_write(request)
    reads = {
        line.reading.id: line.reads if line.proposed is None else line.proposed for line in page.readings
    }
    form = ReadingsForm(request.POST or None, reads=reads)

    def act(said: dict[str, Any]) -> None:
        services.readings_propose(viewer=viewer, readings=form.readings(), now=now)

    if request.method == "POST" and _try(form, act):
        messages.success(request, "Written down. Nothing changes until a second person signs.")
        return redirect("referrals:deadline_rules")
    return _form_page(
        request,
        form,
        title="How this county reads the law",
        lead="Each of these can be read in two ways. The answer decides who is reported, from the day it begins.",
        act_label="Write it down",
    )


@GET_POST
def submit(request: StaffRequest) -> HttpResponse:
    """Hands the changes to a second person."""
    viewer, page, now = _to_write(request)
    if page.proposal is None:
        raise NotVisible
    form = SubmitForm(request.POST or None)

    def act(said: dict[str, Any]) -> None:
        services.rulebook_submit(
            viewer=viewer,
            reason=said["reason"],
            effective_at=_midnight(said["effective_on"], viewer),
            now=now,
        )

    if request.method == "POST" and _try(form, act):
        messages.success(request, "The changes wait for a second person.")
        return redirect("referrals:deadline_rules")
    return _form_page(
        request,
        form,
        title="Submit the changes of the deadlines",
        lead="A second person reads each change and its law, and signs or sends it back. Clocks that run keep their rule.",
        act_label="Submit the changes",
    )


@GET_POST
def withdraw(request: StaffRequest) -> HttpResponse:
    """Takes back one's own changes."""
    viewer, page, now = _shown(request)
    if page.proposal is None or not page.is_mine:
        raise NotVisible
    if request.method == "POST":
        services.rulebook_withdraw(viewer=viewer, now=now)
        messages.success(request, "The changes are withdrawn.")
        return redirect("referrals:deadline_rules")
    return _form_page(
        request,
        None,
        title="Withdraw the changes of the deadlines?",
        lead="The deadlines stay as they are.",
        act_label="Withdraw them",
    )


@GET_POST
@step_up
def decide(request: StaffRequest) -> HttpResponse:
    """The second person signs, or sends back with words."""
    viewer, page, now = _shown(request)
    if not page.may_decide:
        raise NotAllowed(MAY_NOT_DECIDE)
    form = DecideForm(request.POST or None)

    def act(said: dict[str, Any]) -> None:
        services.rulebook_decide(
            viewer=viewer, approve=said["approve"] == "yes", decision=said["decision"], now=now
        )

    if request.method == "POST" and _try(form, act):
        signed = form.cleaned_data["approve"] == "yes"
        messages.success(request, "The deadlines are signed." if signed else "They are sent back.")
        return redirect("referrals:deadline_rules")
    return _form_page(
        request,
        form,
        title="Sign the changes of the deadlines",
        lead=f"{page.proposed_words} Reason: {page.proposal.reason if page.proposal else ''}",
        act_label="Decide",
    )


def _midnight(day: date | None, viewer: Viewer) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(viewer.zone)) if day else None
