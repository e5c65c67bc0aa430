"""Who takes part, who may see what and why, and the papers on file."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cseccase import clock
from cseccase.errors import NotVisible, RuleBroken
from referrals.choices import PartyKind
from referrals.forms.sharing import PaperForm, PartyForm
from referrals.selectors.case_file import access_case
from referrals.selectors.overview import overview
from referrals.selectors.sharing import sharing_page
from referrals.services import party as services
from referrals.views.case import frame


@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What is open to whom, on which ground, until when. A change works on the next request."""
    viewer, now = request.viewer, clock.now()  # type: ignore[attr-defined]
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="sharing")
    page = sharing_page(viewer=viewer, case_file=case_file, now=now)
    adds_party = request.POST.get("act") == "party"
    adds_paper = request.POST.get("act") == "paper"
    party = PartyForm(request.POST if adds_party else None, agencies=page.agencies)
    paper = PaperForm(
        request.POST if adds_paper else None, agencies=page.agencies, categories=page.paper_categories
    )
    form: Any = party if adds_party else paper
    if request.method == "POST" and (adds_party or adds_paper) and form.is_valid():
        try:
            _add(viewer, case_file, form.cleaned_data, now, is_party=adds_party)
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            messages.success(request, "Recorded. It holds from this moment.")
            return redirect("referrals:case_sharing", case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    context = frame(request, seen, "sharing") | {
        "page": page,
        "party": party,
        "paper": paper,
        "form": form if form.is_bound else None,
    }
    return render(request, "referrals/case_sharing.html", context)


def _add(viewer: Any, case_file: Any, data: dict[str, Any], now: datetime, *, is_party: bool) -> None:
    if is_party:
        services.party_join(
            viewer=viewer,
            case_file=case_file,
            agency=UUID(data["agency"]),
            kind=PartyKind(data["kind"]),
            evidence=data["evidence"],
            now=now,
        )
        return
    until = data["until"]
    said = services.PaperSaid(
        agency=UUID(data["paper_agency"]),
        kind=data["paper_kind"],
        category=data["category"],
        since=now,
        evidence=data["paper_evidence"],
        until=datetime.combine(until, time.max, tzinfo=ZoneInfo(viewer.zone)) if until else None,
    )
    services.authorisation_record(viewer=viewer, case_file=case_file, said=said, now=now)


@require_POST
def party_end(request: HttpRequest, case_id: UUID, party_id: UUID) -> HttpResponse:
    """An agency stops taking part."""
    return _ended(request, case_id, services.party_end, party_id=party_id)


@require_POST
def paper_revoke(request: HttpRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """A paper is revoked: what it opened closes at once."""
    return _ended(request, case_id, services.authorisation_revoke, paper_id=paper_id)


def _ended(request: HttpRequest, case_id: UUID, act: Any, **which: UUID) -> HttpResponse:
    viewer, now = request.viewer, clock.now()  # type: ignore[attr-defined]
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="sharing")
    try:
        act(viewer=viewer, case_file=case_file, now=now, **which)
    except RuleBroken as broken:
        messages.error(request, broken.message)
    else:
        messages.success(request, "Ended. What it opened is closed.")
    try:
        access_case(viewer=viewer, case_id=case_id, now=now, looked_at="sharing")
    except NotVisible:
        return redirect("referrals:cases")
    return redirect("referrals:case_sharing", case_id)
