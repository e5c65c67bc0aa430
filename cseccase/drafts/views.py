"""Where a page's script sends what is being typed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from cseccase import clock
from cseccase.confidentiality.viewer import Viewer
from cseccase.drafts import services
from cseccase.errors import NotVisible
from cseccase.requests import StaffRequest


@require_POST
def draft_save(request: StaffRequest, form: str) -> HttpResponse:
    """Saves the posted answers as this person's draft of this form."""
    viewer: Viewer | None = request.viewer
    if viewer is None:
        raise NotVisible
    now = clock.now()
    try:
        about = UUID(request.POST["about"]) if request.POST.get("about") else None
    except ValueError as error:
        raise NotVisible from error
    services.draft_save(viewer=viewer, form=form, about=about, answers=dict(request.POST.lists()), now=now)
    return JsonResponse({"saved_at": now.isoformat()})
