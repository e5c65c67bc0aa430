"""The API's two house rules: deny unless a view names its action, and one way to answer what goes wrong."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback
from rest_framework.views import exception_handler as rest_exception_handler

from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import HouseError, NotAllowed, NotVisible, RuleBroken


class DenyUnlessNamed(BasePermission):
    """A view without an `action` for the method is closed to everybody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        action = getattr(view, "actions", {}).get(request.method)
        return bool(action) and getattr(request._request, "viewer", None) is not None


def exception_handler(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Hidden and absent are the same 404; a refusal names the rule and whom to ask."""
    request = context["request"]._request
    if isinstance(problem, (NotVisible, Http404)):
        set_rollback()
        request.refused = problem
        return Response({"detail": NotVisible().message}, status=404)
    if isinstance(problem, HouseError):
        set_rollback()
        request.refused = problem
        body: dict[str, Any] = {"detail": problem.message}
        if isinstance(problem, NotAllowed):
            refusal = problem.refusal
            body |= {"rule": refusal.rule, "opens": refusal.opens, "ask": refusal.ask}
        if isinstance(problem, RuleBroken) and problem.field:
            body["field"] = problem.field
        return Response(body, status=problem.status)
    if isinstance(problem, (exceptions.NotAuthenticated, exceptions.PermissionDenied)):
        request.refused = problem
    return rest_exception_handler(problem, context)


class HouseApi(APIView):
    """One address of the API: names its action for each method it answers, and hands the viewer inward."""

    actions: dict[str, str] = {}

    @property
    def viewer(self) -> Viewer:
        """Who is looking; the permission class has made sure that somebody is."""
        return self.request._request.viewer  # type: ignore[no-any-return, attr-defined]
