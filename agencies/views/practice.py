"""The practice county's front door: pick a person, see the product as that person. Never in production."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from agencies.selectors.people import people_to_practise


@login_not_required
def pick_person(request: HttpRequest) -> HttpResponse:
    """A list of made-up people; choosing one signs in as that person without a password."""
    if not settings.PRACTICE_SIGN_IN:
        raise Http404
    people = people_to_practise()
    if request.method == "POST":
        chosen = next((person for person in people if str(person.pk) == request.POST.get("person")), None)
        if chosen is not None:
            login(request, chosen, backend="allauth.account.auth_backends.AuthenticationBackend")
            target = request.POST.get("next", "")
            safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
            return redirect(target if safe and target else "home")
    return render(request, "agencies/practice.html", {"people": people, "next": request.GET.get("next", "")})
