"""Confirming that it is oneself, and getting back a form that had to wait for that."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies.services.session import safe_path
from agencies.step_up import proof_given, proof_record_practice
from cseccase import clock
from cseccase.drafts import kept as forms
from cseccase.errors import NotAllowed, NotVisible, Refusal
from cseccase.requests import StaffRequest

NO_WAY = Refusal(
    rule="This needs a proof that it is you, and your account has no way to give one.",
    opens="A passkey or an authenticator app, set up under “Your account”.",
    ask="Your agency’s security officer can send you a new link.",
)


@require_http_methods(["GET", "POST"])
def confirm(request: StaffRequest) -> HttpResponse:
    """Leads to the second step, and from there back; in the practice county one button stands for it."""
    asked = request.POST if request.method == "POST" else request.GET
    target, file = safe_path(request, asked.get("next", "")) or "/", asked.get("file") == "1"
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    if (
        settings.PRACTICE_SIGN_IN
    ):  # whoever was picked from a list knows no password; a second step they set up counts
        ways = [way for way in ways if way["id"] != "reauthenticate"]
    if request.method == "POST" and not ways and settings.PRACTICE_SIGN_IN:
        proof_record_practice(request, request.user)
    if proof_given(request, now=clock.now()):
        if file:
            messages.info(request, "Thank you. Choose the file once more; it opens now.")
        return redirect(target)
    if ways:
        back = f"{reverse('agencies:confirm')}?{urlencode({'next': target, 'file': '1'})}" if file else target
        return redirect(f"{ways[0]['url']}?{urlencode({'next': back})}")
    if not settings.PRACTICE_SIGN_IN:
        raise NotAllowed(NO_WAY)
    return render(request, "agencies/confirm.html", {"next": target, "file": file})


@require_http_methods(["GET", "POST"])
def kept(request: StaffRequest, kept_id: UUID) -> HttpResponse:
    """A form that was not let through: its author reads it again and sends it, or throws it away."""
    viewer = request.viewer
    try:
        form = forms.form_kept(viewer=viewer, kept_id=kept_id, now=clock.now())
    except NotVisible:
        return redirect("agencies:home")  # somebody else signed in at this screen: nothing waits for them
    if request.method == "POST":
        forms.form_forget(viewer=viewer, kept_id=kept_id)
        messages.success(request, "What you had typed is thrown away. Nothing was sent.")
        return redirect(safe_path(request, form.page) or "agencies:home")
    context = {
        "kept_id": kept_id,
        "kept": form,
        "field": forms.FIELD,
        "shown": [_line(name, values) for name, values in form.answers.items() if any(values)],
        "hidden": [(name, value) for name, values in form.answers.items() for value in values],
    }
    return render(request, "agencies/kept.html", context)


def _line(name: str, values: list[str]) -> dict[str, Any]:
    term = name.rpartition("-")[2].replace("_", " ").strip().capitalize() or name
    return {"term": term, "words": ", ".join(value for value in values if value)}
