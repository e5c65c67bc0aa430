"""Every address of the product. `tests/access` walks this list and fails on one it has no row for."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from cseccase import health
from cseccase.drafts import views as drafts

handler400 = "cseccase.problems.bad_request"
handler403 = "cseccase.problems.forbidden"
handler404 = "cseccase.problems.not_found"
handler500 = "cseccase.problems.server_error"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("healthz/deadlines", health.deadlines, name="healthz_deadlines"),
    path(
        "favicon.ico",
        login_not_required(RedirectView.as_view(url=f"/{settings.STATIC_URL.lstrip('/')}img/icon.svg")),
    ),
    path("account/", include("agencies.account_urls")),
    path("drafts/<slug:form>", drafts.draft_save, name="draft_save"),
    path("api/", include("cseccase.api_urls")),
    path("", include("agencies.urls")),
    path("", include("referrals.urls")),
    path("", include("mdt.urls")),
    path("", include("reporting.urls")),
]
