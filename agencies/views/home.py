"""The first page after signing in: the one where this person's work begins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from agencies.policies import home_of


def home(request: HttpRequest) -> HttpResponse:
    return redirect(home_of(request.viewer))  # type: ignore[attr-defined]
