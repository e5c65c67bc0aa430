"""What somebody supposes when asking what an agency would see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from agencies.disclosure.categories import BASES, ROLE_NAMES, STEERING_COMMITTEE
from agencies.disclosure.papers import ANSWERS
from cseccase.forms import UswdsFormMixin
from referrals.choices import PartyKind

PAPERS = sorted(
    (
        (ground, f"{BASES[ground][:1].upper()}{BASES[ground][1:]}")
        for ground in frozenset().union(*ANSWERS.values())
        if ground in BASES
    ),
    key=lambda choice: choice[1],
)
"""Every paper that some ground of the rules asks for."""


class PreviewForm(UswdsFormMixin, forms.Form):
    """An agency, and either a case by its number or the facts of one."""

    role = forms.ChoiceField(
        label="Which agency?",
        choices=[("", "Choose"), *((c, name) for c, name in ROLE_NAMES.items() if c != STEERING_COMMITTEE)],
    )
    proposal = forms.ChoiceField(label="Beside which proposal?", required=False)
    case = forms.CharField(
        label="Case number",
        required=False,
        max_length=12,
        help_text="Like CF-2AB-3CD. Leave it empty to suppose the facts below.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    party = forms.ChoiceField(
        label="Takes part in the case as",
        required=False,
        choices=[("", "It takes no part"), *PartyKind.choices],
    )
    seat = forms.ChoiceField(
        label="Seat on the team",
        required=False,
        choices=[("", "None"), ("seat", "A seat"), ("deemed", "A seat with the reasons in writing")],
    )
    papers = forms.MultipleChoiceField(
        label="Papers on file for it", required=False, choices=PAPERS, widget=forms.CheckboxSelectMultiple
    )
    adult = forms.BooleanField(label="The young person is 18 or older", required=False)

    def __init__(self, *args: Any, proposals: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposal: Any = self.fields["proposal"]
        proposal.choices = [("", "None: the rules in force"), *((str(pk), said) for pk, said in proposals)]
