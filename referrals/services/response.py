"""Deciding how fast the county answers a referral, and under whose jurisdiction (MOU Template VI.C, VI.D)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from referrals import policies
from referrals.choices import Holder, Tier
from referrals.deadlines import kinds
from referrals.models import CaseEvent, Referral
from referrals.services.event import event_record


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
) -> CaseEvent:
    """The decision, whose consequences are the clocks that run from now on.

    `lead` names the lead agency of a dual-jurisdiction child (WIC 241.1); without it both answer.
    """
    policies.require(
        policies.may_decide_response(viewer),
        rule="The response is decided by the agency that receives reports.",
        opens="Child Welfare or Probation staff can decide it.",
        ask="Call the hotline.",
    )
    if lead is not None and lead not in {Holder.CHILD_WELFARE, Holder.PROBATION}:
        raise RuleBroken("The lead agency is Child Welfare or Probation.", field="lead")
    event = event_record(
        viewer=viewer,
        case_file=referral.case_file,
        kind=kinds.RESPONSE_DECIDED,
        occurred_at=now,
        now=now,
        facts={
            "referral": str(referral.pk),
            "tier": tier.value,
            "jurisdiction": jurisdiction.value,
            "lead": lead.value if lead else None,
        },
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
