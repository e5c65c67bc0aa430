"""Addresses of the API of reports."""

from __future__ import annotations

from django.urls import path

from reporting.api import views

urlpatterns = [
    path("reports", views.ReportsApi.as_view(), name="api_reports"),
    path("reports/<slug:period>", views.ReportApi.as_view(), name="api_report"),
]
