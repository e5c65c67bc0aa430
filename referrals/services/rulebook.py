"""Changing the county's deadlines: county counsel writes the next rulebook, and a second person signs it.

What a statute commands may be asked for sooner and never later. A running clock keeps the version it started under, so a
signed change touches no clock that runs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from agencies.models import County, CountyRulebook, Notice, RulebookProposal
from agencies.policies import (
    MAY_NOT_DECIDE,
    MAY_NOT_PROPOSE,
    NOT_THE_PROPOSER,
    TWO_PEOPLE,
    is_oneself,
    may_decide_rules,
    may_propose_rules,
)
from agencies.services.signing import signers_of, signing_tell
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from referrals.deadlines.calendar import UNITS, within_of
from referrals.deadlines.rules import DEFAULT_RULEBOOK, READINGS, RuleError, limit_set
from referrals.selectors.rulebook import newest_row, waiting_proposal

State = RulebookProposal.State
WORDS_IN_A_REASON = 4
LONGEST = {"minutes": 525_600, "hours": 8_760, "days": 366, "months": 24}


@transaction.atomic
def limit_propose(
    *, viewer: Viewer, rule_id: str, unit: str, count: int | None, now: datetime
) -> RulebookProposal:
    """Writes another limit for one duty into the open proposal, which it opens if there is none.

    `unit` empty goes back to the register's own limit. Raises `NotAllowed` for anybody but county counsel, `NotVisible`
    for a duty that the register does not have, `RuleBroken` for a limit that the law does not allow.
    """
    proposal = _mine(viewer, now)
    try:
        rule = DEFAULT_RULEBOOK.rule(rule_id)
    except RuleError as unknown:
        raise NotVisible from unknown
    limits = dict(proposal.limits)
    if not unit:
        limits.pop(rule_id, None)
    else:
        if unit not in UNITS:
            raise RuleBroken("Choose minutes, hours, days or months.", field="unit")
        if count is None or not 1 <= count <= LONGEST[unit]:
            raise RuleBroken(f"Give a whole number from 1 to {LONGEST[unit]}.", field="count")
        try:
            limit_set(rule, within_of(unit, count))
        except RuleError as refused:
            raise RuleBroken(str(refused), field="count") from refused
        limits[rule_id] = [unit, count]
    proposal.limits = limits
    proposal.save(update_fields=["limits"])
    _log(viewer, proposal, now, did="limit proposed", rule=rule_id, unit=unit, count=count)
    return proposal


@transaction.atomic
def readings_propose(*, viewer: Viewer, readings: dict[str, bool], now: datetime) -> RulebookProposal:
    """Writes how the county reads the unclear rows of the law into the open proposal. Raises as `limit_propose`."""
    known = {reading.id: reading.default for reading in READINGS}
    if not readings.keys() <= known.keys():
        raise NotVisible
    proposal = _mine(viewer, now)
    said = {**proposal.readings, **readings}
    proposal.readings = {name: value for name, value in said.items() if known[name] is not value}
    proposal.save(update_fields=["readings"])
    _log(viewer, proposal, now, did="readings proposed", readings=proposal.readings)
    return proposal


@transaction.atomic
def rulebook_submit(
    *, viewer: Viewer, reason: str, effective_at: datetime | None, now: datetime
) -> RulebookProposal:
    """Hands the proposal to a second person; without `effective_at` it begins when it is signed.

    Raises `RuleBroken` for one that changes nothing, without a sentence of reason, or that begins in the past.
    """
    proposal = _mine(viewer, now)
    newest = newest_row(viewer.county)
    before = (newest.limits, newest.readings) if newest else ({}, {})
    if (proposal.limits, proposal.readings) == before:
        raise RuleBroken("Nothing is changed yet. Change at least one limit first.")
    if len(reason.split()) < WORDS_IN_A_REASON:
        raise RuleBroken(
            "Give the reason in a sentence: the law, the order or the agreement.", field="reason"
        )
    if effective_at is not None and effective_at < now:
        raise RuleBroken(
            "A rulebook cannot begin in the past: a clock that runs keeps its rule. Choose a later day.",
            field="effective_on",
        )
    proposal.state, proposal.reason, proposal.effective_at = State.SUBMITTED, reason.strip(), effective_at
    proposal.save(update_fields=["state", "reason", "effective_at"])
    _log(viewer, proposal, now, did="rulebook submitted", base=proposal.base)
    _tell(proposal, signers_of(proposal.county, but=viewer.person, now=now), now)
    return proposal


@transaction.atomic
def rulebook_withdraw(*, viewer: Viewer, now: datetime) -> None:
    """Takes back one's own proposal. Raises `NotVisible` when there is none, `NotAllowed` for another's."""
    _lock(viewer)
    proposal = waiting_proposal(viewer.county)
    if proposal is None:
        raise NotVisible
    if not is_oneself(viewer, proposal.proposed_by_id):
        raise NotAllowed(NOT_THE_PROPOSER)
    proposal.state = State.WITHDRAWN
    proposal.save(update_fields=["state"])
    _log(viewer, proposal, now, did="rulebook withdrawn")


@transaction.atomic
def rulebook_decide(*, viewer: Viewer, approve: bool, decision: str, now: datetime) -> CountyRulebook | None:
    """The second person's decision; what is approved is the next version, in force as asked and never before now.

    Raises `NotAllowed` for one's own proposal or without the duty, `NotVisible` when none waits, `RuleBroken` for one sent
    back without words.
    """
    county = _lock(viewer)
    if not may_decide_rules(
        viewer, second_role=county.second_signer_role, second_duty=county.second_signer_duty
    ):
        raise NotAllowed(MAY_NOT_DECIDE)
    proposal = waiting_proposal(viewer.county)
    if proposal is None or proposal.state != State.SUBMITTED:
        raise NotVisible
    if is_oneself(viewer, proposal.proposed_by_id):
        raise NotAllowed(TWO_PEOPLE)
    if not approve and not decision.strip():
        raise RuleBroken("Say what should be changed, so that it can be proposed again.", field="decision")
    proposal.state = State.SIGNED if approve else State.SENT_BACK
    proposal.decided_by_id, proposal.decided_at, proposal.decision = viewer.person, now, decision.strip()
    proposal.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    signed = _sign(proposal, viewer, now) if approve else None
    _log(viewer, proposal, now, did="rulebook signed" if signed else "rulebook sent back")
    _tell(proposal, [proposal.proposed_by_id], now)
    return signed


def _tell(proposal: RulebookProposal, people: list[UUID], now: datetime) -> None:
    signing_tell(
        about=Notice.About.RULEBOOK, subject=proposal.pk, stage=proposal.state, people=people, now=now
    )


def _sign(proposal: RulebookProposal, viewer: Viewer, now: datetime) -> CountyRulebook:
    rows = CountyRulebook.objects.filter(county=proposal.county_id)
    last = rows.aggregate(number=Max("number"), at=Max("effective_at"))
    begins = max(proposal.effective_at or now, now)
    if last["at"] is not None and last["at"] >= begins:
        raise RuleBroken(
            f"Version {last['number']} is signed and begins later. Send this back, so that it begins after it."
        )
    return CountyRulebook.objects.create(
        county_id=proposal.county_id,
        number=(last["number"] or 0) + 1,
        effective_at=begins,
        limits=proposal.limits,
        readings=proposal.readings,
        reason=proposal.reason,
        proposed_by_id=proposal.proposed_by_id,
        signed_by_id=viewer.person,
        signed_at=now,
    )


def _lock(viewer: Viewer) -> County:
    return County.objects.select_for_update(no_key=True).get(pk=viewer.county)


def _mine(viewer: Viewer, now: datetime) -> RulebookProposal:
    """The viewer's open proposal, opened on the newest version when none waits."""
    if not may_propose_rules(viewer):
        raise NotAllowed(MAY_NOT_PROPOSE)
    _lock(viewer)
    proposal = waiting_proposal(viewer.county)
    if proposal is None:
        newest = newest_row(viewer.county)
        return RulebookProposal.objects.create(
            county_id=viewer.county,
            base=newest.number if newest else 0,
            limits=newest.limits if newest else {},
            readings=newest.readings if newest else {},
            proposed_by_id=viewer.person,
            opened_at=now,
        )
    if not is_oneself(viewer, proposal.proposed_by_id):
        raise NotAllowed(NOT_THE_PROPOSER)
    if proposal.state != State.OPEN:
        raise RuleBroken("This change waits for a second person. Withdraw it to change it again.")
    return proposal


def _log(viewer: Viewer, proposal: RulebookProposal, now: datetime, *, did: str, **facts: Any) -> None:
    record(
        Verb.SHARING_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind="rulebook",
        subject=proposal.pk,
        facts={"did": did, **facts},
    )
