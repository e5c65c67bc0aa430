"""Asking for access, and answering."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from agencies.disclosure.papers.own_word import TASKS
from cseccase.errors import RuleBroken
from cseccase.forms import UswdsFormMixin
from referrals.services.emergency import number_read
from referrals.services.request import WORDS_AT_LEAST, Answered, Asked

SENTENCE = {"min_length": "Write a whole sentence."}
YES, NO = "yes", "no"


class LastDayField(forms.DateField):
    """A last day, as people write it; the record holds until the end of it in the county."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"],
            error_messages={"invalid": "Write the date like 11/17/2026."},
            widget=forms.DateInput({"autocomplete": "off"}, format="%m/%d/%Y"),
            **kwargs,
        )


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last minute of a day in the county."""
    return datetime.combine(day, time(23, 59), zone)


class AskForm(UswdsFormMixin, forms.Form):
    """Which file, which records, what for, until when."""

    number = forms.CharField(
        max_length=20,
        label="Case number",
        help_text="The whole number, like CF-7KM-2QX.",
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    category = forms.ChoiceField(label="Which records?")
    reason = forms.CharField(
        label="What do you need it for?",
        help_text="Name the paper, if there is one: an order, a release, the young person’s own choice.",
        min_length=WORDS_AT_LEAST,
        max_length=600,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages=SENTENCE,
    )
    until = LastDayField(label="Last day you need it", help_text="Like 11/17/2026, within a year.")

    def __init__(self, *args: Any, categories: list[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.choices = [("", "Choose the records")] + [
            (code, f"{name}: {paper}") for code, name, paper in categories
        ]

    def clean_number(self) -> str:
        try:
            return number_read(self.cleaned_data["number"])
        except RuleBroken as broken:
            raise forms.ValidationError(broken.message) from None

    def asked(self, zone: ZoneInfo) -> Asked:
        """The request as the service takes it."""
        data = self.cleaned_data
        return Asked(data["number"], data["category"], data["reason"], end_of(data["until"], zone))


class AnswerForm(UswdsFormMixin, forms.Form):
    """Yes with a paper and its end, or no; with a reason either way."""

    answer = forms.ChoiceField(
        label="Is access given?",
        choices=((YES, "Yes, a paper is on file"), (NO, "No")),
        widget=forms.RadioSelect,
    )
    task = forms.ChoiceField(
        required=False, label="If yes: for which task?", choices=[("", "Choose"), *TASKS.items()]
    )
    evidence = forms.CharField(
        required=False,
        max_length=160,
        label="If yes: where is it written down?",
        help_text="Its number and who holds it.",
    )
    until = LastDayField(required=False, label="If yes: last day it holds")
    words = forms.CharField(
        label="Why?",
        help_text="Kept with the record. After a no, the person who asked does not see these words.",
        min_length=WORDS_AT_LEAST,
        max_length=600,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages=SENTENCE,
    )

    def __init__(self, *args: Any, may_approve: bool, makes_need: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer: Any = self.fields["answer"]
        if not may_approve:
            answer.choices = ((NO, "No"),)
        elif makes_need:
            answer.choices = ((YES, "Yes, and the need is logged"), (NO, "No"))
        if not (may_approve and makes_need):
            del self.fields["task"], self.fields["evidence"], self.fields["until"]

    def answered(self, zone: ZoneInfo) -> Answered:
        """The answer as the service takes it."""
        data = self.cleaned_data
        until = data.get("until")
        return Answered(
            approve=data["answer"] == YES,
            words=data["words"],
            task=data.get("task", ""),
            evidence=data.get("evidence", ""),
            until=end_of(until, zone) if until else None,
        )
