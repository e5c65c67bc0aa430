"""Addresses of reports, of the access log, of what changed, and of the written report."""

from __future__ import annotations

from django.urls import path

from reporting.views import changed, looked, report, unusual, written_report

app_name = "reporting"
urlpatterns = [
    path("reports/", report.committee, name="committee"),
    path("reports/count", report.committee_count, name="committee_count"),
    path("reports/who-looked/", looked.looked, name="looked"),
    path("reports/who-looked/case", looked.looked_find, name="looked_find"),
    path("reports/who-looked/cases/<uuid:case_id>", looked.looked_case, name="looked_case"),
    path("reports/who-looked/people/<uuid:person_id>", looked.looked_person, name="looked_person"),
    path("reports/who-looked/cases/<uuid:case_id>.csv", looked.looked_case_csv, name="looked_case_csv"),
    path(
        "reports/who-looked/people/<uuid:person_id>.csv", looked.looked_person_csv, name="looked_person_csv"
    ),
    path("reports/who-looked/people/<uuid:person_id>/home", looked.home_address, name="home_address"),
    path("reports/who-looked/unusual", unusual.unusual, name="unusual"),
    path(
        "reports/who-looked/people/<uuid:person_id>/days/<str:day>", unusual.unusual_day, name="unusual_day"
    ),
    path("reports/<slug:period>/report.csv", report.committee_csv, name="committee_csv"),
    path("reports/<slug:period>/report.pdf", report.committee_pdf, name="committee_pdf"),
    path("cases/<uuid:case_id>/history", changed.changed, name="changed"),
    path("cases/<uuid:case_id>/history.csv", changed.changed_csv, name="changed_csv"),
    path(
        "cases/<uuid:case_id>/referrals/<uuid:referral_id>/written-report",
        written_report.written_report,
        name="written_report",
    ),
    path(
        "cases/<uuid:case_id>/referrals/<uuid:referral_id>/written-report.pdf",
        written_report.written_report_pdf,
        name="written_report_pdf",
    ),
]
