"""Why a duty was late, and what a reviewer says to it."""

from __future__ import annotations

from typing import Any

from django import forms

from cseccase.forms import UswdsFormMixin
from referrals.models import BreachReason
from referrals.services.breach import LONGEST, ReasonSaid

ACCEPT, RETURN = "accepted", "returned"


class BreachForm(UswdsFormMixin, forms.Form):
    """One of the list, and a sentence or two."""

    reason = forms.ChoiceField(
        label="Why was it late?", choices=BreachReason.Reason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="What happened?",
        max_length=LONGEST,
        help_text="Who waited for whom, and since when. Leave out what others need not know about the child.",
        widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
    )

    def said(self) -> ReasonSaid:
        return ReasonSaid(self.cleaned_data["reason"], self.cleaned_data["words"])


class BreachReviewForm(UswdsFormMixin, forms.Form):
    """Whether the reason stands."""

    verdict = forms.ChoiceField(
        label="Does this reason stand?",
        choices=[(ACCEPT, "Yes, it stands"), (RETURN, "No, send it back")],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="What follows, or what is missing?",
        max_length=LONGEST,
        required=False,
        help_text="Needed when you send it back.",
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == RETURN and not data.get("words", "").strip():
            self.add_error("words", "Say what is missing, so that it can be written anew.")
        return data
