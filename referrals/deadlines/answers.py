"""Who answers for a referral: how fast and under whose jurisdiction, as said first and as decided since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from referrals.deadlines import kinds
from referrals.deadlines import rule_ids as ids
from referrals.deadlines.events import Event


@dataclass(frozen=True, slots=True)
class Start:
    """A duty that began: its rule, by and to whom, since when; and the entry that ended it, if one did.

    `due_at` stands in place of the rule's own limit where a day that the entry names decides.
    """

    rule_id: str
    owed_by: str
    owed_to: str | None
    root: UUID
    started_at: datetime
    ended_by: Event | None = None
    end_reason: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """How fast and by whom, as answered at one moment: by the referral itself, then by each decision."""

    event: Event
    tier: str
    jurisdiction: str
    lead: str | None


def referrals_of(events: Sequence[Event]) -> list[Event]:
    """The referrals of a case in the order in which they were received."""
    found = (event for event in events if event.kind == kinds.REFERRAL_RECEIVED)
    return sorted(found, key=lambda event: (event.known_at, event.root.int))


def answers_to(referral: Event, events: Sequence[Event], referrals: Sequence[Event]) -> list[Answer]:
    """What was answered about a referral, oldest first. What is not known yet counts on the safe side."""
    tier = kinds.TIER_INITIAL if referral.facts.get("urgent") is False else kinds.TIER_CRISIS
    jurisdiction = referral.says("jurisdiction") or kinds.JURISDICTION_UNKNOWN
    found = [Answer(referral, tier, jurisdiction, referral.says("lead"))]
    for event in events:
        if event.kind == kinds.RESPONSE_DECIDED and referral_about(event, referrals) is referral:
            before = found[-1]
            tier = event.says("tier") or before.tier
            jurisdiction = event.says("jurisdiction") or before.jurisdiction
            lead_before = before.lead if jurisdiction == before.jurisdiction else None
            found.append(Answer(event, tier, jurisdiction, event.says("lead") or lead_before))
    return found


def answers_about(event: Event, events: Sequence[Event], referrals: Sequence[Event]) -> list[Answer]:
    """The answers to the referral that an event belongs to; none without a referral."""
    referral = referral_about(event, referrals)
    return [] if referral is None else answers_to(referral, events, referrals)


def referral_about(event: Event, referrals: Sequence[Event]) -> Event | None:
    """The referral an event is about: the one it names, else the last received before it, else the first."""
    named = event.says("started_root")
    for referral in referrals:
        if named == str(referral.root):
            return referral
    earlier = [referral for referral in referrals if referral.known_at <= event.occurred_at]
    return next(iter(earlier[-1:] or referrals[:1]), None)


def responders(answer: Answer) -> frozenset[str]:
    """Who goes to the child in a crisis: who has jurisdiction (all while unknown) and the advocate."""
    if answer.tier != kinds.TIER_CRISIS:
        return frozenset()
    who = answer.lead if answer.jurisdiction == kinds.JURISDICTION_DUAL else answer.jurisdiction
    # Where no agency has the child yet, child welfare goes, since a child may be a victim (MOU Template VI.C).
    if who in {kinds.JURISDICTION_CW, kinds.JURISDICTION_NONE}:
        return frozenset({kinds.CHILD_WELFARE, kinds.ADVOCATE})
    if who == kinds.JURISDICTION_PROBATION:
        return frozenset({kinds.PROBATION, kinds.ADVOCATE})
    return frozenset({kinds.CHILD_WELFARE, kinds.PROBATION, kinds.ADVOCATE})


def county_reporter(answer: Answer) -> frozenset[str]:
    """The one agency that reports: probation where it alone has or leads the case, else child welfare."""
    dual_lead = answer.jurisdiction == kinds.JURISDICTION_DUAL and answer.lead == kinds.JURISDICTION_PROBATION
    if dual_lead or answer.jurisdiction == kinds.JURISDICTION_PROBATION:
        return frozenset({kinds.PROBATION})
    return frozenset({kinds.CHILD_WELFARE})


def owed(
    rule_id: str,
    owed_to: str,
    root: UUID,
    started_at: datetime,
    answers: Sequence[Answer],
    who: Callable[[Answer], frozenset[str]],
) -> Iterator[Start]:
    """The duty for everyone whom any answer named; ended for those no later decision names."""
    named = [who(answer) for answer in answers]
    for role in sorted(frozenset().union(*named)):
        last = max(index for index, roles in enumerate(named) if role in roles)
        start = Start(rule_id, role, owed_to, root, started_at)
        if last + 1 < len(answers):
            ending = answers[last + 1]
            start = replace(start, ended_by=ending.event, end_reason=_reason(rule_id, ending))
        yield start


def _reason(rule_id: str, answer: Answer) -> str:
    if rule_id == ids.INVESTIGATION:
        return "Decided: immediate danger, so the crisis response applies."
    crisis = {ids.RESPONSE, ids.IMMEDIATE, ids.SUPPORT, ids.MEDICAL}
    if answer.tier == kinds.TIER_INITIAL and rule_id in crisis:
        return "Decided: no immediate danger, so the initial response applies."
    return "Decided: another agency has this duty."
