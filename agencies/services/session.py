"""One session at a screen: how long it lives, and hiding it from somebody who walks in.

A session ends after 15 idle minutes or 12 hours (settings; NIST SP 800-63B-4, AAL3). A hidden session shows nothing
until the person says again who they are; it still ends when its time is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from agencies.models import Person

STARTED, SEEN, LOCKED, NEXT, MISSES = (
    "session_started_at",
    "session_seen_at",
    "session_locked_at",
    "session_locked_next",
    "session_unlock_misses",
)
MISSES_ALLOWED = 5
SEEN_EVERY = timedelta(seconds=10)


def _moment(request: HttpRequest, key: str) -> datetime | None:
    value = request.session.get(key)
    return datetime.fromisoformat(value) if value else None


def has_ended(request: HttpRequest, *, now: datetime) -> bool:
    """Whether the session's idle or absolute time is over."""
    started, seen = _moment(request, STARTED) or now, _moment(request, SEEN) or now
    return now - started >= settings.SESSION_ABSOLUTE or now - seen >= settings.SESSION_IDLE


def touch(request: HttpRequest, *, now: datetime) -> None:
    """Somebody is there: the idle time begins again. Written at most every ten seconds."""
    if STARTED not in request.session:
        request.session[STARTED] = now.isoformat()
    seen = _moment(request, SEEN)
    if seen is None or now - seen > SEEN_EVERY:
        request.session[SEEN] = now.isoformat()


def signed_in_until(request: HttpRequest, *, now: datetime) -> datetime:
    """When the session ends if nobody touches it again."""
    started, seen = _moment(request, STARTED) or now, _moment(request, SEEN) or now
    return min(started + settings.SESSION_ABSOLUTE, seen + settings.SESSION_IDLE)


def safe_path(request: HttpRequest, target: str) -> str:
    """A page of this site to go back to, or nothing."""
    return target if target and url_has_allowed_host_and_scheme(target, {request.get_host()}) else ""


def is_locked(request: HttpRequest) -> bool:
    return LOCKED in request.session


def lock(request: HttpRequest, *, back_to: str, now: datetime) -> None:
    """Hides the screen. What was open is remembered, and shown again only after `unlock`."""
    request.session[LOCKED] = now.isoformat()
    request.session[NEXT] = safe_path(request, back_to)


def unlock(request: HttpRequest) -> str:
    """Shows the screen again; returns the page that was open."""
    back_to: str = request.session.pop(NEXT, "")
    request.session.pop(LOCKED, None)
    request.session.pop(MISSES, None)
    return back_to or "/"


def unlock_with_password(request: HttpRequest, *, person: Person, password: str) -> str | None:
    """The page that was open, or None when the password is wrong. The fifth wrong one signs the person out."""
    if person.check_password(password):
        return unlock(request)
    misses = request.session.get(MISSES, 0) + 1
    request.session[MISSES] = misses
    if misses >= MISSES_ALLOWED:
        logout(request)
    return None
