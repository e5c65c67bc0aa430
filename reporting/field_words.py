"""What records and their fields are called where changes are read."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.text import capfirst

from referrals import duty_words
from referrals.choices import Answer, Holder, Mode, Tier
from referrals.deadlines import kinds
from referrals.deadlines.rules import DEFAULT_RULEBOOK, RuleError
from referrals.event_words import ABUSES, FINDINGS, GROUND_CHOICES
from referrals.kinds import KINDS

TITLES = {
    "referrals.Child": "Who the child is",
    "referrals.Reporter": "Who told us",
    "referrals.Whereabouts": "Where the child is",
    "referrals.Referral": "Referral",
    "referrals.SpecialProjectCode": "Special project code",
    "referrals.StatusField": "Status field",
    "referrals.CaseEvent": "Chronology",
    "referrals.MissingEpisode": "Missing episode",
    "referrals.Deadline": "Duty",
    "referrals.CaseParty": "Who takes part",
    "referrals.CourtOrder": "Court order on file",
    "referrals.InformationRelease": "Release on file",
    "referrals.Part2Consent": "Substance-use consent on file",
    "referrals.TeamRelease": "Team release on file",
    "referrals.YouthChoice": "The young person’s choice",
    "referrals.AdultConsent": "The young adult’s consent",
    "referrals.CasaAppointment": "CASA appointment on file",
    "referrals.Retainer": "Appointment or retainer on file",
    "referrals.NeedToKnow": "Need to know",
    "referrals.CourtFileStanding": "Standing under WIC 827",
    "referrals.PrivilegeWaiver": "Waiver of a privilege",
    "referrals.SealedPurpose": "Purpose for a sealed record",
    "referrals.PrivateNote": "A note that only you can read",
    "referrals.SectionSeal": "A court’s seal",
    "referrals.GoodCause": "Good cause to go on sharing",
}

LABELS = {
    "given_name": "Given name",
    "family_name": "Family name",
    "other_names": "Other names",
    "born_on": "Date of birth",
    "age_said": "Age, as said",
    "age_said_on": "Age said on",
    "indian_child": "Indian child",
    "services": "Services the child receives",
    "state_number": "Number in the State system",
    "lead_worker": "Lead worker",
    "call_back": "Call-back number",
    "name_or_role": "Name or role",
    "category": "Category",
    "place": "Place",
    "said_at": "Said at",
    "confidential_placement": "Confidential placement",
    "received_at": "Told at",
    "entered_at": "Entered at",
    "received_by": "Taken by",
    "urgent": "Urgent",
    "immediate_danger": "Immediate danger",
    "holder": "Who has the case",
    "code": "Code",
    "started_on": "Began on",
    "started_estimated": "Beginning is an estimate",
    "ended_on": "Ended on",
    "reported_to_police": "Reported to police",
    "set_by": "Set by",
    "set_at": "Set at",
    "state_entered_at": "Entered in the State system",
    "kind": "Kind",
    "occurred_at": "Happened at",
    "recorded_at": "Recorded at",
    "recorded_by": "Recorded by",
    "owed_by": "Owed by",
    "owed_to": "Owed to",
    "due_at": "Due",
    "started_at": "Clock started",
    "met_at": "Done",
    "taken_at": "Taken on",
    "drop_reason": "Why it does not apply",
    "at_once": "Due at once",
    "owner": "Who does it",
    "rule": "Duty",
    "force": "Whose rule",
    "deemed_in_writing": "Reason in writing",
    "since": "From",
    "until": "Until",
    "revoked_at": "Revoked",
    "evidence": "Evidence",
    "last_seen_at": "Last seen",
    "last_seen_place": "Last seen at",
    "located_at": "Found",
    "words": "Words",
    "written_at": "Written at",
    "author": "Author",
}

EVENT_FACTS = {
    "mode": "How",
    "to": "To",
    "person": "Spoke with",
    "reference": "Reference",
    "outcome": "Outcome",
    "tier": "Tier",
    "jurisdiction": "Jurisdiction",
    "lead": "Lead",
    "urgent": "Urgent",
    "receives_services": "Receives services",
    "victim_or_at_risk": "Victim or at risk",
    "reason": "Reason",
    "finding": "Finding",
    "general_neglect": "General neglect alone",
    "abuse": "Abuse alleged",
    "ground": "Ground",
    "on": "On",
    "disposition_on": "Disposition hearing",
    "indian_child": "Indian child",
}
"""Facts of an event that people read; ids stay out."""


RECIPIENTS = {
    **{key: capfirst(words) for key, words in duty_words.RECIPIENTS.items()},
    kinds.TO_LAW_ENFORCEMENT: "Law enforcement",
    kinds.TO_DISTRICT_ATTORNEY: "District Attorney",
    kinds.TO_CHILD_WELFARE: "Child Welfare",
    kinds.TO_NCMEC: "NCMEC",
    kinds.TO_CHILD: "The child",
}
CODES: dict[str, dict[str, str]] = {
    "owed_to": RECIPIENTS,
    "to": RECIPIENTS,
    "mode": dict(Mode.choices),
    "tier": dict(Tier.choices),
    "jurisdiction": dict(Holder.choices),
    "lead": dict(Holder.choices),
    "finding": dict(FINDINGS),
    "abuse": dict(ABUSES),
    "ground": dict(GROUND_CHOICES),
    "indian_child": dict(Answer.choices),
    "outcome": {kinds.VOICEMAIL: "Nobody answered: voicemail"},
}
TITLE_FIELDS = frozenset({("referrals.CaseEvent", "kind"), ("referrals.Deadline", "rule")})


def code_words(name: str, value: object) -> str:
    """A code in words; nothing where the value is no code of this field."""
    return CODES.get(name, {}).get(str(value), "")


def says_title(model: type[models.Model], name: str) -> bool:
    """Whether the record's title says this field already."""
    return (model._meta.label, name) in TITLE_FIELDS


def field_label(model: type[models.Model], field: models.Field[Any, Any]) -> str:
    """A field in words; the model's own words where this page has none."""
    own = str(field.verbose_name)
    return LABELS.get(field.name, own[:1].upper() + own[1:])


def record_title(model: type[models.Model], row: Any) -> str:
    """A record in words: "Duty: Send the written report"."""
    own = str(model._meta.verbose_name)
    title = TITLES.get(model._meta.label, own[:1].upper() + own[1:])
    if model._meta.label == "referrals.CaseEvent" and row.kind in KINDS:
        return KINDS[row.kind].title
    if model._meta.label == "referrals.Deadline":
        try:
            return f"{title}: {DEFAULT_RULEBOOK.rule(row.rule).title}"
        except RuleError:
            return title
    return title
