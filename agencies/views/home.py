"""The first page after signing in: the one where this person's work begins."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from agencies.policies import home_of
from cseccase.requests import StaffRequest


def home(request: StaffRequest) -> HttpResponse:
    return redirect(home_of(request.viewer))
