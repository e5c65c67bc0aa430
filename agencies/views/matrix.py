"""The sharing rules: who may see what."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.policies import may_propose_rules
from agencies.selectors.matrix import matrix_page, role_choices
from agencies.selectors.rules import proposals_waiting
from cseccase import clock
from cseccase.requests import StaffRequest

NEWEST_POSSIBLE = 2**31 - 1


@require_safe
def matrix(request: StaffRequest) -> HttpResponse:
    """The whole grid, or with `?role=DA` what one agency sees in a case; `?version=2` for another version."""
    now = clock.now()
    asked = request.GET.get("role", "")
    choices = role_choices()
    role = asked if asked in dict(choices) else ""
    asked_number = request.GET.get("version", "")
    number = int(asked_number) if asked_number.isascii() and asked_number.isdecimal() else None
    number = number if number is None or number <= NEWEST_POSSIBLE else 0
    shown = matrix_page(viewer=request.viewer, now=now, role=role, number=number)
    context = {
        "page": shown,
        "role": role,
        "role_name": dict(choices).get(role, ""),
        "choices": choices,
        "number": number,
        "waiting": proposals_waiting(request.viewer),
        "may_propose": may_propose_rules(request.viewer),
        "now": now,
    }
    return render(request, "agencies/matrix.html", context)
