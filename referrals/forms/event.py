"""Entries of the chronology that are tied to no duty, and the correction of any entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from cseccase.forms import DayTimeField, UswdsFormMixin

NOTE, IDENTIFIED = "note", "identified"


class EntryForm(UswdsFormMixin, forms.Form):
    """A note, or that the child was identified as a victim, which starts the 24-hour report to the police."""

    kind = forms.ChoiceField(
        label="What do you record?",
        choices=[(NOTE, "A note for the case"), (IDENTIFIED, "The child was identified as a victim")],
        widget=forms.RadioSelect,
        help_text="An identified victim must be reported to the police at once, never later than 24 hours.",
    )
    occurred_at = DayTimeField(label="When did it happen, or when were you told?")
    note = forms.CharField(
        max_length=4000,
        required=False,
        label="In your words",
        help_text="Child Welfare and the agencies that read the service plan can read a note. Leave out where the child is.",
        widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, may_identify: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_identify:
            kind: Any = self.fields["kind"]
            kind.choices = [(NOTE, "A note for the case")]
            kind.initial, kind.help_text = NOTE, ""


class CorrectionForm(UswdsFormMixin, forms.Form):
    """What was wrong. The mistaken entry stays readable beside the corrected one; the clocks follow."""

    withdraw = forms.BooleanField(required=False, label="This never happened: take it back")
    occurred_at = DayTimeField(label="When it happened")
    received_at = DayTimeField(label="When your agency was told", required=False)
    reference = forms.CharField(
        max_length=60,
        required=False,
        label="Number they gave you",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reason = forms.CharField(
        max_length=400, label="What was wrong?", widget=forms.Textarea({"rows": 2, "autocomplete": "off"})
    )

    def __init__(self, *args: Any, has_receipt: bool, has_reference: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_receipt:
            self.fields.pop("received_at")
        if not has_reference:
            self.fields.pop("reference")

    def moved(self, name: str) -> datetime | None:
        """A time that was changed; None where it still says what it said, since the form shows no seconds."""
        said: datetime | None = self.cleaned_data.get(name)
        before: datetime | None = self.initial.get(name)
        if said is None or (before is not None and said == before.replace(second=0, microsecond=0)):
            return None
        return said
