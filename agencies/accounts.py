"""Sign-in: accounts are made by security officers, never by the person who wants one."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):
    """allauth for staff: no sign-up, and e-mails that carry nothing but "sign in"."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
