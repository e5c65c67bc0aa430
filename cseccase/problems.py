"""Pages for what goes wrong. None of them says more than the person may know."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cseccase.errors import HouseError, NotAllowed, NotRecorded, NotVisible


def problem_page(request: HttpRequest, problem: HouseError) -> HttpResponse:
    """One page for every answer the house gives on purpose."""
    context = {"message": problem.message, "refusal": getattr(problem, "refusal", None)}
    if isinstance(problem, NotVisible):
        return not_found(request)
    if isinstance(problem, NotRecorded):
        return render(request, "errors/not_recorded.html", context, status=problem.status)
    template = "errors/403.html" if isinstance(problem, NotAllowed) else "errors/409.html"
    return render(request, template, context, status=problem.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the shell: nothing of it can be trusted to work."""
    return render(None, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)
