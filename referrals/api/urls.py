"""Addresses of the API of referrals, case files and duties."""

from __future__ import annotations

from django.urls import path

from referrals.api import views

urlpatterns = [
    path("referrals", views.ReferralsApi.as_view(), name="api_referrals"),
    path("referrals/<uuid:referral_id>", views.ReferralApi.as_view(), name="api_referral"),
    path("referrals/<uuid:referral_id>/response", views.ResponseApi.as_view(), name="api_response"),
    path("cases", views.CasesApi.as_view(), name="api_cases"),
    path("cases/<uuid:case_id>/events", views.CaseEventsApi.as_view(), name="api_case_events"),
    path("cases/<uuid:case_id>/duties", views.CaseDutiesApi.as_view(), name="api_case_duties"),
    path("duties", views.DutiesApi.as_view(), name="api_duties"),
    path("duties/<uuid:duty_id>", views.DutyApi.as_view(), name="api_duty"),
]
