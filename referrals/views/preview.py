"""What would this agency see in this case?"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from agencies.disclosure.categories import ROLE_NAMES
from agencies.policies import may_see_matrix
from agencies.selectors.matrix import NO_DUTY
from agencies.selectors.protocol import NoProtocol
from agencies.selectors.rules import open_proposals
from cseccase import clock
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible
from cseccase.requests import StaffRequest
from referrals.forms.preview import PreviewForm
from referrals.selectors.preview import PreviewRow, Supposed, preview_case, preview_supposed


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: StaffRequest) -> HttpResponse:
    """Asked by a form that is sent, so that no case number stands in an address; nothing is changed."""
    viewer = request.viewer
    if not may_see_matrix(viewer):
        raise NotAllowed(NO_DUTY)
    form = PreviewForm(request.POST or None, proposals=open_proposals(viewer))
    rows: list[PreviewRow] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            rows = _rows(viewer, form.cleaned_data, clock.now())
        except NotVisible:
            form.add_error("case", "There is no case for you under this number.")
        except NoProtocol:
            form.add_error(None, "No protocol version is in force: nobody may see any record.")
    context = {
        "form": form,
        "rows": rows,
        "agency": ROLE_NAMES.get(form.cleaned_data.get("role", ""), "") if form.is_bound else "",
        "beside": bool(rows is not None and form.cleaned_data.get("proposal")),
    }
    return render(request, "referrals/preview.html", context)


def _rows(viewer: Viewer, said: dict[str, Any], now: datetime) -> list[PreviewRow]:
    proposal = UUID(said["proposal"]) if said["proposal"] else None
    if said["case"].strip():
        return preview_case(
            viewer=viewer, number=said["case"], role=said["role"], proposal_id=proposal, now=now
        )
    supposed = Supposed(
        role=said["role"],
        party=said["party"],
        has_seat=bool(said["seat"]),
        deemed=said["seat"] == "deemed",
        papers=frozenset(said["papers"]),
        is_adult=said["adult"],
    )
    return preview_supposed(viewer=viewer, said=supposed, proposal_id=proposal, now=now)
