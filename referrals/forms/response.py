"""Deciding the response: how fast, and under whose jurisdiction."""

from __future__ import annotations

from typing import Any

from django import forms

from cseccase.forms import UswdsFormMixin
from referrals.choices import Holder, Tier
from referrals.services.response import LEAD_OF_ONE, Decision

CANNOT_TELL = "cannot_tell"
LEADS = [
    ("", "Not known"),
    (Holder.CHILD_WELFARE.value, "Child Welfare"),
    (Holder.PROBATION.value, "Probation"),
]


class ResponseForm(UswdsFormMixin, forms.Form):
    """Two questions; the consequence of each answer stands under it on the page."""

    speed = forms.ChoiceField(
        choices=[
            (Tier.CRISIS.value, "Crisis: there is an immediate safety concern"),
            (Tier.INITIAL.value, "Initial: no immediate safety concern"),
            (CANNOT_TELL, "I cannot tell yet"),
        ],
        widget=forms.RadioSelect,
        label="How fast?",
    )
    jurisdiction = forms.ChoiceField(
        choices=Holder.choices, widget=forms.RadioSelect, label="Which agency has jurisdiction?"
    )
    lead = forms.ChoiceField(
        choices=LEADS,
        required=False,
        label="If both: which agency leads?",
        help_text="WIC 241.1. While it is not known, both are called.",
    )
    reason = forms.CharField(
        max_length=2000,
        required=False,
        label="Why",
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("lead") and data.get("jurisdiction") != Holder.DUAL:
            self.add_error("lead", LEAD_OF_ONE)
        return data

    def decision(self) -> Decision:
        """What cannot be told yet is a crisis until somebody can tell."""
        speed, lead = self.cleaned_data["speed"], self.cleaned_data["lead"]
        return Decision(
            Tier.CRISIS if speed == CANNOT_TELL else Tier(speed),
            Holder(self.cleaned_data["jurisdiction"]),
            Holder(lead) if lead else None,
        )

    def chosen(self) -> tuple[str, Holder, Holder | None]:
        """The answers as they stand on the page, checked or not; a wrong one counts as not known."""
        said = self.data if self.is_bound else self.initial
        holder, lead = said.get("jurisdiction"), said.get("lead")
        return (
            str(said.get("speed") or ""),
            Holder(holder) if holder in Holder.values else Holder.NOT_KNOWN,
            Holder(lead) if lead in {Holder.CHILD_WELFARE, Holder.PROBATION} else None,
        )
