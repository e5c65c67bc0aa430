"""Who takes part in a case, and which papers open what."""

from __future__ import annotations

from typing import Any

from django import forms

from agencies.disclosure.categories import CATEGORY_NAMES
from cseccase.forms import UswdsFormMixin
from referrals.choices import PartyKind

PAPERS = (
    ("CO", "Court order"),
    ("ROI", "Release of information"),
    ("P2", "Substance-use consent (42 CFR Part 2)"),
    ("youth", "The young person’s own choice"),
    ("CFT", "Child and family team release (WIC 832)"),
    ("need", "Logged need to know"),
    ("CASA", "CASA appointment order"),
    ("own-client", "Appointment or retainer of counsel"),
    ("827E", "Attorney for a party (WIC 827)"),
    ("827K", "Team member’s inspection (WIC 827)"),
    ("827V", "Attorney for the person (WIC 827)"),
)


class PartyForm(UswdsFormMixin, forms.Form):
    """An agency joins the case."""

    agency = forms.ChoiceField(label="Agency")
    kind = forms.ChoiceField(label="Why does it take part?", choices=PartyKind.choices)
    evidence = forms.CharField(
        max_length=160, label="What shows this?", help_text="An order’s number, a letter, a call."
    )

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: Any = self.fields["agency"]
        agency.choices = [("", "Choose the agency"), *agencies]
        kind: Any = self.fields["kind"]
        kind.choices = [("", "Choose the reason"), *PartyKind.choices]


class PaperForm(UswdsFormMixin, forms.Form):
    """A paper on file that opens one category to one agency."""

    paper_agency = forms.ChoiceField(label="For which agency?")
    paper_kind = forms.ChoiceField(label="Which paper?", choices=PAPERS)
    category = forms.ChoiceField(label="Which records does it open?")
    until = forms.DateField(
        required=False,
        label="Last day it holds",
        help_text="Like 11/17/2026. A logged need to know always has one.",
        input_formats=["%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"],
        error_messages={"invalid": "Write the date like 11/17/2026."},
        widget=forms.DateInput({"autocomplete": "off"}, format="%m/%d/%Y"),
    )
    paper_evidence = forms.CharField(
        max_length=160, label="Where is the paper?", help_text="Its number and who holds it."
    )

    def __init__(
        self, *args: Any, agencies: list[tuple[str, str]], categories: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        agency: Any = self.fields["paper_agency"]
        agency.choices = [("", "Choose the agency"), *agencies]
        kind: Any = self.fields["paper_kind"]
        kind.choices = [("", "Choose the paper"), *PAPERS]
        category: Any = self.fields["category"]
        category.choices = [("", "Choose the records")] + [
            (code, CATEGORY_NAMES[code]) for code in categories
        ]
