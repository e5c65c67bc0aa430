"""The three things asked of every request: is the session still good, is the second factor there, who is looking."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode

from agencies import waiting_forms
from agencies.policies import READ_ONLY
from agencies.services import session
from agencies.viewers import READABLE, viewer_of, viewer_with_emergencies
from cseccase import clock
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import HouseError, NotAllowed, NotVisible
from cseccase.problems import problem_page

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Respond = Callable[[HttpRequest], HttpResponse]
BACKGROUND = "X-Background"
"""A script refreshing a region sends this header with "1": nobody pressed anything, so the session is not prolonged."""

OPEN_WHILE_HIDDEN = ("/session/locked", "/account/logout/", "/drafts/", "/healthz", "/favicon.ico")
"""What a hidden screen may still do: be shown again, sign out, and send off the last words that were typed."""


class SessionLimitMiddleware:
    """Ends a session after 15 idle minutes or 12 hours (settings), and shows nothing of a hidden one.

    Confidential pages are kept out of every cache, so that the Back button has nothing to bring back.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._stopped(request) or self._kept_too_late(request, self.get_response(request))
        if request.user.is_authenticated and waiting_forms.COOKIE in request.COOKIES:
            response.delete_cookie(waiting_forms.COOKIE)
        if not request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _stopped(self, request: HttpRequest) -> HttpResponse | None:
        """The answer of a session that is over or hidden; None when the request may go on."""
        if not request.user.is_authenticated:
            return None
        now = clock.now()
        if session.has_ended(request, now=now):
            return self._end(request)
        if session.is_locked(request):
            # Waiting on the hidden page is no work, so it does not prolong the session either.
            return None if request.path.startswith(OPEN_WHILE_HIDDEN) else self._hide(request)
        if request.headers.get(BACKGROUND) != "1":
            session.touch(request, now=now)
        return None

    def _end(self, request: HttpRequest) -> HttpResponse:
        person: Any = request.user
        by_script = _asked_by_script(request)
        kept = "" if by_script else waiting_forms.keep_at_end(request, person)
        logout(request)
        if by_script:
            response: HttpResponse = JsonResponse(
                {"detail": "Your session has ended. Sign in again."}, status=401
            )
        elif request.method == "GET":
            response = _to_sign_in(request.get_full_path())
        else:
            response = _to_sign_in(kept or waiting_forms.page_of_form(request))
        waiting_forms.remember_whose(response, person)
        return response

    def _kept_too_late(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A form from a page that was still open when the session ended elsewhere in the same browser."""
        to_sign_in = response.headers.get("Location", "").startswith(reverse("account_login"))
        if request.user.is_authenticated or not to_sign_in or waiting_forms.COOKIE not in request.COOKIES:
            return response
        person = waiting_forms.whose_browser(request)
        kept = waiting_forms.keep_at_end(request, person) if person else ""
        return _to_sign_in(kept) if kept else response

    def _hide(self, request: HttpRequest) -> HttpResponse:
        if _asked_by_script(request):
            return JsonResponse({"detail": "The screen is hidden. Show it again first."}, status=401)
        return HttpResponseRedirect(reverse("agencies:locked"))


def _asked_by_script(request: HttpRequest) -> bool:
    """Whether an answer in HTML would be lost: the API, a region's refresh, a draft's save."""
    return (
        request.path.startswith(("/api/", "/drafts/"))
        or request.headers.get(BACKGROUND) == "1"
        or "text/html" not in request.headers.get("Accept", "text/html")
    )


def _to_sign_in(back_to: str) -> HttpResponse:
    query = urlencode({"ended": "1", **({"next": back_to} if back_to else {})})
    return HttpResponseRedirect(f"{reverse('account_login')}?{query}")


class SecondFactorMiddleware:
    """Nobody works with a password alone: without a second factor the only open door is the one to set it up."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR_REQUIRED and request.user.is_authenticated and not self._may_pass(request):
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    def _may_pass(self, request: HttpRequest) -> bool:
        from allauth.mfa.utils import is_mfa_enabled

        if request.path.startswith("/account/") or request.path.startswith("/healthz"):
            return True
        return bool(is_mfa_enabled(request.user))


def _only_reads(request: HttpRequest) -> bool:
    """A look at one of the pages on which what an emergency opened can be read; nothing that could change or print."""
    if request.method not in SAFE:
        return False
    try:
        return resolve(request.path_info).view_name in READABLE
    except Resolver404:
        return False


class ViewerMiddleware:
    """Innermost: the whole answer, template included, is made inside one transaction that knows who is looking.

    ATOMIC_REQUESTS adds the savepoint that holds the view's own work; a refusal rolls that back and is then recorded
    here, in the outer transaction.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewer = viewer_of(request.user, now=clock.now()) if request.user.is_authenticated else None
        request.viewer = viewer  # type: ignore[attr-defined]
        if viewer is None:
            with viewing_as(None):
                return self.get_response(request)
        with timezone.override(ZoneInfo(viewer.zone)), viewing_as(viewer):
            held = viewer_with_emergencies(viewer, now=clock.now(), only_reads=_only_reads(request))
            request.viewer = held  # type: ignore[attr-defined]
            with viewing_as(held) if held.sees_emergencies else nullcontext():
                response = self.get_response(request)
                waiting_forms.forget_sent(request, viewer, response)
                self._record_refusal(request, getattr(request, "refused", None))
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, HouseError):
            return None
        if isinstance(exception, NotVisible) and self._changes_in_emergency(request):
            exception = NotAllowed(READ_ONLY)
        request.refused = exception  # type: ignore[attr-defined]
        return problem_page(request, exception)

    def _changes_in_emergency(self, request: HttpRequest) -> bool:
        """Hidden and absent get the same answer here too: that nothing can be changed."""
        viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
        return viewer is not None and bool(viewer.emergencies) and request.method not in SAFE

    def _record_refusal(self, request: HttpRequest, problem: Any) -> None:
        if problem is None or getattr(problem, "status", 0) in {409, 503}:
            return
        match = request.resolver_match
        record(
            Verb.NOT_FOUND if isinstance(problem, NotVisible) else Verb.REFUSED,
            viewer=request.viewer,  # type: ignore[attr-defined]
            at=clock.now(),
            subject_kind="page",
            facts={
                "route": match.view_name if match else "",
                "ids": [str(value) for value in match.kwargs.values()] if match else [],
            },
        )
