"""What was done about a duty, in the questions that its rule needs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from cseccase.forms import DayTimeField, UswdsFormMixin
from referrals.choices import Mode
from referrals.deadlines import kinds, rules
from referrals.deadlines.rules import Rule
from referrals.event_words import POSSIBLE
from referrals.services.duty import Evidence

OUTCOMES = [("answered", "Somebody took it"), (kinds.VOICEMAIL, "I left a message")]


MORE = ("contact", "factors", "response", "experiences", "possible_victim", "documented")
"""What only some duties ask: the contact a notice names, and the talk after a return (WIC 16501.35(b)(2)(A)-(E))."""
NOTE_WORDS = {
    rules.RESPONSE: "Leave out where the child is: other agencies of the case can read this note.",
    rules.SUPPORT: "Leave out where the child is: other agencies of the case can read this note.",
    rules.INVESTIGATION: "Leave out where the child is: other agencies of the case can read this note.",
    rules.MEDICAL: "That it was done, and what follows. Results, and reproductive or consented care, stay in your own records.",
}


def _told(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        max_length=2000,
        label=label,
        help_text=help_text,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off"}),
    )


class EvidenceForm(UswdsFormMixin, forms.Form):
    """When it happened, and for a report how, to whom and under which number. A message left is not a report."""

    occurred_at = DayTimeField(label="When did it happen?")
    mode = forms.ChoiceField(label="How?", widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label="If by telephone: did somebody take it?",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        initial="answered",
        help_text="A message left is kept on record, but it is not a report and stops no clock.",
    )
    recipient = forms.ChoiceField(label="Which agency?")
    spoke_to = forms.CharField(
        max_length=120,
        required=False,
        label="Who took it?",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    reference = forms.CharField(
        max_length=60,
        required=False,
        label="Number they gave you",
        help_text="Without it the entry is kept, but the clock runs on until you add it.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    contact = forms.CharField(
        max_length=120,
        label="Whom does the notice name to contact?",
        help_text="A social worker or probation officer, with a number.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    factors = _told("Why did the child leave?", "The main reasons, as far as the child tells them.")
    response = _told("What follows for this placement and later ones?")
    experiences = _told("What happened to the child while away?", "Only what the next people must know.")
    possible_victim = forms.ChoiceField(
        label="Is the child a victim of exploitation, as far as you can tell?",
        choices=list(POSSIBLE.items()),
        widget=forms.RadioSelect,
        help_text="“Identified as a victim” starts the 24-hour report to law enforcement.",
    )
    documented = _told(
        "Where is it written down for federal reporting?", "For example, in the State’s system."
    )
    note = forms.CharField(
        max_length=4000,
        required=False,
        label="Anything to add?",
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, rule: Rule, recipients: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = NOTE_WORDS.get(rule.id, "")
        self._drop(*(name for name in MORE if name not in rule.evidence))
        self.fields["spoke_to"].required = "spoke_to" in rule.evidence
        if rule.modes:
            mode: Any = self.fields["mode"]
            mode.choices = [(value, Mode(value).label) for value in Mode.values if value in rule.modes]
        else:
            self._drop("mode", "spoke_to")
        if kinds.TELEPHONE not in rule.modes:
            self._drop("outcome")
        if "reference" not in rule.evidence:
            self._drop("reference")
        recipient: Any = self.fields["recipient"]
        if recipients:
            recipient.choices = recipients
        else:
            self._drop("recipient")

    def _drop(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    def evidence(self) -> Evidence:
        data = self.cleaned_data
        mode = data.get("mode", "")
        return Evidence(
            occurred_at=data["occurred_at"],
            mode=mode,
            outcome=data.get("outcome", "") if mode == kinds.TELEPHONE else "",
            spoke_to=data.get("spoke_to", ""),
            reference=data.get("reference", ""),
            recipient=UUID(data["recipient"]) if data.get("recipient") else None,
            more={name: data[name] for name in MORE if data.get(name)},
            note=data["note"],
        )


class ReasonForm(UswdsFormMixin, forms.Form):
    """Why, in a few words."""

    reason = forms.CharField(
        max_length=200, label="Why?", widget=forms.Textarea({"rows": 2, "autocomplete": "off"})
    )
