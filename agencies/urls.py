from __future__ import annotations

from django.urls import path

from agencies.views import home

app_name = "agencies"
urlpatterns = [
    path("", home.home, name="home"),
]
