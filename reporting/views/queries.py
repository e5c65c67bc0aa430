"""Addresses of the pages of a list that keep what was asked for."""

from __future__ import annotations

from django.http import HttpRequest


def older_url(request: HttpRequest, before: str) -> str:
    """The next page, or nothing at the end."""
    if not before:
        return ""
    query = request.GET.copy()
    query["before"] = before
    return f"?{query.urlencode()}"


def newer_url(request: HttpRequest) -> str:
    """Back to the first page, or nothing where this is it."""
    return without_page(request) or "?" if "before" in request.GET else ""


def without_page(request: HttpRequest) -> str:
    """What was asked for, without the page."""
    query = request.GET.copy()
    query.pop("before", None)
    return f"?{query.urlencode()}" if query else ""
