"""What the pages with forms share: a broken rule stands on its question, and a draft comes back."""

from __future__ import annotations

from uuid import UUID

from django import forms

from cseccase.confidentiality.viewer import Viewer
from cseccase.drafts.forms import initial_of
from cseccase.drafts.models import Draft
from cseccase.drafts.services import draft_of
from cseccase.errors import RuleBroken


def say_on(form: forms.Form, broken: RuleBroken) -> None:
    """Puts the words of a broken rule on the question they are about, or on the whole form."""
    form.add_error(broken.field if broken.field in form.fields else None, broken.message)


def draft_back(form: forms.Form, *, viewer: Viewer, name: str, about: UUID) -> Draft | None:
    """Gives the form what this person had typed and not sent."""
    draft = draft_of(viewer=viewer, form=name, about=about)
    if draft is not None:
        form.initial = {**form.initial, **initial_of(form, draft.answers)}
    return draft
