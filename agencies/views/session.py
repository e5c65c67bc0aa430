"""Hiding the screen, showing it again, and staying signed in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies.forms.session import UnlockForm
from agencies.services import session
from cseccase import clock


@require_POST
def hide(request: HttpRequest) -> HttpResponse:
    """Locks this session and leaves the page at once."""
    session.lock(request, back_to=request.POST.get("next", ""), now=clock.now())
    return redirect("agencies:locked")


@require_http_methods(["GET", "POST"])
def locked(request: HttpRequest) -> HttpResponse:
    """The only page of a hidden session."""
    if not session.is_locked(request):
        return redirect("agencies:home")
    with_button = settings.PRACTICE_SIGN_IN
    form = UnlockForm(request.POST if request.method == "POST" and not with_button else None)
    if request.method == "POST" and with_button:
        return redirect(session.unlock(request))
    if request.method == "POST" and form.is_valid():
        target = session.unlock_with_password(
            request,
            person=request.user,  # type: ignore[arg-type]
            password=form.cleaned_data["password"],
        )
        if target is not None:
            return redirect(target)
        if not request.user.is_authenticated:
            return redirect("account_login")
        form.add_error("password", "That is not your password. After five wrong tries you are signed out.")
    return render(request, "agencies/locked.html", {"form": form, "with_button": with_button})


@login_not_required
@require_POST
def extend(request: HttpRequest) -> HttpResponse:
    """Stay signed in: the middleware has counted this request; a script is told until when, a form is sent back."""
    wants_page = "text/html" in request.headers.get("Accept", "")
    if not request.user.is_authenticated:
        if wants_page:
            return redirect("account_login")
        return JsonResponse({"detail": "Your session has ended. Sign in again."}, status=401)
    if wants_page:
        return redirect(session.safe_path(request, request.headers.get("Referer", "")) or "agencies:home")
    until = session.signed_in_until(request, now=clock.now())
    return JsonResponse({"signed_in_until": until.isoformat()})
