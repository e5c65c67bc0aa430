"""What a security officer writes about a person of the agency."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.choices import Course, Duty, Qualified, QualifiedBy
from agencies.qualifications import QualificationSaid
from cseccase.forms import UswdsFormMixin, day_read


class DayField(forms.DateField):
    """A day, picked or written like 11/17/2026."""

    widget = forms.DateInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.input_type = "date"
        self.widget.format = "%Y-%m-%d"
        self.widget.attrs["autocomplete"] = "off"

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        try:
            return day_read(str(value))
        except ValueError:
            raise ValidationError("Write the day like 11/17/2026.", code="day") from None


DUTIES = [(duty.value, duty.label.capitalize()) for duty in Duty]


class InviteForm(UswdsFormMixin, forms.Form):
    full_name = forms.CharField(
        label="Full name", max_length=128, widget=forms.TextInput({"autocomplete": "off"})
    )
    email = forms.EmailField(
        label="Work e-mail address",
        widget=forms.EmailInput({"autocomplete": "off"}),
        help_text="A link to choose a password goes there. You never see it.",
    )
    job_title = forms.CharField(
        label="Job title",
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class DesignationForm(UswdsFormMixin, forms.Form):
    duty = forms.ChoiceField(label="Designated as", choices=DUTIES, widget=forms.RadioSelect)
    designated_by = forms.CharField(
        label="Who signed the designation?",
        max_length=128,
        help_text="The agency’s director, or the person the director named for this.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day", required=False, help_text="Leave it empty when no end is set.")


class DesignationEndForm(UswdsFormMixin, forms.Form):
    last_day = DayField(label="Last day", help_text="The person may still work on this day.")


class TrainingForm(UswdsFormMixin, forms.Form):
    course = forms.ChoiceField(label="Course", choices=Course.choices, widget=forms.RadioSelect)
    completed_on = DayField(label="Completed on")
    expires_on = DayField(
        label="Valid until", required=False, help_text="Leave it empty when it does not run out."
    )
    evidence = forms.CharField(
        label="Proof",
        max_length=120,
        required=False,
        help_text="For example the certificate’s number.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_completed_on(self) -> date:
        day: date = self.cleaned_data["completed_on"]
        if day > self.today:
            raise ValidationError("A course can be written down once it is completed.")
        return day


class QualificationForm(UswdsFormMixin, forms.Form):
    """What the Evidence Code asks of a caseworker or counselor, question by question."""

    kind = forms.ChoiceField(label="Qualifies as", choices=Qualified.choices, widget=forms.RadioSelect)
    way = forms.ChoiceField(label="By", choices=QualifiedBy.choices, widget=forms.RadioSelect)
    hours = forms.IntegerField(
        label="Hours of training",
        min_value=0,
        max_value=9999,
        required=False,
        help_text="In the subjects the law lists. Empty for a degree or licence.",
    )
    supervisor = forms.CharField(
        label="Who supervises?",
        max_length=128,
        required=False,
        help_text="Somebody who qualifies by degree or licence. Empty where the person does.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    evidence = forms.CharField(
        label="Proof",
        max_length=160,
        help_text="The certificate’s or licence’s number, and where it lies.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    starts_on = DayField(label="Qualifies since")
    ends_on = DayField(
        label="Valid until", required=False, help_text="Leave it empty when it does not run out."
    )

    def said(self) -> QualificationSaid:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return QualificationSaid(
            kind=Qualified(data["kind"]),
            way=QualifiedBy(data["way"]),
            hours=data["hours"] or 0,
            supervisor=data["supervisor"].strip(),
            evidence=data["evidence"].strip(),
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )


class QualificationEndForm(UswdsFormMixin, forms.Form):
    last_day = DayField(label="Last day", help_text="From the next day on those records are closed.")


class LinkForm(UswdsFormMixin, forms.Form):
    forget_second_step = forms.BooleanField(
        label="The telephone or key for the second step is lost: remove it",
        required=False,
        help_text="The person sets up a new one at the next sign-in.",
    )


class CloseForm(UswdsFormMixin, forms.Form):
    """Why an account is shut; what follows is the same, the log says which it was."""

    why = forms.ChoiceField(
        label="Why?",
        choices=[
            ("leaves", "The person leaves the agency"),
            ("suspended", "The person is suspended for now"),
        ],
        widget=forms.RadioSelect,
    )


class SignReviewForm(UswdsFormMixin, forms.Form):
    seen_by = forms.CharField(
        label="Which director has seen it?",
        max_length=128,
        help_text="Also for your own account, which you cannot confirm yourself.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
