"""A request of somebody signed in, as the views of this floor get it from the middleware."""

from __future__ import annotations

from django.http import HttpRequest

from cseccase.confidentiality.viewer import Viewer


class StaffRequest(HttpRequest):
    """`viewer` is who is looking (agencies.middleware.ViewerMiddleware)."""

    viewer: Viewer
