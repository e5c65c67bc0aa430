"""A note that only its author reads."""

from __future__ import annotations

from django import forms

from cseccase.forms import UswdsFormMixin
from referrals.models.note import LONGEST


class NoteForm(UswdsFormMixin, forms.Form):
    words = forms.CharField(
        label="Your note",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 8, "autocomplete": "off"}),
        error_messages={"required": "Write the note."},
    )
