"""Papers on file: put one there, read it, print it, agree to a need, revoke it; and good cause for a team of two."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.shell import Shell, shell
from cseccase import clock
from cseccase.documents import pdf_of
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from cseccase.wording import day_time_words
from referrals import policies
from referrals.forms.papers import FORM_OF, GoodCauseForm, RevokeForm, own_answers
from referrals.selectors.case_file import access_case
from referrals.selectors.copies import inspect_only
from referrals.selectors.overview import overview
from referrals.selectors.paper import (
    PaperSeen,
    paper_choices,
    paper_found,
    paper_seen,
    paper_to_print,
    person_named,
)
from referrals.services import paper as services
from referrals.views.case import frame
from referrals.views.sharing import back_to_sharing

TITLE = "Paper on file"


@require_http_methods(["GET", "HEAD", "POST"])
def paper_new(request: StaffRequest, case_id: UUID, kind: str) -> HttpResponse:
    """One kind of paper, with every question the law asks of it."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="paper")
    choices = next((c for c in paper_choices(viewer=viewer, now=now) if c.kind == kind), None)
    if choices is None:
        raise NotVisible
    form = FORM_OF[kind](
        request.POST if request.method == "POST" else None,
        agencies=choices.agencies,
        categories=choices.categories,
    )
    if request.method == "POST" and form.is_valid():
        try:
            person = person_named(agency=UUID(form.cleaned_data["agency"]), email=form.cleaned_data["person"])
            terms = form.terms(now=now, zone=viewer.zone, person=person)
            paper = services.paper_record(viewer=viewer, case_file=case_file, terms=terms, now=now)
        except services.PaperLacks as lacking:
            form.add_lacks(lacking.lacks)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            waits = paper_seen(paper, now=now).waits
            opens = "opens once a supervisor agrees" if waits else "holds from this moment"
            messages.success(request, f"Recorded. It {opens}.")
            return back_to_sharing(viewer, case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    context = frame(request, seen, "sharing") | {"form": form, "kind": choices}
    return render(request, "referrals/paper_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: StaffRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """One paper on file, all that it says; its keeper revokes it here."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="paper")
    found = paper_found(viewer=viewer, case_file=case_file, paper_id=paper_id)
    seen = paper_seen(found, now=now)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.paper_revoke(
                viewer=viewer, case_file=case_file, paper_id=paper_id, why=form.cleaned_data["why"], now=now
            )
        except RuleBroken as broken:
            form.add_error("why", broken.message)
        else:
            messages.success(request, "Revoked. What it opened is closed.")
            return back_to_sharing(viewer, case_id)
    context = frame(request, overview(viewer=viewer, case_file=case_file, now=now), "sharing") | {
        "seen": seen,
        "facts": facts_of(seen, ZoneInfo(viewer.zone)),
        "form": form,
        "page_sharing": policies.may_see_sharing(viewer),
        "inspect_only": bool(inspect_only(viewer=viewer, sections=[found.section_id])),
        "may_revoke": seen.is_open and policies.may_authorise(viewer, found.category),
        "may_approve": seen.waits and policies.may_approve_need(viewer, found.category),
    }
    return render(request, "referrals/paper.html", context)


@require_POST
def need_approve(request: StaffRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """A supervisor agrees to a logged need."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="paper")
    try:
        services.need_approve(viewer=viewer, case_file=case_file, paper_id=paper_id, now=now)
    except RuleBroken as broken:
        messages.error(request, broken.message)
    else:
        messages.success(request, "Agreed. It opens from this moment until its end.")
    return back_to_sharing(viewer, case_id)


@require_GET
def paper_pdf(request: StaffRequest, case_id: UUID, paper_id: UUID) -> HttpResponse:
    """The paper printed, with the notice that must travel with what it opens."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="paper")
    seen, notice = paper_to_print(viewer=viewer, case_file=case_file, paper_id=paper_id, now=now)
    window: Shell = shell(request)["shell"]
    context = {
        "seen": seen,
        "facts": facts_of(seen, ZoneInfo(viewer.zone)),
        "title": seen.name,
        "redisclosure": notice,
        "notice": f"{notice.heading} ({notice.law})",
        "reference": case_file.number,
        "county_name": window.county_name,
        "product_name": window.product_name,
        "printed_by": f"{viewer.name}, {viewer.agency_name}",
        "printed_at": now,
    }
    pdf = pdf_of("referrals/print/paper.html", context, title=TITLE)
    headers = {"Content-Disposition": f'attachment; filename="paper-{case_file.number}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def good_cause(request: StaffRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Why a team of two may share for longer than 30 days after the report (WIC 18961.7(c))."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="good cause")
    services.require_minutes(viewer=viewer, case_file=case_file, meeting=meeting_id)
    form = GoodCauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        last_day = form.cleaned_data["until"]
        try:
            services.good_cause_record(
                viewer=viewer,
                case_file=case_file,
                meeting=meeting_id,
                until=datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=ZoneInfo(viewer.zone)),
                reason=form.cleaned_data["reason"],
                now=now,
            )
        except RuleBroken as broken:
            form.add_error(broken.field, broken.message)
        else:
            messages.success(request, "Recorded. The team may share until then.")
            return back_to_sharing(viewer, case_id)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    return render(request, "referrals/good_cause.html", frame(request, seen, "sharing") | {"form": form})


def facts_of(seen: PaperSeen, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The paper question by question, in words."""
    paper = seen.paper
    recipient = f"{paper.person.full_name}, {paper.agency.name}" if paper.person else paper.agency.name
    rows = [
        ("Opens", seen.record),
        ("For", recipient),
        *([("Only what is held by", paper.discloser.name)] if paper.discloser else []),
        *own_answers(paper.terms),
        ("In force from", _moment(paper.since, zone)),
        ("Until", _moment(paper.until, zone) if paper.until else "No day named"),
        ("Where the paper is", paper.evidence),
        (
            "Recorded",
            f"{_moment(paper.recorded_at, zone)}, {paper.recorded_by.full_name}, {paper.recorded_by.agency.name}",
        ),
    ]
    if seen.is_need:
        agreed = _moment(seen.agreed_at, zone) if seen.agreed_at else "not yet"
        rows.append(("Agreed by a supervisor", agreed))
    if paper.revoked_at:
        by = f", {paper.revoked_by.full_name}" if paper.revoked_by else ""
        rows.append(("Revoked", f"{_moment(paper.revoked_at, zone)}{by}: {paper.revoked_why}"))
    return [{"term": term, "words": words, "url": ""} for term, words in rows]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return day_time_words(at, zone, year_now=0)
