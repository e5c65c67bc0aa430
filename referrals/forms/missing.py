"""The child is missing; the child was located."""

from __future__ import annotations

from django import forms
from django.utils.text import capfirst

from cseccase.forms import DayTimeField, UswdsFormMixin
from referrals.choices import Answer
from referrals.deadlines.register.missing import COURT_LIMIT, NOBODY, NOTICE_GROUNDS
from referrals.duty_words import RECIPIENTS
from referrals.services.missing import MissingSaid


def _words(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "autocomplete": "off"})


class MissingForm(UswdsFormMixin, forms.Form):
    """One page. What is not known stays empty: the reports are due at once with what there is."""

    told_at = DayTimeField(
        label="When were you told?", help_text="Every clock runs from this time, not from when you type."
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

    nobody = forms.MultipleChoiceField(
        required=False,
        label="Whom does this child not have?",
        choices=[
            (to, capfirst(RECIPIENTS[to])) for to, grounds in NOTICE_GROUNDS.items() if NOBODY in grounds
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text="For a child in foster care. Each of these is told within 24 hours; mark those whom the child does not "
        "have. If you do not know, leave it.",
    )
    limited = forms.MultipleChoiceField(
        required=False,
        label="To whom did the court limit or end notice?",
        choices=[
            (to, capfirst(RECIPIENTS[to])) for to, grounds in NOTICE_GROUNDS.items() if COURT_LIMIT in grounds
        ],
        widget=forms.CheckboxSelectMultiple,
    )

    def not_owed(self) -> dict[str, str]:
        """Which notices are not owed, and on which ground; a court's order comes before an absence."""
        data = self.cleaned_data
        return {to: NOBODY for to in data["nobody"]} | {to: COURT_LIMIT for to in data["limited"]}

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
            not_owed=self.not_owed(),
        )


class LocatedForm(UswdsFormMixin, forms.Form):
    """When and how the child was found."""

    located_at = DayTimeField(label="When was the child located?")
    note = forms.CharField(max_length=4000, required=False, label="How?", widget=_words(3))
