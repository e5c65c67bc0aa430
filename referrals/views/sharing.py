"""Who takes part, who may see what and why, and the papers on file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cseccase import clock
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from referrals import policies
from referrals.choices import PartyKind
from referrals.forms.sharing import PartyForm
from referrals.selectors.case_file import access_case
from referrals.selectors.overview import overview
from referrals.selectors.paper import paper_choices
from referrals.selectors.sharing import sharing_page
from referrals.services import party as services
from referrals.views.case import frame


@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """What is open to whom, on which ground, until when. A change works on the next request."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="sharing")
    page = sharing_page(viewer=viewer, case_file=case_file, now=now)
    form = PartyForm(request.POST if request.method == "POST" else None, agencies=page.agencies)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.party_join(
                viewer=viewer,
                case_file=case_file,
                agency=UUID(data["agency"]),
                kind=PartyKind(data["kind"]),
                evidence=data["evidence"],
                now=now,
            )
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            messages.success(request, "Recorded. It holds from this moment.")
            return redirect("referrals:case_sharing", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    context = frame(request, seen, "sharing") | {
        "page": page,
        "now": now,
        "party": form,
        "form": form if form.is_bound else None,
        "choices": paper_choices(viewer=viewer, now=now) if page.may_record else [],
    }
    return render(request, "referrals/case_sharing.html", context)


@require_POST
def party_end(request: StaffRequest, case_id: UUID, party_id: UUID) -> HttpResponse:
    """An agency stops taking part."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="sharing")
    if not policies.may_see_sharing(viewer):
        raise NotVisible
    try:
        services.party_end(viewer=viewer, case_file=case_file, now=now, party_id=party_id)
    except RuleBroken as broken:
        messages.error(request, broken.message)
    else:
        messages.success(request, "Ended. What it opened is closed.")
    return back_to_sharing(viewer, case_id)


def back_to_sharing(viewer: Any, case_id: UUID) -> HttpResponse:
    """To the sharing page, or to the list where the viewer has just closed the file to their own agency."""
    try:
        access_case(viewer=viewer, case_id=case_id, now=clock.now(), looked_at="sharing")
    except NotVisible:
        return redirect("referrals:cases")
    return redirect("referrals:case_sharing", case_id)
