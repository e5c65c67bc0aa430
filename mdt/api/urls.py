"""Addresses of the API of team meetings."""

from __future__ import annotations

from django.urls import path

from mdt.api import views

urlpatterns = [
    path("meetings", views.MeetingsApi.as_view(), name="api_meetings"),
    path("meetings/<uuid:meeting_id>", views.MeetingApi.as_view(), name="api_meeting"),
]
