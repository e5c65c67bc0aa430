"""What is asked after a meeting: that an action is done, and the six parts of the safety plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import capfirst

from cseccase.forms import UswdsFormMixin
from mdt.models import SafetyPlan
from mdt.tiers import SAFETY_PLAN


class ActionDoneForm(UswdsFormMixin, forms.Form):
    """What was done, in a few words."""

    note = forms.CharField(
        max_length=300,
        label="What was done?",
        help_text="A few words for the team. No treatment facts, and not where the child stays.",
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )


class SafetyPlanForm(UswdsFormMixin, forms.Form):
    """The six parts of the plan, each as plain text, and whether the team went through it together."""

    reviewed = forms.BooleanField(
        required=False,
        label="The team went through the whole plan together",
        help_text="It is reviewed at every ongoing team meeting.",
    )
    based_on = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = [*SafetyPlan.PARTS, "reviewed", "based_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, component in zip(SafetyPlan.PARTS, SAFETY_PLAN, strict=True):
            self.fields[name] = forms.CharField(
                required=False,
                max_length=10_000,
                label=f"{component.number}. {component.words}",
                help_text=capfirst(component.initial_adds),
                widget=forms.Textarea({"rows": 4, "autocomplete": "off"}),
            )
        self.order_fields(self.field_order)

    def clean_based_on(self) -> datetime | None:
        """Which version the writer had before them; a broken mark counts as none, so it is refused as out of date."""
        try:
            return datetime.fromisoformat(self.cleaned_data["based_on"])
        except ValueError:
            return None

    def parts(self) -> dict[str, str]:
        """The six answers."""
        return {name: self.cleaned_data[name] for name in SafetyPlan.PARTS}
