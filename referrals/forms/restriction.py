"""Restricting a case file to named people, and ending that."""

from __future__ import annotations

import re

from django import forms

from cseccase.forms import UswdsFormMixin
from referrals.services.restriction import REASON_AT_LEAST

SENTENCE = {"min_length": "Write a whole sentence.", "required": "Write in a sentence why."}


class RestrictionForm(UswdsFormMixin, forms.Form):
    emails = forms.CharField(
        label="Who may open this file?",
        help_text="Work e-mail addresses, one a line. Name a supervisor of your agency, somebody of every agency that owes something, and those who answer for the child at night.",
        max_length=6000,
        widget=forms.Textarea({"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Name at least one person."},
    )
    reason = forms.CharField(
        label="Why?",
        help_text="Only the people you name can read it.",
        min_length=REASON_AT_LEAST,
        max_length=600,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages=SENTENCE,
    )

    def clean_emails(self) -> list[str]:
        return [one for one in re.split(r"[\s,;]+", self.cleaned_data["emails"]) if one]


class RestrictionEndForm(UswdsFormMixin, forms.Form):
    why = forms.CharField(
        label="Why does the restriction end?",
        min_length=REASON_AT_LEAST,
        max_length=600,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages=SENTENCE,
    )
