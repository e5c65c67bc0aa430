"""Who takes part in a case."""

from __future__ import annotations

from typing import Any

from django import forms

from cseccase.forms import UswdsFormMixin
from referrals.choices import PartyKind


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
