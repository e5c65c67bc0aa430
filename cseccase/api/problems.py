"""One answer for each thing that goes wrong: problem details (RFC 9457) that name the field, the rule and whom to ask."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from rest_framework import exceptions

from cseccase.errors import Doubted, HouseError, NotAllowed, NotVisible, RuleBroken

if TYPE_CHECKING:
    from rest_framework.response import Response

PROBLEM: Final = "application/problem+json"


def exception_handler(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Hidden and absent are the same 404; a refusal names the rule and whom to ask."""
    # Imported when used: rest_framework.views reads the setting that names this function.
    from rest_framework.response import Response
    from rest_framework.views import exception_handler as rest_exception_handler
    from rest_framework.views import set_rollback

    request = context["request"]._request
    if isinstance(problem, (NotVisible, Http404)):
        set_rollback()
        request.refused = NotVisible()
        return Response({"detail": NotVisible().message}, status=404, content_type=PROBLEM)
    if isinstance(problem, HouseError):
        set_rollback()
        request.refused = problem
        return Response(_body(problem), status=problem.status, content_type=PROBLEM)
    if isinstance(problem, (exceptions.NotAuthenticated, exceptions.PermissionDenied)):
        request.refused = problem
    return rest_exception_handler(problem, context)


def _body(problem: HouseError) -> dict[str, Any]:
    body: dict[str, Any] = {"detail": problem.message}
    if isinstance(problem, NotAllowed):
        refusal = problem.refusal
        body |= {"rule": refusal.rule, "opens": refusal.opens, "ask": refusal.ask}
    if isinstance(problem, RuleBroken) and problem.field:
        body["field"] = problem.field
    if isinstance(problem, Doubted):
        body["doubts"] = [asdict(oddity) for oddity in problem.oddities]
    return body
