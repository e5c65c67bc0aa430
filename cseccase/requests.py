"""A request of somebody signed in."""

from __future__ import annotations

from django.http import HttpRequest

from cseccase.confidentiality.viewer import Viewer


class StaffRequest(HttpRequest):
    """`viewer` is who is looking (`agencies.middleware.ViewerMiddleware`); a view that asks for it is behind sign-in."""

    viewer: Viewer
