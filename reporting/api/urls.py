"""Addresses of the API of reports, of the access log and of what changed."""

from __future__ import annotations

from django.urls import path

from reporting.api import views

urlpatterns = [
    path("reports", views.ReportsApi.as_view(), name="api_reports"),
    path("reports/<slug:period>", views.ReportApi.as_view(), name="api_report"),
    path("cases/<uuid:case_id>/who-looked", views.CaseLogApi.as_view(), name="api_case_log"),
    path("cases/<uuid:case_id>/history", views.HistoryApi.as_view(), name="api_history"),
    path("people/<uuid:person_id>/who-looked", views.PersonLogApi.as_view(), name="api_person_log"),
]
