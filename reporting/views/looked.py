"""Who looked: a case file's log and a person's log, reached by question."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cseccase import clock
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from cseccase.wording import counted_words
from reporting import policies
from reporting.forms import CaseNumberForm, HomeAddressForm, LogFilterForm
from reporting.log_csv import log_csv
from reporting.log_kinds import KINDS
from reporting.selectors import looked as log
from reporting.services.home_address import home_address_note
from reporting.views.downloads import csv_download
from reporting.views.queries import newer_url, older_url, without_page


@require_GET
def looked(request: StaffRequest) -> HttpResponse:
    return _home(request, CaseNumberForm())


def _home(request: StaffRequest, form: CaseNumberForm, status: int = 200) -> HttpResponse:
    name = request.GET.get("name", "")[:80].strip()
    people = list(log.people_reviewed(viewer=request.viewer, name=name)[: log.PEOPLE_LIMIT + 1])
    context = {
        "form": form,
        "name": name,
        "people": people[: log.PEOPLE_LIMIT],
        "more": len(people) > log.PEOPLE_LIMIT,
    }
    return render(request, "reporting/looked.html", context, status=status)


@require_POST
def looked_find(request: StaffRequest) -> HttpResponse:
    form = CaseNumberForm(request.POST)
    if form.is_valid():
        try:
            case = log.case_by_number(viewer=request.viewer, number=form.cleaned_data["number"])
            return redirect("reporting:looked_case", case_id=case)
        except NotVisible:
            form.add_error("number", "There is no log for you under this number. Check the number.")
    return _home(request, form, status=400)


def _asked(request: StaffRequest) -> tuple[LogFilterForm, log.LogFilter | None]:
    form = LogFilterForm(request.GET)
    if not form.is_valid():
        return form, None
    answers = form.cleaned_data
    return form, log.LogFilter(
        answers["from_on"], answers["to_on"], answers["kind"], request.GET.get("before", "")
    )


def _questions(current: str, form: LogFilterForm) -> list[dict[str, Any]]:
    """The kinds of acts; each keeps the days that were asked for."""
    words = {
        "": "Everything",
        "opened": "Looks",
        "wrote": "Changes",
        "sent_out": "Sent out",
        "listed": "Lists",
        "refused": "Refused",
        "reviewed": "Reviews",
    }
    days = "".join(f"&{name}={form.data[name]}" for name in ("from_on", "to_on") if form.data.get(name))
    keys = ["", *(kind.key for kind in KINDS)]
    return [{"label": words[key], "url": f"?kind={key}{days}", "current": key == current} for key in keys]


@require_GET
def looked_case(request: StaffRequest, case_id: Any) -> HttpResponse:
    form, asked = _asked(request)
    found = log.case_log(
        viewer=request.viewer, case_id=case_id, asked=asked or log.LogFilter(), now=clock.now()
    )
    if asked is None:
        return render(
            request,
            "reporting/looked_case.html",
            {"form": form, "log": found, "bar": _bar(found)},
            status=400,
        )
    page = found.page
    context = {
        "form": form,
        "log": found,
        "page": page,
        "finding": _case_finding(page, asked.kind),
        "bar": _bar(found),
        "questions": _questions(asked.kind, form),
        "older_url": older_url(request, page.before),
        "newer_url": newer_url(request),
        "copy_url": reverse("reporting:looked_case_csv", args=[found.case_id]) + without_page(request),
    }
    return render(request, "reporting/looked_case.html", context)


@require_GET
def looked_case_csv(request: StaffRequest, case_id: Any) -> HttpResponse:
    _, asked = _asked(request)
    found = log.case_log(
        viewer=request.viewer,
        case_id=case_id,
        asked=asked or log.LogFilter(),
        now=clock.now(),
        exported=True,
    )
    return _csv(request, found.page, f"who-looked-{found.number}.csv")


def _csv(request: StaffRequest, page: log.LogPage, name: str) -> HttpResponse:
    body = log_csv(page.lines, zone=ZoneInfo(request.viewer.zone), more=bool(page.before))
    return csv_download(body, name)


def _bar(found: log.CaseLog) -> dict[str, Any]:
    facts = [
        {"term": "You see", "words": "the log, not the record"},
        {"term": "Whose looks", "words": "your agency’s" if found.own_agency_only else "every agency’s"},
    ]
    return {"label": f"Case file {found.number}", "name": found.number, "facts": facts}


DID = {
    "": "worked with this file",
    "opened": "looked",
    "wrote": "changed something",
    "sent_out": "printed or downloaded something",
    "listed": "saw it in a list",
    "refused": "were refused",
    "reviewed": "reviewed it",
}


def _case_finding(page: log.LogPage, kind: str) -> str:
    people = counted_words(page.people, "person", "people")
    agencies = counted_words(len(page.agencies), "agency", "agencies")
    words = f"{people} from {agencies} {DID[kind]}." if page.entries else "Nobody, in the days you asked for."
    if page.refused:
        words += f" {counted_words(len(page.refused), 'try was', 'tries were')} refused: ask why."
    return words


@require_POST
def home_address(request: StaffRequest, person_id: Any) -> HttpResponse:
    form = HomeAddressForm(request.POST)
    if form.is_valid():
        try:
            kept = home_address_note(
                viewer=request.viewer,
                person_id=person_id,
                words=form.cleaned_data["address"],
                now=clock.now(),
            )
        except RuleBroken as broken:
            form.add_error("address", broken.message)
        else:
            said = "Kept as a fingerprint, to compare." if kept else "No address is kept."
            messages.success(request, said)
            return redirect("reporting:looked_person", person_id=person_id)
    found = log.person_log(viewer=request.viewer, person_id=person_id, asked=log.LogFilter(), now=clock.now())
    return render(
        request, "reporting/looked_person.html", {"home_form": form, "form": form, "log": found}, status=400
    )


@require_GET
def looked_person(request: StaffRequest, person_id: Any) -> HttpResponse:
    form, asked = _asked(request)
    found = log.person_log(
        viewer=request.viewer, person_id=person_id, asked=asked or log.LogFilter(), now=clock.now()
    )
    context: dict[str, Any] = {"form": form, "log": found}
    if asked is None:
        return render(request, "reporting/looked_person.html", context, status=400)
    page = found.page
    entries = counted_words(page.entries, "entry", "entries")
    if policies.reviews_own_people(request.viewer) and found.person.agency_id == request.viewer.agency:
        context["home_form"] = HomeAddressForm()
    context |= {
        "page": page,
        "finding": f"{found.person.full_name}: {entries}"
        if page.entries
        else f"{found.person.full_name}: nothing in these days",
        "questions": _questions(asked.kind, form),
        "older_url": older_url(request, page.before),
        "newer_url": newer_url(request),
        "copy_url": reverse("reporting:looked_person_csv", args=[found.person.pk]) + without_page(request),
    }
    return render(request, "reporting/looked_person.html", context)


@require_GET
def looked_person_csv(request: StaffRequest, person_id: Any) -> HttpResponse:
    _, asked = _asked(request)
    found = log.person_log(
        viewer=request.viewer,
        person_id=person_id,
        asked=asked or log.LogFilter(),
        now=clock.now(),
        exported=True,
    )
    return _csv(request, found.page, "what-one-person-looked-at.csv")
