"""Choosing on one's account page where to be told."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from agencies.forms.reach import CodeForm, DeviceForm, NumberForm
from agencies.services import reach
from agencies.views.account import account_page
from cseccase import clock
from cseccase.errors import RuleBroken
from cseccase.outbox.webpush import Subscription
from cseccase.requests import StaffRequest

NEW_CODE = "This code holds no longer. Choose “Start again”, and we send you another."


@sensitive_post_parameters()
@require_POST
def number_ask(request: StaffRequest) -> HttpResponse:
    """Has a code sent to a number."""
    form = NumberForm(request.POST)
    if form.is_valid():
        try:
            reach.number_ask(
                viewer=request.viewer,
                number=form.cleaned_data["number"],
                now=clock.now(),
            )
        except RuleBroken as refused:
            form.add_error("number", refused.message)
        else:
            messages.success(
                request, "A code is on its way to your telephone. Write it below within 15 minutes."
            )
            return redirect("agencies:account")
    return account_page(request, form=form, number_form=form)


@sensitive_post_parameters()
@require_POST
def number_confirm(request: StaffRequest) -> HttpResponse:
    """Answers the code."""
    form = CodeForm(request.POST)
    if form.is_valid():
        viewer, code = request.viewer, form.cleaned_data["code"]
        answer = reach.number_confirm(viewer=viewer, code=code, now=clock.now())
        if answer.right:
            messages.success(request, "Text messages now go to this number.")
            return redirect("agencies:account")
        left = f"That is not the code. Tries left: {answer.tries_left}."
        form.add_error("code", left if answer.tries_left else NEW_CODE)
    return account_page(request, form=form, code_form=form)


@require_POST
def number_remove(request: StaffRequest, number_id: UUID) -> HttpResponse:
    """Takes a number back."""
    reach.number_remove(viewer=request.viewer, number_id=number_id)
    messages.success(request, "The number is removed.")
    return redirect("agencies:account")


@sensitive_post_parameters()
@require_POST
def device_add(request: StaffRequest) -> HttpResponse:
    """Has this browser show notices."""
    form = DeviceForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            reach.device_add(
                viewer=request.viewer,
                browser=Subscription(said["endpoint"], said["p256dh"], said["auth"]),
                name=said["name"],
                now=clock.now(),
            )
        except RuleBroken as refused:
            form.add_error("name", refused.message)
        else:
            messages.success(request, "This device now shows that something needs you.")
            return redirect("agencies:account")
    return account_page(request, form=form, device_form=form)


@require_POST
def device_remove(request: StaffRequest, device_id: UUID) -> HttpResponse:
    """Ends the notices on one device."""
    reach.device_remove(viewer=request.viewer, device_id=device_id)
    messages.success(request, "The device is removed.")
    return redirect("agencies:account")
