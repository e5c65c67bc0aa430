"""Addresses of the API, under the same doors and walls as the pages; and its own description."""

from __future__ import annotations

from django.urls import include, path

from cseccase.schema import OpenApi

urlpatterns = [
    path("", include("agencies.api.urls")),
    path("", include("referrals.api.urls")),
    path("", include("mdt.api.urls")),
    path("", include("reporting.api.urls")),
    path("openapi.json", OpenApi.as_view(), name="api_openapi"),
]
