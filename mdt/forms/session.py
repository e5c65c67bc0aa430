"""What is asked in and after a meeting: minutes, decisions with their owners, and who was there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from cseccase.forms import DayTimeField, UswdsFormMixin
from mdt.choices import Attendance
from mdt.models import Seat
from mdt.services.meeting import HeldSaid
from mdt.services.minutes import ActionSaid

LEFT = "left"
HERE = ((Attendance.HERE.value, Attendance.HERE.label), (LEFT, "Here, left before the end"))


def _day_input() -> forms.DateInput:
    widget = forms.DateInput({"autocomplete": "off"}, format="%Y-%m-%d")
    widget.input_type = "date"
    return widget


class MinutesForm(UswdsFormMixin, forms.Form):
    """The minutes of one item, and whether the team is done with it."""

    words = forms.CharField(
        label="Notes on this item",
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
    )
    done = forms.BooleanField(label="The team is done with this item", required=False)
    based_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_based_on(self) -> datetime | None:
        """Which notes the writer had before them; a broken mark counts as none, so it is refused as out of date."""
        try:
            return datetime.fromisoformat(self.cleaned_data["based_on"])
        except ValueError:
            return None


class DecisionForm(UswdsFormMixin, forms.Form):
    """What the team agreed on and, if somebody is to do it, who and by when."""

    words = forms.CharField(
        label="What was decided?",
        max_length=500,
        help_text="Stays in the minutes: only members of this meeting read it.",
        widget=forms.Textarea({"rows": 2, "autocomplete": "off"}),
    )
    owner = forms.ChoiceField(label="Who does it?", required=False)
    action_words = forms.CharField(
        label="What do they do?",
        max_length=300,
        required=False,
        help_text="Stands in the agency’s own tasks. Say no more than the agency needs.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    due_on = forms.DateField(
        label="By which day?",
        required=False,
        widget=_day_input(),
        error_messages={"invalid": "Write the day like 11/17/2026."},
    )

    def __init__(self, *args: Any, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.choices = [("", "Nobody: a decision without a task"), *self._owners(seats)]

    @staticmethod
    def _owners(seats: Sequence[Seat]) -> list[tuple[str, str]]:
        found = []
        for seat in seats:
            if seat.person is not None:
                found.append(
                    (f"{seat.agency_id}|{seat.person_id}", f"{seat.agency.short_name}, {seat.person}")
                )
            found.append((f"{seat.agency_id}|", f"{seat.agency.short_name}, whoever they name"))
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("owner"):
            if not given.get("action_words"):
                self.add_error("action_words", "Write what they do.")
            if not given.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", "Write the day.")
        elif given.get("action_words") or given.get("due_on"):
            self.add_error("owner", "Choose who does it, or empty the task and the day.")
        return given

    def action(self) -> ActionSaid | None:
        """The task as the service takes it."""
        given = self.cleaned_data
        if not given["owner"]:
            return None
        agency, _, person = given["owner"].partition("|")
        return ActionSaid(
            words=given["action_words"],
            agency=UUID(agency),
            due_on=given["due_on"],
            owner=UUID(person) if person else None,
        )


class HoldForm(UswdsFormMixin, forms.Form):
    """Who was there, when it was, and when the team meets again."""

    held_at = DayTimeField(label="When did the meeting take place?")
    next_meeting_on = forms.DateField(
        label="When does the team meet again?",
        required=False,
        widget=_day_input(),
        help_text="At most one month ahead.",
        error_messages={"invalid": "Write the day like 11/17/2026."},
    )

    def __init__(self, *args: Any, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = list(seats)
        for seat in self.seats:
            who = str(seat.person) if seat.person else "nobody named"
            self.fields[f"seat_{seat.agency_id}"] = forms.ChoiceField(
                label=f"{seat.agency.short_name}: {who}",
                choices=[*HERE, *(one for one in Attendance.choices if one[0] not in {"", Attendance.HERE})],
                widget=forms.RadioSelect,
                error_messages={"required": "Say whether they were there."},
            )
        self.order_fields(["held_at", *(name for name in self.fields if name.startswith("seat_"))])

    def said(self) -> HeldSaid:
        """The answers as the service takes them."""
        given = self.cleaned_data
        answers = {seat.agency_id: given[f"seat_{seat.agency_id}"] for seat in self.seats}
        return HeldSaid(
            held_at=given["held_at"],
            attendance={
                agency: Attendance.HERE if answer == LEFT else Attendance(answer)
                for agency, answer in answers.items()
            },
            left_early=frozenset(agency for agency, answer in answers.items() if answer == LEFT),
            next_meeting_on=given["next_meeting_on"],
        )
