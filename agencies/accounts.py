"""Sign-in: accounts are made by security officers, never by the person who wants one."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from agencies.viewers import viewer_of
from cseccase import clock
from cseccase.confidentiality.context import viewing_as
from cseccase.drafts.kept import newest_kept


class StaffAccountAdapter(DefaultAccountAdapter):
    """allauth for staff: no sign-up, and e-mails that carry nothing but "sign in"."""

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
