"""Entries of the chronology that are tied to no duty, and the correction of any entry."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.text import capfirst

from cseccase.forms import DayTimeField, UswdsFormMixin
from referrals.choices import Answer
from referrals.deadlines.register.missing import NOTICE_GROUNDS
from referrals.duty_words import RECIPIENTS
from referrals.event_words import ABUSES, FINDINGS, GROUND_CHOICES

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


YES = "yes"


class HappeningForm(UswdsFormMixin, forms.Form):
    """When the agency learned of it, and the few questions that decide which duties follow."""

    told_at = DayTimeField(
        label="When did your agency learn of it?",
        help_text="Every clock runs from this time, not from when you type.",
    )
    finding = forms.ChoiceField(
        label="What was found?", choices=list(FINDINGS.items()), widget=forms.RadioSelect
    )
    general_neglect = forms.ChoiceField(
        label="Was it general neglect alone?",
        choices=[("no", "No"), (YES, "Yes")],
        initial="no",
        widget=forms.RadioSelect,
    )
    abuse = forms.ChoiceField(
        label="Which abuse is alleged?", choices=list(ABUSES.items()), widget=forms.RadioSelect
    )
    to = forms.ChoiceField(
        label="To whom?", choices=[(to, capfirst(RECIPIENTS[to])) for to in NOTICE_GROUNDS]
    )
    ground = forms.ChoiceField(
        label="On which ground?", choices=list(GROUND_CHOICES.items()), widget=forms.RadioSelect
    )
    on = forms.DateField(
        label="On which day?",
        required=False,
        help_text="Leave it empty while the day is not known; record this again when it is.",
        widget=forms.DateInput({"type": "date"}),
    )
    disposition_on = forms.DateField(
        label="When is the disposition hearing?",
        required=False,
        help_text="The meeting is due before it. Leave it empty while it is not known.",
        widget=forms.DateInput({"type": "date"}),
    )
    indian_child = forms.ChoiceField(
        label="Is the child, or may the child be, an Indian child?",
        choices=Answer.choices,
        initial=Answer.NOT_KNOWN,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        max_length=4000,
        required=False,
        label="In your words",
        widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, asks: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"told_at", "note", *asks}:
            self.fields.pop(name)
        if "ground" in asks:
            self.fields["note"].required = True
            self.fields["note"].label = "What does this rest on?"
            self.fields["note"].help_text = "The order and its date, or who said so."

    def facts(self) -> dict[str, object]:
        """What the deadline rules read; an answer that was not given is left out."""
        said: dict[str, object] = {}
        for name, value in self.cleaned_data.items():
            if name in {"told_at", "note"} or value in {None, ""}:
                continue
            if name == "general_neglect":
                value = value == YES
            said[name] = value.isoformat() if isinstance(value, date) else value
        return said


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
