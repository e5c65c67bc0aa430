"""Signing in and out, the second factor, and the list of one's own sessions: allauth's pages, and no sign-up."""

from __future__ import annotations

from allauth.account import views as account
from django.conf import settings
from django.urls import include, path

from agencies.views import account as own_account
from agencies.views import practice

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("first/<str:uid>/<str:token>/", own_account.first_password, name="first_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]

if settings.PRACTICE_SIGN_IN:
    urlpatterns += [path("practice/", practice.pick_person, name="practice_sign_in")]
