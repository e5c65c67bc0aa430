"""One's own account, and the one-time page on which a person chooses a password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from agencies.forms.reach import CodeForm, DeviceForm, NumberForm
from agencies.forms.session import FirstPasswordForm
from agencies.selectors.people import own_account
from agencies.selectors.reach import own_reach
from agencies.services.people import first_password_set, person_behind_link
from cseccase import clock
from cseccase.requests import StaffRequest


@require_safe
def account(request: StaffRequest) -> HttpResponse:
    """What this person is designated for and trained in, where they are told, and the ways to change how they sign in."""
    return account_page(request)


def account_page(request: StaffRequest, **forms: Form) -> HttpResponse:
    """The page with one of its forms as it was answered: `form` for the summary, and by its own name again."""
    now, viewer = clock.now(), request.viewer
    context = {
        "person": own_account(viewer=viewer, now=now),
        "reach": own_reach(viewer=viewer, now=now),
        "now": now,
        "number_form": NumberForm(),
        "code_form": CodeForm(),
        "device_form": DeviceForm(),
        **forms,
    }
    return render(request, "agencies/account.html", context)


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def first_password(request: StaffRequest, uid: str, token: str) -> HttpResponse:
    """Behind the link of an invitation: the person chooses a password nobody else has seen."""
    person = person_behind_link(uid=uid, token=token)
    form = FirstPasswordForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        first_password_set(person=person, password=form.cleaned_data["password"])
        messages.success(request, "Your password is set. Sign in with it now.")
        return redirect("account_login")
    return render(request, "agencies/first_password.html", {"form": form})
