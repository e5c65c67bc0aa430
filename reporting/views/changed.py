"""What changed in one case file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cseccase import clock
from reporting.selectors.changes import changes_list
from reporting.views.requests import StaffRequest


@require_GET
def changed(request: StaffRequest, case_id: Any) -> HttpResponse:
    before = request.GET.get("before", "")
    page = changes_list(viewer=request.viewer, case_id=case_id, now=clock.now(), before=before)
    context = {
        "page": page,
        "bar": {"label": f"Case file {page.case_file}", "name": str(page.case_file), "facts": []},
        "older_url": f"?{urlencode({'before': page.before})}" if page.before else "",
        "newer_url": request.path if before else "",
    }
    return render(request, "reporting/changed.html", context)
