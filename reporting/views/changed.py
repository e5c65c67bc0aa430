"""What changed in one case file: the page, and the copy for those who review."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cseccase import clock
from cseccase.requests import StaffRequest
from referrals.selectors.overview import overview
from referrals.views.case import frame
from reporting import policies
from reporting.forms import ChangesFilterForm
from reporting.log_csv import changes_csv
from reporting.selectors.changes import ChangesFilter, changes_list, records_named
from reporting.views.downloads import csv_download
from reporting.views.queries import newer_url, older_url, without_page


@require_GET
def changed(request: StaffRequest, case_id: Any) -> HttpResponse:
    form, asked = _asked(request)
    now = clock.now()
    page = changes_list(viewer=request.viewer, case_id=case_id, now=now, asked=asked)
    seen = overview(viewer=request.viewer, case_file=page.case_file, now=now)
    copy_url = reverse("reporting:changed_csv", args=[page.case_file.pk])
    context = frame(request, seen, "history") | {
        "form": form,
        "page": page,
        "older_url": older_url(request, page.before),
        "newer_url": newer_url(request),
        "copy_url": copy_url + without_page(request) if policies.may_copy_history(request.viewer) else "",
        "asked": asked,
    }
    return render(request, "reporting/changed.html", context, status=200 if asked else 400)


@require_GET
def changed_csv(request: StaffRequest, case_id: Any) -> HttpResponse:
    _, asked = _asked(request)
    page = changes_list(
        viewer=request.viewer,
        case_id=case_id,
        now=clock.now(),
        asked=asked,
        exported=True,
    )
    body = changes_csv(page.versions, zone=ZoneInfo(request.viewer.zone), more=bool(page.before))
    return csv_download(body, f"what-changed-{page.case_file}.csv")


def _asked(request: StaffRequest) -> tuple[ChangesFilterForm, ChangesFilter | None]:
    form = ChangesFilterForm(request.GET, records=records_named())
    if not form.is_valid():
        return form, None
    answers = form.cleaned_data
    return form, ChangesFilter(
        answers["from_on"], answers["to_on"], answers["record"], request.GET.get("before", "")
    )
