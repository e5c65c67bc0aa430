"""Addresses of the API of referrals, case files and duties."""

from __future__ import annotations

from django.urls import path

from referrals.api.views import records, sharing, status, work

urlpatterns = [
    path("referrals", records.ReferralsApi.as_view(), name="api_referrals"),
    path("referrals/<uuid:referral_id>", records.ReferralApi.as_view(), name="api_referral"),
    path("referrals/<uuid:referral_id>/response", records.ResponseApi.as_view(), name="api_response"),
    path("cases", records.CasesApi.as_view(), name="api_cases"),
    path("cases/<uuid:case_id>/events", records.CaseEventsApi.as_view(), name="api_case_events"),
    path(
        "cases/<uuid:case_id>/events/<uuid:event_id>/correction",
        work.CorrectionApi.as_view(),
        name="api_event_correction",
    ),
    path("cases/<uuid:case_id>/missing", work.MissingApi.as_view(), name="api_missing"),
    path("cases/<uuid:case_id>/located", work.LocatedApi.as_view(), name="api_located"),
    path("cases/<uuid:case_id>/sharing", sharing.SharingApi.as_view(), name="api_sharing"),
    path("cases/<uuid:case_id>/parties", sharing.PartiesApi.as_view(), name="api_parties"),
    path(
        "cases/<uuid:case_id>/parties/<uuid:party_id>/end",
        sharing.PartyEndApi.as_view(),
        name="api_party_end",
    ),
    path("cases/<uuid:case_id>/papers", sharing.PapersApi.as_view(), name="api_papers"),
    path(
        "cases/<uuid:case_id>/papers/<uuid:paper_id>/revoke",
        sharing.PaperRevokeApi.as_view(),
        name="api_paper_revoke",
    ),
    path("cases/<uuid:case_id>/duties", records.CaseDutiesApi.as_view(), name="api_case_duties"),
    path("cases/<uuid:case_id>/status", status.CaseStatusApi.as_view(), name="api_status"),
    path(
        "cases/<uuid:case_id>/status/suggestion",
        status.StatusSuggestionApi.as_view(),
        name="api_status_suggestion",
    ),
    path(
        "cases/<uuid:case_id>/status/<uuid:status_id>/end",
        status.StatusEndApi.as_view(),
        name="api_status_end",
    ),
    path(
        "cases/<uuid:case_id>/project-codes/<uuid:code_id>/end",
        status.ProjectCodeEndApi.as_view(),
        name="api_project_code_end",
    ),
    path("duties", records.DutiesApi.as_view(), name="api_duties"),
    path("duties/<uuid:duty_id>", records.DutyApi.as_view(), name="api_duty"),
    path("duties/<uuid:duty_id>/evidence", work.DutyEvidenceApi.as_view(), name="api_duty_evidence"),
    path("duties/<uuid:duty_id>/take", work.DutyTakeApi.as_view(), name="api_duty_take"),
    path(
        "duties/<uuid:duty_id>/acknowledge",
        work.DutyAcknowledgeApi.as_view(),
        name="api_duty_acknowledge",
    ),
    path("duties/<uuid:duty_id>/drop", work.DutyDropApi.as_view(), name="api_duty_drop"),
]
