"""Keeping what somebody types, and giving it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cseccase.confidentiality.viewer import Viewer
from cseccase.drafts.models import Draft

MAX_LENGTH = 50_000


def draft_save(
    *, viewer: Viewer, form: str, about: UUID | None, answers: dict[str, list[str]], now: datetime
) -> None:
    """The latest unsent answers of this person on this form. Secrets of the browser (tokens) are not answers."""
    kept = {
        name: [value[:MAX_LENGTH] for value in values]
        for name, values in answers.items()
        if name not in {"csrfmiddlewaretoken", "about"}
    }
    Draft.objects.update_or_create(
        author_id=viewer.person, form=form, about=about, defaults={"answers": kept, "saved_at": now}
    )


def draft_of(*, viewer: Viewer, form: str, about: UUID | None = None) -> Draft | None:
    """What this person had typed and not sent, or None."""
    return Draft.objects.filter(author=viewer.person, form=form, about=about).first()


def draft_drop(*, viewer: Viewer, form: str, about: UUID | None = None) -> None:
    """The answers were sent: the draft has done its work."""
    Draft.objects.filter(author=viewer.person, form=form, about=about).delete()
