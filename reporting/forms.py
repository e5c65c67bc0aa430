"""What the pages of reports and logs ask: a period, a stretch of days, a kind of act, a case number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from reporting.log_kinds import KINDS

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


class LogFilterForm(forms.Form):
    """Which entries of the access log: from a day to a day, and of which kind."""

    from_on = DayField(label="From")
    to_on = DayField(label="To")
    kind = forms.ChoiceField(
        label="What was done",
        required=False,
        choices=[("", "Everything"), *((kind.key, kind.label) for kind in KINDS)],
        error_messages={"invalid_choice": "Choose what was done from the list."},
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        first, last = answers.get("from_on"), answers.get("to_on")
        if first and last and last < first:
            self.add_error("to_on", "The last day is before the first. Choose a later one.")
        return answers


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
