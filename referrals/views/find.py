"""Finding a case by name or number."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cseccase import clock
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.forms.find import FindForm
from referrals.selectors.case_file import openable
from referrals.selectors.index import index_search


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: StaffRequest) -> HttpResponse:
    """The search box of every page, and its answers."""
    viewer, now = request.viewer, clock.now()
    policies.require(
        policies.may_work_cases(viewer),
        rule="Only people whose duties lead into case files can search them.",
        opens="A designation by your director, and current training.",
        ask="Ask your agency’s security officer.",
    )
    form = FindForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = index_search(viewer=viewer, name=form.cleaned_data["q"], now=now)
    may_open = openable(viewer=viewer, case_ids=[entry.case_id for entry in found.entries] if found else [])
    context = {
        "form": form,
        "found": found,
        "may_open": may_open,
        "may_open_in_emergency": policies.may_open_in_emergency(viewer),
    }
    return render(request, "referrals/find.html", context)
