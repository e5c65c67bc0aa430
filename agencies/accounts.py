"""Sign-in: accounts are made by security officers, never by the person who wants one."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse

from agencies.services.sign_in import Attempt, attempt_begin, attempt_forgive
from agencies.viewers import viewer_of
from cseccase import clock
from cseccase.confidentiality.context import viewing_as
from cseccase.drafts.kept import newest_kept


class StaffAccountAdapter(DefaultAccountAdapter):
    """allauth for staff: no sign-up, and e-mails that carry nothing but "sign in"."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": "Too many wrong answers. Wait a quarter of an hour, or ask your agency’s security "
        "officer to let you try again. A passkey works at any time.",
    }
    attempt: Attempt | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second step confirms with it, a passkey first; a password alone is no proof of presence then."""
        ways = super().get_reauthentication_methods(user)
        second = [way for way in ways if way["id"] != "reauthenticate"]
        return sorted(second, key=lambda way: "webauthn" not in way["id"]) or ways

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the person was going; else to a form of theirs that was not let through; else home."""
        if not request.user.is_authenticated:
            return str(super().get_login_redirect_url(request))
        now = clock.now()
        viewer = viewer_of(request.user, now=now)  # type: ignore[arg-type]
        with viewing_as(viewer):
            kept = newest_kept(viewer=viewer, now=now)
        home: str = super().get_login_redirect_url(request)
        return reverse("agencies:kept", args=[kept]) if kept else home

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try before the password is looked at. Raises ValidationError when it has to wait."""
        self.attempt = attempt_begin(
            email=str(credentials.get("email", "")), address=get_ip(request), now=clock.now()
        )
        if self.attempt is None:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """allauth's moment at which a password was right."""
        if self.attempt is not None:
            attempt_forgive(self.attempt)


def codes_release(request: HttpRequest, person: Any) -> None:
    """Forgets wrong codes of the second step, which allauth counts by itself."""
    ratelimit.clear(request, action="login_failed", key=f"mfa-auth-user-{person.pk}")


class StaffMFAAdapter(DefaultMFAAdapter):
    """The second step of staff: an app or a passkey. Recovery codes stand in for one, and are none by themselves."""

    STEPS: ClassVar[tuple[str, ...]] = ("totp", "webauthn")

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        return bool(super().is_mfa_enabled(user, types=types or self.STEPS))
