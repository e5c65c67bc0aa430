"""What county counsel writes when the county's deadlines are to change."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.forms.people import DayField
from cseccase.forms import UswdsFormMixin
from referrals.deadlines.rules import READINGS

KEEP = ""
UNITS = [
    ("minutes", "minutes"),
    ("hours", "hours, by day and by night"),
    ("days", "calendar days"),
    ("months", "months"),
    (KEEP, "As the register has it"),
]
YES, NO = "yes", "no"


class LimitForm(UswdsFormMixin, forms.Form):
    """How long one duty may take in this county."""

    count = forms.IntegerField(
        required=False, min_value=1, label="How many?", widget=forms.NumberInput({"inputmode": "numeric"})
    )
    unit = forms.ChoiceField(label="Of what?", choices=UNITS, required=False, widget=forms.RadioSelect)


class ReadingsForm(UswdsFormMixin, forms.Form):
    """How the county reads the rows of the law that can be read in two ways."""

    def __init__(self, *args: Any, reads: dict[str, bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for reading in READINGS:
            self.fields[reading.id] = forms.ChoiceField(
                label=reading.question,
                help_text=reading.source,
                choices=[(YES, "Yes"), (NO, "No")],
                widget=forms.RadioSelect,
                initial=YES if reads[reading.id] else NO,
            )

    def readings(self) -> dict[str, bool]:
        return {reading.id: self.cleaned_data[reading.id] == YES for reading in READINGS}


class SubmitForm(UswdsFormMixin, forms.Form):
    """Why, and from when."""

    reason = forms.CharField(
        label="Why?",
        max_length=500,
        help_text="A sentence: the law, the order or the agreement. No child’s name.",
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )
    effective_on = DayField(
        label="From which day?", required=False, help_text="Empty: from the moment the second person signs."
    )
