"""What is written about who is on call."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from agencies.forms.people import DayField
from agencies.rosters import WEEKS_AT_MOST, Span
from agencies.services.oncall import PatternSaid
from cseccase.forms import DayTimeField, HalfMissing, UswdsFormMixin, clock_time_read

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
FIRST, BACKUP = "first", "backup"
Choices = list[tuple[str, str]]


class ClockField(forms.CharField):
    """A time of day as people write it: "6 p.m.", "18:00", "midnight"."""

    widget = forms.TextInput({"autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        try:
            return clock_time_read(text)
        except HalfMissing:
            raise ValidationError("Add a.m. or p.m.", code="half") from None
        except ValueError:
            raise ValidationError("Write a time like 6 p.m. or 18:00.", code="time") from None


class ShiftForm(UswdsFormMixin, forms.Form):
    """One shift."""

    person = forms.ChoiceField(label="Who?")
    place = forms.ChoiceField(
        label="In which place?",
        choices=[
            (FIRST, "First: is called at once"),
            (BACKUP, "Backup: is called when the first does not answer"),
        ],
        widget=forms.RadioSelect,
        initial=FIRST,
    )
    starts_at = DayTimeField(label="From")
    ends_at = DayTimeField(label="Until")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.choices = [("", "Choose a person"), *people]

    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "person": UUID(data["person"]),
            "span": Span(data["starts_at"], data["ends_at"]),
            "is_backup": data["place"] == BACKUP,
        }


class PatternForm(UswdsFormMixin, forms.Form):
    """The same hours on some days of the week, for some weeks."""

    person = forms.ChoiceField(label="Who is first?")
    backup = forms.ChoiceField(label="Who is backup?", required=False)
    weekdays = forms.MultipleChoiceField(
        label="On which days does the shift begin?", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    begins = ClockField(label="From", help_text="For example 6 p.m.")
    ends = ClockField(
        label="Until", help_text="When this is not later than the beginning, it is on the next day."
    )
    first_day = DayField(label="First day")
    weeks = forms.IntegerField(
        label="For how many weeks?",
        min_value=1,
        max_value=WEEKS_AT_MOST,
        initial=4,
        widget=forms.NumberInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        backup: Any = self.fields["backup"]
        person.choices = [("", "Choose a person"), *people]
        backup.choices = [("", "Nobody"), *people]

    def said(self) -> PatternSaid:
        data = self.cleaned_data
        begins: time = data["begins"]
        first_day: date = data["first_day"]
        return PatternSaid(
            person=UUID(data["person"]),
            backup=UUID(data["backup"]) if data["backup"] else None,
            weekdays=frozenset(int(day) for day in data["weekdays"]),
            begins=begins,
            ends=data["ends"],
            first_day=first_day,
            weeks=data["weeks"],
        )


class HandOverForm(UswdsFormMixin, forms.Form):
    """To whom."""

    person = forms.ChoiceField(label="Who takes it from now on?")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.choices = [("", "Choose a person"), *people]
