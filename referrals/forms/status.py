"""Setting a status field, ending one, ending a project code, and the questions of the decision table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from cseccase.forms import DayTimeField, UswdsFormMixin
from referrals.choices import Answer, StatusCode
from referrals.services.status import StatusSaid
from referrals.status_rules import STATUSES, status_errors


def day_field(**kwargs: Any) -> forms.DateField:
    """A day as people write it, and as a browser's own picker would."""
    return forms.DateField(
        input_formats=["%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"],
        error_messages={"invalid": "Write the day like 11/17/2026."},
        widget=forms.DateInput({"autocomplete": "off"}, format="%m/%d/%Y"),
        **kwargs,
    )


class StatusForm(UswdsFormMixin, forms.Form):
    """One row of the State's grid. When the child was identified is asked only while the file does not know it."""

    code = forms.ChoiceField(
        label="Which field?",
        choices=[(code, f"{label}: {STATUSES[code].meaning}") for code, label in StatusCode.choices],
        widget=forms.RadioSelect({"class": "opts--rows"}),
    )
    started_on = day_field(
        label="First known day", help_text="Like 11/17/2026. An estimate is fine: say so below."
    )
    started_estimated = forms.BooleanField(required=False, label="The first day is an estimate")
    ended_on = day_field(
        required=False,
        label="Last day",
        help_text="Needed for “Victim while Absent from Placement”: the last day of the absence.",
    )
    identified_at = DayTimeField(
        required=False,
        label="When did your agency learn that the child is a victim?",
        help_text="For a victim field only. Police must be told within 24 hours of this moment, if the child "
        "receives child welfare services (Penal Code 11166(j)(2)).",
    )
    reported_to_police = forms.ChoiceField(
        label="Has this been reported to the police?",
        help_text="For the State’s count. A report made now goes under the duty, with its number.",
        choices=Answer.choices,
        initial=Answer.NOT_KNOWN,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        now: datetime,
        asks_identified: bool,
        born_on: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.born_on = born_on
        if asks_identified:
            identified: Any = self.fields["identified_at"]
            identified.offer_days(timezone.localtime(now).date(), back=14)
            self.initial.setdefault("identified_at", now)
        else:
            del self.fields["identified_at"]

    def clean(self) -> dict[str, Any]:
        """What the State would refuse is said here already, before anybody is asked for second thoughts."""
        data: dict[str, Any] = super().clean() or {}
        if "code" in data and "started_on" in data and "ended_on" in data:
            for problem in status_errors(
                data["code"], data["started_on"], data["ended_on"], (), self.born_on
            ):
                self.add_error(problem.field, problem.message)
        return data

    def said(self, *, ends_at_risk: bool) -> StatusSaid:
        data: dict[str, Any] = self.cleaned_data
        return StatusSaid(
            code=data["code"],
            started_on=data["started_on"],
            ended_on=data["ended_on"],
            started_estimated=data["started_estimated"],
            reported_to_police=Answer(data["reported_to_police"]),
            identified_at=data.get("identified_at"),
            ends_at_risk=ends_at_risk,
        )


class EndForm(UswdsFormMixin, forms.Form):
    """The last day of something that held until then."""

    ended_on = day_field(label="Last day", help_text="Like 11/17/2026.")


class SuggestForm(UswdsFormMixin, forms.Form):
    """The questions of the State's decision table; "Not known" is an answer."""

    victim = forms.ChoiceField(label="Is the child identified as a victim?")
    at_risk = forms.ChoiceField(label="If not: is the at-risk rule met?")
    in_care_then = forms.ChoiceField(label="Was the child in foster care on the day of the exploitation?")
    absent_then = forms.ChoiceField(label="Was the child missing or away from placement that day?")
    in_care_now = forms.ChoiceField(label="Is the child in foster care now?")
    case_is_open = forms.ChoiceField(label="If not in foster care: is a child welfare case open?")
    receives_ilp = forms.ChoiceField(label="If the case is closed: independent living services?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.choices = Answer.choices  # type: ignore[attr-defined]
            field.widget = forms.RadioSelect(choices=Answer.choices)
            field.initial = Answer.NOT_KNOWN

    def answers(self) -> dict[str, bool | None]:
        words = {Answer.YES: True, Answer.NO: False}
        return {name: words.get(Answer(value)) for name, value in self.cleaned_data.items()}
