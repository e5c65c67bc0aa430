"""Addresses of the API of one's own notices."""

from __future__ import annotations

from django.urls import path

from agencies.api import views

urlpatterns = [
    path("notices", views.NoticesApi.as_view(), name="api_notices"),
    path("notices/<uuid:notice_id>/read", views.NoticeReadApi.as_view(), name="api_notice_read"),
]
