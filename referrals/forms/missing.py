"""The child is missing; the child was located."""

from __future__ import annotations

from django import forms

from cseccase.forms import DayTimeField, UswdsFormMixin
from referrals.choices import Answer
from referrals.services.missing import MissingSaid


def _words(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "autocomplete": "off"})


class MissingForm(UswdsFormMixin, forms.Form):
    """One page. What is not known stays empty: the reports are due at once with what there is."""

    told_at = DayTimeField(
        label="When were you told?", help_text="Both clocks run from this time, not from when you type."
    )
    last_seen_at = DayTimeField(label="When was the child last seen?", required=False)
    last_seen_place = forms.CharField(
        max_length=200,
        required=False,
        label="Where was the child last seen?",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    description = forms.CharField(
        max_length=4000,
        required=False,
        label="What does the child look like?",
        help_text="Height, weight, hair, eyes, clothing, marks; whether there is a photograph.",
        widget=_words(3),
    )
    endangerment = forms.CharField(
        max_length=4000,
        required=False,
        label="What puts the child in danger?",
        help_text="Only as far as the law lets you share it: pregnancy, medication, thoughts of suicide, exploitation.",
        widget=_words(3),
    )
    indian_child = forms.ChoiceField(
        label="Is the child, or may the child be, an Indian child?",
        choices=Answer.choices,
        widget=forms.RadioSelect,
        initial=Answer.NOT_KNOWN,
    )
    tribe = forms.CharField(max_length=120, required=False, label="Tribe")

    def said(self) -> MissingSaid:
        data = self.cleaned_data
        return MissingSaid(
            told_at=data["told_at"],
            last_seen_at=data["last_seen_at"],
            last_seen_place=data["last_seen_place"],
            description=data["description"],
            endangerment=data["endangerment"],
            indian_child=Answer(data["indian_child"]),
            tribe=data["tribe"],
        )


class LocatedForm(UswdsFormMixin, forms.Form):
    """When and how the child was found."""

    located_at = DayTimeField(label="When was the child located?")
    note = forms.CharField(max_length=4000, required=False, label="How?", widget=_words(3))
