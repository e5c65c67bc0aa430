"""What a watchman outside asks: does the product answer, and do its deadlines run."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET


@login_not_required
@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    """200 while the web process reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_GET
def deadlines(request: HttpRequest) -> HttpResponse:
    """503 with the alarm's name when no sweeper was at work for 90 seconds, a stage is two minutes late, or nobody looks."""
    trouble = apps.get_app_config("referrals").deadlines_trouble()  # type: ignore[attr-defined]
    return HttpResponse(
        "".join(f"{name}\n" for name in trouble) or "ok\n",
        status=503 if trouble else 200,
        content_type="text/plain; charset=utf-8",
    )
