"""Restricting a case file to named people, and ending the restriction: a supervisor's pages."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.step_up import step_up
from cseccase import clock
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from referrals.forms.restriction import RestrictionEndForm, RestrictionForm
from referrals.selectors.case_file import access_case, openable
from referrals.selectors.overview import overview
from referrals.selectors.restriction import restriction_page
from referrals.services import restriction as services
from referrals.views.case import frame


@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def restriction(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Whom the file is open to, where it is restricted; restricting it, or naming other people."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="restriction")
    page = restriction_page(viewer=viewer, case_file=case_file, now=now)
    form = RestrictionForm(
        request.POST if request.method == "POST" else None,
        initial={"emails": "\n".join(person.email for person in page.people)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.restriction_set(viewer=viewer, case_file=case_file, now=now, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "The file is open to the people you named, and to nobody else.")
            return _back(request, case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    context = frame(request, seen, "sharing") | {"page": page, "form": form, "now": now}
    return render(request, "referrals/restriction.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def end(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The agencies of the file see again what the agreement opens to them."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="restriction")
    page = restriction_page(viewer=viewer, case_file=case_file, now=now)
    if page.current is None:
        raise NotVisible
    form = RestrictionEndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.restriction_end(viewer=viewer, case_file=case_file, now=now, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "The restriction has ended.")
            return redirect("referrals:case_sharing", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    return render(request, "referrals/restriction_end.html", frame(request, seen, "sharing") | {"form": form})


def _back(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """To the page again; whoever did not name themselves has no page there any more."""
    viewer = request.viewer
    if openable(viewer=viewer, case_ids=[case_id]):
        return redirect("referrals:restriction", case_id)
    return redirect("referrals:cases")
