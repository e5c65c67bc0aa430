"""Addresses of the API, under the same doors and walls as the pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("referrals.api.urls")),
]
