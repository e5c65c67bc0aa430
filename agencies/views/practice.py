"""The practice county's front door: pick a person, see the product as that person. Never in production."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agencies.selectors.practice import practice_agencies, practice_person
from agencies.services.session import safe_path
from agencies.step_up import proof_record_practice
from cseccase import clock

BACKEND = "agencies.backend.StaffBackend"


@login_not_required
@require_http_methods(["GET", "POST"])
def pick_person(request: HttpRequest) -> HttpResponse:
    """A list of made-up people; choosing one signs in as that person without a password."""
    if not settings.PRACTICE_SIGN_IN:
        raise Http404
    if request.method == "POST":
        chosen = practice_person(request.POST.get("person", ""))
        if chosen is not None:
            login(request, chosen, backend=BACKEND)
            proof_record_practice(request, chosen)
            return redirect(safe_path(request, request.POST.get("next", "")) or "agencies:home")
    context = {
        "agencies": practice_agencies(now=clock.now()),
        "next": safe_path(request, request.GET.get("next", "")),
    }
    return render(request, "agencies/practice.html", context)
