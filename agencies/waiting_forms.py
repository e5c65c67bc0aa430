"""Forms sent at a moment when nobody may act: the session was over, or the proof of presence was missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse

from agencies.services.session import safe_path
from agencies.viewers import viewer_of
from cseccase import clock
from cseccase.confidentiality.context import viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.drafts.kept import FIELD, KEPT_FOR, Kept, answers_of, form_forget, form_keep

if TYPE_CHECKING:
    from agencies.models import Person

COOKIE = "__Host-ended-for" if settings.SESSION_COOKIE_SECURE else "ended_for"
SALT = "agencies.waiting_forms"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
NEVER_KEPT = ("/account/", "/session/", "/drafts/", "/api/", "/healthz")
"""Where people send passwords and codes, or where nothing that was typed is at stake."""


def page_of_form(request: HttpRequest) -> str:
    """The path of the page from which this request was sent, or nothing."""
    referrer = request.headers.get("Referer", "")
    return urlsplit(referrer).path if safe_path(request, referrer) else ""


def is_typed_form(request: HttpRequest) -> bool:
    """Whether somebody's words are in this request, to be lost or kept."""
    return (
        request.method == "POST"
        and request.content_type in FORM_TYPES
        and not request.path.startswith(NEVER_KEPT)
    )


def keep_for(viewer: Viewer, request: HttpRequest) -> str:
    """Keeps the form of this request for its sender; returns the path of the page that gives it back, or nothing."""
    if not is_typed_form(request):
        return ""
    kept = form_keep(
        viewer=viewer,
        kept=Kept(
            path=request.get_full_path(),
            page=page_of_form(request),
            answers=answers_of(dict(request.POST.lists())),
            had_files=bool(request.FILES),
        ),
        now=clock.now(),
    )
    return reverse("agencies:kept", args=[kept]) if kept else ""


def keep_at_end(request: HttpRequest, person: Person) -> str:
    """The same for somebody whose session is over, once the form has shown that it comes from a page of ours."""
    forged = CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {}) is not None
    if forged or not person.is_active or not is_typed_form(request):
        return ""
    viewer = viewer_of(person, now=clock.now())
    with viewing_as(viewer):
        return keep_for(viewer, request)


def remember_whose(response: HttpResponse, person: Person) -> None:
    """Marks the browser of an ended session, so that a page still open in it can keep its form for the same person."""
    response.set_signed_cookie(
        COOKIE,
        str(person.pk),
        salt=SALT,
        max_age=KEPT_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )


def whose_browser(request: HttpRequest) -> Person | None:
    """The person whose session ended last in this browser, with nobody signed in since."""
    from agencies.models import Person

    try:
        said = request.get_signed_cookie(COOKIE, salt=SALT, max_age=KEPT_FOR)
        return Person.objects.filter(pk=UUID(said), is_active=True).first()
    except (KeyError, BadSignature, ValueError):
        return None


def forget_sent(request: HttpRequest, viewer: Viewer, response: HttpResponse) -> None:
    """A kept form that its author sent again and that was taken, or shown again with its answers, is not kept longer."""
    if response.status_code >= 400 or not is_typed_form(request) or FIELD not in request.POST:
        return
    try:
        form_forget(viewer=viewer, kept_id=UUID(request.POST[FIELD]))
    except ValueError:
        return


def _nothing(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
    return None
