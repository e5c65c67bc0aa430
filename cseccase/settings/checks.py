"""System checks that refuse to start a county whose doors are wider than promised."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.urls import Resolver404, resolve

from cseccase.outbox.webpush import private_key
from cseccase.settings.limits import broken


@register(Tags.security)
def limits_are_kept(app_configs: Any, **kwargs: Any) -> list[Error]:
    """No limit of sign-in or session is looser than its floor."""
    return [Error(words, id="cseccase.E101") for words in broken(settings)]


@register(Tags.security)
def gateways_are_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """In production telephone numbers travel encrypted, and push services know whom to ask (RFC 8292 2.1)."""
    if not settings.PRODUCTION:
        return []
    problems = []
    if settings.SMS_GATEWAY_URL and not settings.SMS_GATEWAY_URL.startswith("https://"):
        problems.append(Error("SMS_GATEWAY_URL begins with https://", id="cseccase.E105"))
    if settings.PUSH_CONTACT and not settings.PUSH_CONTACT.startswith(("mailto:", "https://")):
        problems.append(Error("PUSH_CONTACT begins with mailto: or https://", id="cseccase.E106"))
    if any(not service.startswith("https://") for service in settings.PUSH_SERVICES):
        problems.append(Error("Every one of PUSH_SERVICES begins with https://", id="cseccase.E107"))
    if settings.OUTBOX_GATEWAYS["push"]:
        try:
            private_key(settings.PUSH_KEY)
        except ValueError:
            problems.append(Error("PUSH_KEY is no key; `manage.py secrets` makes one.", id="cseccase.E108"))
    return problems


@register(Tags.security)
def nobody_has_every_right(app_configs: Any, **kwargs: Any) -> list[Error]:
    """No administration site, and in production a second step for everybody."""
    problems = []
    if apps.is_installed("django.contrib.admin"):
        problems.append(
            Error("django.contrib.admin goes round every wall; it is not installed here.", id="cseccase.E102")
        )
    try:
        resolve("/admin/")
    except Resolver404:
        pass
    else:
        problems.append(Error("Something answers under /admin/.", id="cseccase.E103"))
    if settings.PRODUCTION and not settings.SECOND_FACTOR_REQUIRED:
        problems.append(Error("In production everybody has a second step.", id="cseccase.E104"))
    return problems
