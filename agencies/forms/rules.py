"""What counsel writes when the sharing rules are to change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from agencies.disclosure.categories import AGGREGATE, BASES, CATEGORY_NAMES, MATRIX_CATEGORIES, ROLE_NAMES
from agencies.disclosure.changes import COUNTS_ONLY, FITTING
from agencies.disclosure.matrix import Access
from agencies.forms.people import DayField
from cseccase.forms import UswdsFormMixin

ACCESS_WORDS = (
    (Access.SEE.value, "See the record"),
    (Access.SUMMARY.value, "See a summary: the fact, no story"),
    (Access.AUTHORISED.value, "See it after the named paper is on file"),
    (Access.NEVER.value, "Never"),
)


class ProposeForm(UswdsFormMixin, forms.Form):
    """A new proposal."""

    note = forms.CharField(
        label="What is this change about?",
        max_length=160,
        help_text="A few words for the list of versions. No child’s name, no case.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    take_over = forms.UUIDField(required=False, widget=forms.HiddenInput)


class WhichCellForm(UswdsFormMixin, forms.Form):
    """Which cell is to change, and to what; the grounds that fit are asked for next."""

    category = forms.ChoiceField(
        label="Which records?", choices=[("", "Choose"), *((c, CATEGORY_NAMES[c]) for c in MATRIX_CATEGORIES)]
    )
    role = forms.ChoiceField(label="Which agency?", choices=[("", "Choose"), *ROLE_NAMES.items()])
    access = forms.ChoiceField(label="How much may it see?", choices=ACCESS_WORDS, widget=forms.RadioSelect)


class CellForm(UswdsFormMixin, forms.Form):
    """The ground and the reason of one cell."""

    basis = forms.ChoiceField(label="On which ground?")
    reason = forms.CharField(
        label="Why?",
        max_length=300,
        help_text="A sentence: the law, the order or the agreement. It is shown with the rule. No child’s name.",
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, category: str, access: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = {COUNTS_ONLY} if category == AGGREGATE else FITTING[Access(access)]
        basis: Any = self.fields["basis"]
        basis.choices = [("", "Choose"), *((code, said) for code, said in BASES.items() if code in fitting)]


class SubmitForm(UswdsFormMixin, forms.Form):
    """When the change is to begin."""

    effective_on = DayField(
        label="First day",
        required=False,
        help_text="It begins at midnight, county time. Leave it empty to let it begin on approval.",
    )


class DecideForm(UswdsFormMixin, forms.Form):
    """The second person's decision."""

    approve = forms.ChoiceField(
        label="Your decision",
        choices=(("yes", "Approve and sign the next version"), ("no", "Send it back")),
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(
        label="Your words",
        max_length=500,
        required=False,
        help_text="Needed when you send it back: what should be changed.",
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("approve") == "no" and not said.get("decision", "").strip():
            self.add_error(
                "decision", ValidationError("Say what should be changed, so that it can be proposed again.")
            )
        return said
