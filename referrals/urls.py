"""Addresses of referrals, duties and case files."""

from __future__ import annotations

from django.urls import include, path

app_name = "referrals"
urlpatterns = [
    path("", include("referrals.urls_intake")),
    path("", include("referrals.urls_work")),
]
