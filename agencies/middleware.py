"""The three things asked of every request: is the session still good, is the second factor there, who is looking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from agencies.viewers import viewer_of
from cseccase import clock
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import viewing_as
from cseccase.errors import HouseError, NotVisible
from cseccase.problems import problem_page

Respond = Callable[[HttpRequest], HttpResponse]
STARTED, SEEN = "session_started_at", "session_seen_at"


def _moment(request: HttpRequest, key: str) -> datetime | None:
    value = request.session.get(key)
    return datetime.fromisoformat(value) if value else None


class SessionLimitMiddleware:
    """Ends a session after 15 idle minutes or 12 hours (settings), and keeps confidential pages out of every cache."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = clock.now()
            started = _moment(request, STARTED) or now
            seen = _moment(request, SEEN) or now
            if now - started >= settings.SESSION_ABSOLUTE or now - seen >= settings.SESSION_IDLE:
                return self._end(request)
            request.session[STARTED] = started.isoformat()
            if now - seen > timedelta(seconds=10) or SEEN not in request.session:
                request.session[SEEN] = now.isoformat()
        response = self.get_response(request)
        if not request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _end(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": "Your session has ended. Sign in again."}, status=401)
        if request.method == "GET":
            return HttpResponseRedirect(f"{reverse('account_login')}?ended=1&next={request.path}")
        return HttpResponseRedirect(f"{reverse('account_login')}?ended=1")


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
        if not request.session.get("second_factor_set"):
            request.session["second_factor_set"] = is_mfa_enabled(request.user)
        return bool(request.session["second_factor_set"])


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
            response = self.get_response(request)
            self._record_refusal(request, getattr(request, "refused", None))
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, HouseError):
            return None
        request.refused = exception  # type: ignore[attr-defined]
        return problem_page(request, exception)

    def _record_refusal(self, request: HttpRequest, problem: Any) -> None:
        if problem is None or getattr(problem, "status", 0) == 409:
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
