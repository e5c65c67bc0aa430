"""System checks that refuse to start a county whose doors are wider than promised."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.urls import Resolver404, resolve

from cseccase.settings.limits import broken


@register(Tags.security)
def limits_are_kept(app_configs: Any, **kwargs: Any) -> list[Error]:
    """No limit of sign-in or session is looser than its floor."""
    return [Error(words, id="cseccase.E101") for words in broken(settings)]


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
