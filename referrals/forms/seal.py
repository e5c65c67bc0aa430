"""A court's order to seal, a purpose for what is sealed, and the order that lifts a seal."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from agencies.disclosure.papers import SealedTerms
from cseccase.forms import UswdsFormMixin
from referrals.choices import SealLaw
from referrals.forms.request import LastDayField, end_of
from referrals.services.seal import OrderSaid

QUIET = {"autocomplete": "off"}


class OrderForm(UswdsFormMixin, forms.Form):
    """The order of a court; asked for twice, the second time to be confirmed."""

    court = forms.CharField(label="Which court?", max_length=120, widget=forms.TextInput(QUIET))
    case_number = forms.CharField(
        label="The court’s case number", max_length=40, widget=forms.TextInput(QUIET)
    )
    ordered_on = LastDayField(label="Day of the order", help_text="Like 11/17/2026.")
    evidence = forms.CharField(
        label="Where does the order lie?",
        max_length=160,
        help_text="A folder, a number, a day of filing.",
        widget=forms.TextInput(QUIET),
    )

    def order(self) -> OrderSaid:
        """The order as the service takes it."""
        data = self.cleaned_data
        return OrderSaid(data["court"], data["case_number"], data["ordered_on"], data["evidence"])

    def hidden(self) -> forms.Form:
        """The same answers, carried along a page that asks to confirm them."""
        for field in self.fields.values():
            field.widget = field.hidden_widget()
        return self


class SealForm(OrderForm):
    category = forms.ChoiceField(label="Which records?")
    law = forms.ChoiceField(label="Under which law?", choices=SealLaw.choices, widget=forms.RadioSelect)

    field_order = ("category", "law", "court", "case_number", "ordered_on", "evidence")

    def __init__(self, *args: Any, kept: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.choices = [("", "Choose the records"), *kept]


class PurposeForm(UswdsFormMixin, forms.Form):
    """One of the few purposes for which a sealed record may be read (WIC 781, 786, 787)."""

    order_number = forms.CharField(
        label="Case number of the order that sealed the records", max_length=40, widget=forms.TextInput(QUIET)
    )
    category = forms.ChoiceField(label="Which records?")
    agency = forms.ChoiceField(label="For which agency?")
    authority = forms.CharField(
        label="Which paragraph or order allows it?", max_length=120, widget=forms.TextInput(QUIET)
    )
    purpose = forms.CharField(
        label="For what purpose?",
        max_length=300,
        help_text="Nothing else may be done with the records.",
        widget=forms.Textarea({"rows": 3, **QUIET}),
    )
    evidence = forms.CharField(
        label="Where does the paper lie?", max_length=160, widget=forms.TextInput(QUIET)
    )
    until = LastDayField(label="Last day", help_text="Like 11/17/2026, within 90 days.")

    def __init__(
        self, *args: Any, kept: list[tuple[str, str]], agencies: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        agency: Any = self.fields["agency"]
        category.choices = [("", "Choose the records"), *kept]
        agency.choices = agencies

    def terms(self, *, now: Any, zone: str) -> SealedTerms:
        """The paper as the rule knows it."""
        from uuid import UUID

        data = self.cleaned_data
        return SealedTerms(
            category=data["category"],
            agency=UUID(data["agency"]),
            since=now,
            evidence=data["evidence"],
            until=end_of(data["until"], ZoneInfo(zone)),
            authority=data["authority"],
            purpose=data["purpose"],
        )
