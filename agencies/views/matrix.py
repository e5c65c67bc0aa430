"""The sharing rules: who may see what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.selectors.matrix import matrix_page, role_choices
from cseccase import clock


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """The whole grid, or with `?role=DA` what one agency sees in a case."""
    now = clock.now()
    asked = request.GET.get("role", "")
    choices = role_choices()
    role = asked if asked in dict(choices) else ""
    shown = matrix_page(viewer=request.viewer, now=now, role=role)  # type: ignore[attr-defined]
    context = {
        "page": shown,
        "role": role,
        "role_name": dict(choices).get(role, ""),
        "choices": choices,
        "now": now,
    }
    return render(request, "agencies/matrix.html", context)
