"""Deciding how fast the county answers a referral, and under whose jurisdiction (MOU Template VI.C, VI.D)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from referrals import policies
from referrals.choices import Holder, Tier
from referrals.deadlines import kinds
from referrals.deadlines.events import Event, in_force
from referrals.models import CaseEvent, Referral
from referrals.services.deadline import events_of
from referrals.services.event import event_record
from referrals.services.sharing import case_lock

WHY = "a decision is about one referral of the file"
LEAD_OF_ONE = "Only a child under both agencies has a lead. Choose “Both”, or “Not known” here."


@dataclass(frozen=True, slots=True)
class Decision:
    """How fast, under whose jurisdiction, and who leads a dual-jurisdiction child (WIC 241.1; None: not known)."""

    tier: Tier
    jurisdiction: Holder
    lead: Holder | None = None


def decision_facts(
    decision: Decision, *, referral: Referral, events: Sequence[Event]
) -> dict[str, str | None]:
    """What a decision says to the deadline rules, and of which referral of the file it is said."""
    root = referral_root(referral, events)
    return {
        "referral": str(referral.pk),
        "started_root": root,
        "tier": decision.tier.value,
        "jurisdiction": decision.jurisdiction.value,
        "lead": decision.lead.value if decision.lead else None,
    }


def referral_root(referral: Referral, events: Sequence[Event]) -> str | None:
    """The root of the chronology's entry of this referral, which its clocks are named by."""
    for event in in_force(events):
        if event.kind == kinds.REFERRAL_RECEIVED and event.says("referral") == str(referral.pk):
            return str(event.root)
    return None


def last_decision(referral: Referral, events: Sequence[Event]) -> Event | None:
    """The decision that holds for this referral now, if there is one."""
    decided = [
        event
        for event in in_force(events)
        if event.kind == kinds.RESPONSE_DECIDED and event.says("referral") == str(referral.pk)
    ]
    return decided[-1] if decided else None


@transaction.atomic
def response_decide(
    *,
    viewer: Viewer,
    referral: Referral,
    tier: Tier,
    jurisdiction: Holder,
    now: datetime,
    lead: Holder | None = None,
    reason: str = "",
    seen: str | None = None,
) -> CaseEvent:
    """The decision, whose consequences are the clocks that run from now on.

    `lead` names the lead agency of a dual-jurisdiction child (WIC 241.1); without it both answer. `seen` is the id of
    the decision that the person had before them ("" for none; None is not asked): the same decision sent twice is
    written once, another one in between raises `RuleBroken`.
    """
    policies.require(
        policies.may_decide_response(viewer),
        rule="The response is decided by the agency that receives reports.",
        opens="Child Welfare or Probation staff can decide it.",
        ask="Call the hotline.",
    )
    if lead is not None and lead not in {Holder.CHILD_WELFARE, Holder.PROBATION}:
        raise RuleBroken("The lead agency is Child Welfare or Probation.", field="lead")
    case_lock(referral.case_file_id)
    with acting_because(WHY):
        events = events_of(referral.case_file)
    facts = decision_facts(Decision(tier, jurisdiction, lead), referral=referral, events=events)
    decided = last_decision(referral, events)
    if seen is not None and seen != (str(decided.id) if decided else ""):
        return _decided_meanwhile(viewer, decided, facts)
    event = event_record(
        viewer=viewer,
        case_file=referral.case_file,
        kind=kinds.RESPONSE_DECIDED,
        occurred_at=now,
        now=now,
        facts=facts,
        note=reason,
    )
    record(
        Verb.RESPONSE_DECIDED,
        viewer=viewer,
        at=now,
        subject_kind="referral",
        subject=referral.pk,
        case_file=referral.case_file_id,
        category="r03",
        facts={"tier": tier.value, "jurisdiction": jurisdiction.value},
    )
    return event


def _decided_meanwhile(viewer: Viewer, decided: Event | None, facts: dict[str, str | None]) -> CaseEvent:
    """The same decision again is the same decision; another one must be looked at first."""
    if decided is not None and dict(decided.facts) == facts:
        found = CaseEvent.objects.visible_to(viewer).filter(pk=decided.id).first()
        if found is not None:
            return found
    raise RuleBroken(
        "Somebody decided this referral while you had this page open. Look at what holds now, then decide."
    )
