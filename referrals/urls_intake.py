"""Addresses of what comes in: referrals, the decision, the status fields, the search."""

from __future__ import annotations

from django.urls import path

from referrals.views import find, referral, response, status

urlpatterns = [
    path("referrals/urgent", referral.urgent, name="urgent"),
    path("referrals/new", referral.ordinary, name="ordinary"),
    path("referrals/<uuid:referral_id>", referral.referral, name="referral"),
    path("referrals/<uuid:referral_id>/name", referral.show_name, name="show_name"),
    path("referrals/<uuid:referral_id>/logged", referral.logged, name="logged"),
    path("referrals/<uuid:referral_id>/response", response.decide, name="decide"),
    path("find", find.find, name="find"),
    path("cases/<uuid:case_id>/status", status.fields, name="status"),
    path("cases/<uuid:case_id>/status/suggest", status.suggest, name="status_suggest"),
    path("cases/<uuid:case_id>/status/<uuid:status_id>/end", status.end, name="status_end"),
    path("cases/<uuid:case_id>/project-codes/<uuid:code_id>/end", status.code_end, name="project_code_end"),
]
