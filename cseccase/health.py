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
    """503 when the sweeper is silent for 90 seconds or a stage is two minutes late."""
    well = apps.get_app_config("referrals").sweeper_is_well()  # type: ignore[attr-defined]
    return HttpResponse(
        "ok\n" if well else "the deadline sweeper is late\n",
        status=200 if well else 503,
        content_type="text/plain; charset=utf-8",
    )
