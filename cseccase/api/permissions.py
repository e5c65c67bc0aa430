"""Who may use the API at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class DenyUnlessNamed(BasePermission):
    """A view without an action for the method is closed to everybody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        action = getattr(view, "actions", {}).get(request.method)
        return bool(action) and getattr(request._request, "viewer", None) is not None
