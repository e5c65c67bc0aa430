"""What the pages of reports and logs ask: a period, a stretch of days, a kind of act, a case number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from reporting.log_kinds import KINDS
from reporting.unusual import LABELS

CASE_NUMBER = r"^[A-Za-z]{1,2}-[0-9A-Za-z]{3}-[0-9A-Za-z]{3}$"


class PeriodForm(forms.Form):
    """Which quarter or year."""

    period = forms.ChoiceField(
        label="Period", error_messages={"invalid_choice": "Choose a period from the list."}
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["period"]
        field.choices = choices


class DayField(forms.DateField):
    """A day, picked or written."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput({"autocomplete": "off"}, format="%Y-%m-%d")
        widget.input_type = "date"
        super().__init__(
            required=False,
            widget=widget,
            input_formats=["%Y-%m-%d", "%m/%d/%Y"],
            error_messages={"invalid": "Write the day like 11/17/2026."},
            **kwargs,
        )


class DaysForm(forms.Form):
    """From a day to a day."""

    from_on = DayField(label="From")
    to_on = DayField(label="To")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        first, last = answers.get("from_on"), answers.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", "The last day is before the first. Choose a later one.")
        return answers


class LogFilterForm(DaysForm):
    """Which entries of the access log: from a day to a day, and of which kind."""

    kind = forms.ChoiceField(
        label="What was done",
        required=False,
        choices=[("", "Everything"), *((kind.key, kind.label) for kind in KINDS)],
        error_messages={"invalid_choice": "Choose what was done from the list."},
    )


class ChangesFilterForm(DaysForm):
    """Which changes of a case file: from a day to a day, and of which kind of record."""

    record = forms.ChoiceField(
        label="Which record",
        required=False,
        error_messages={"invalid_choice": "Choose the record from the list."},
    )

    def __init__(self, *args: Any, records: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["record"]
        field.choices = [("", "Every record"), *records]


class UnusualForm(DaysForm):
    """Which days to ask about: from a day to a day, for which reason, and whether reviewed ones are left out."""

    why = forms.ChoiceField(
        label="Reason to ask",
        required=False,
        choices=[("", "Any reason"), *((why.value, label) for why, label in LABELS.items())],
        error_messages={"invalid_choice": "Choose the reason from the list."},
    )
    reviewed = forms.ChoiceField(
        label="Reviewed already",
        required=False,
        choices=[("", "Leave out"), ("yes", "Show too")],
        error_messages={"invalid_choice": "Choose one of the two."},
    )


class HomeAddressForm(forms.Form):
    """Where a staff member lives; kept as a fingerprint only. Left empty, it is forgotten."""

    address = forms.CharField(
        label="House number and street",
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Like 1200 Main Street. Only a fingerprint is kept, to compare with addresses in files. Leave it empty to forget it.",
    )


class ReviewForm(forms.Form):
    """What came of asking."""

    finding = forms.ChoiceField(
        label="What did you find?",
        choices=[
            ("explained", "It was for their work"),
            ("passed_on", "I passed it on to the privacy officer"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what you found."},
    )
    words = forms.CharField(
        label="In a few words",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="Whom you asked and what they said. No child’s name and no facts of a case.",
        error_messages={"required": "Write a few words: whom you asked, and what they said."},
    )


class CaseNumberForm(forms.Form):
    """Whose log: a case file by its number. Sent by POST, so that the number stays out of addresses and logs."""

    number = forms.RegexField(
        label="Case number",
        regex=CASE_NUMBER,
        strip=True,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Like CF-7KQ-2MX.",
        error_messages={
            "required": "Write the case number.",
            "invalid": "Write the case number like CF-7KQ-2MX.",
        },
    )

    def clean_number(self) -> str:
        return str(self.cleaned_data["number"]).upper()
