"""Opening a file in an emergency, and reviewing that it was opened."""

from __future__ import annotations

from django import forms

from agencies.disclosure.emergency import REASON_NAMES
from cseccase.errors import RuleBroken
from cseccase.forms import UswdsFormMixin
from referrals.services.emergency import WORDS_AT_LEAST, number_read

VERDICTS = (("justified", "Yes, it was justified"), ("not_justified", "No, it was not justified"))


class EmergencyForm(UswdsFormMixin, forms.Form):
    """Which file, why it cannot wait, and what is happening."""

    number = forms.CharField(
        max_length=20,
        label="Case number",
        help_text="The whole number, like CF-7KM-2QX. You cannot search here.",
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    reason = forms.ChoiceField(
        label="Why can this not wait?", choices=tuple(REASON_NAMES.items()), widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="What is happening?",
        help_text="One or two sentences. Your supervisor and the agency that keeps the file read them.",
        min_length=WORDS_AT_LEAST,
        max_length=600,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages={"min_length": "Write a whole sentence. It is read in the review."},
    )

    def clean_number(self) -> str:
        try:
            return number_read(self.cleaned_data["number"])
        except RuleBroken as broken:
            raise forms.ValidationError(broken.message) from None


class ReviewForm(UswdsFormMixin, forms.Form):
    """Was it justified, and how the reviewer knows."""

    verdict = forms.ChoiceField(
        label="Was it justified to open this file?", choices=VERDICTS, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="How do you know?",
        help_text="Whom you asked, and what you found. If it was not justified, what happens next.",
        min_length=WORDS_AT_LEAST,
        max_length=600,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages={"min_length": "Write a whole sentence."},
    )
