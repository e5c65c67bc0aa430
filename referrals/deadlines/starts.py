"""From what happened to what is owed: what starts which duties, for whom, and what ends them again.

Duties run from when the agency received the information (Penal Code 11166, "after receiving"), never from
typing. Where an answer is not known yet, the safe side counts: an urgent referral is a crisis, an unknown
jurisdiction sends everybody, an unknown eligibility counts as eligible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from referrals.deadlines import kinds, rules
from referrals.deadlines.events import Event


@dataclass(frozen=True, slots=True)
class Start:
    """A duty that began: its rule, by and to whom, since when; and the decision that ended it, if one did."""

    rule_id: str
    owed_by: str
    owed_to: str | None
    root: UUID
    started_at: datetime
    ended_by: Event | None = None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How fast and by whom, as answered at one moment: by the referral itself, then by each decision."""

    event: Event
    tier: str
    jurisdiction: str
    lead: str | None


def starts(events: Sequence[Event]) -> Iterator[Start]:
    """Every duty the events in force begin, each once; `events` are oldest first."""
    referrals = sorted(
        (e for e in events if e.kind == kinds.REFERRAL_RECEIVED), key=lambda e: (e.known_at, e.root.int)
    )
    for referral in referrals:
        answers = _answers(referral, events, referrals)
        yield from _response_starts(referral, answers)
        yield from _cross_report_starts(referral)
    yield from _written_starts(events, referrals)
    for event in events:
        if event.kind == kinds.CHILD_IDENTIFIED and _not_denied(event, "receives_services"):
            answers = _answers_about(event, events, referrals)
            yield from _reporting_starts(event, answers, ((rules.VICTIM_REPORT, kinds.TO_LAW_ENFORCEMENT),))
        # Being found later does not undo the duty: it arose on hearing that the child is missing, and both
        # recipients must also hear of the recovery (Penal Code 11166(j)(3)(C)). Only the report itself or a
        # reasoned, approved drop ends it, so `child_located` starts and stops nothing here.
        if event.kind == kinds.WENT_MISSING and _not_denied(event, "receives_services", "victim_or_at_risk"):
            answers = _answers_about(event, events, referrals)
            to_whom = (
                (rules.MISSING_TO_LE, kinds.TO_LAW_ENFORCEMENT),
                (rules.MISSING_TO_NCMEC, kinds.TO_NCMEC),
            )
            yield from _reporting_starts(event, answers, to_whom)
        if event.kind == kinds.MEETING_HELD:
            yield Start(rules.NEXT_TEAM, kinds.CHILD_WELFARE, kinds.TO_CHILD, event.root, event.occurred_at)


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


def _response_starts(referral: Event, answers: Sequence[Answer]) -> Iterator[Start]:
    received_at = referral.known_at
    crises = [answer for answer in answers if answer.tier == kinds.TIER_CRISIS]
    if crises:
        # A referral that became a crisis later is one from when that danger was known, not from its first
        # receipt.
        begun_at = max(received_at, crises[0].event.known_at)
        for rule_id in (rules.RESPONSE, rules.SUPPORT):
            yield from _owed(rule_id, kinds.TO_CHILD, referral.root, begun_at, answers, responders)
        yield from _owed(rules.MEDICAL, kinds.TO_CHILD, referral.root, begun_at, answers, _public_health)
    yield from _owed(rules.INVESTIGATION, kinds.TO_CHILD, referral.root, received_at, answers, _investigator)
    yield Start(rules.FIRST_TEAM, kinds.CHILD_WELFARE, kinds.TO_CHILD, referral.root, received_at)


def _public_health(answer: Answer) -> frozenset[str]:
    return frozenset({kinds.PUBLIC_HEALTH}) if answer.tier == kinds.TIER_CRISIS else frozenset()


def _investigator(answer: Answer) -> frozenset[str]:
    """Child welfare investigates even a child under probation; in a crisis somebody goes at once instead."""
    return frozenset({kinds.CHILD_WELFARE}) if answer.tier == kinds.TIER_INITIAL else frozenset()


def _receiving_role(event: Event) -> str:
    return kinds.PROBATION if event.agency_role == kinds.PROBATION else kinds.CHILD_WELFARE


def _cross_report_starts(referral: Event) -> Iterator[Start]:
    owed_by = _receiving_role(referral)
    recipients = [kinds.TO_LAW_ENFORCEMENT, kinds.TO_DISTRICT_ATTORNEY]
    if owed_by == kinds.PROBATION:
        recipients.append(kinds.TO_CHILD_WELFARE)
    for owed_to in recipients:
        yield Start(rules.CROSS_REPORT, owed_by, owed_to, referral.root, referral.known_at)


def _written_starts(events: Sequence[Event], referrals: Sequence[Event]) -> Iterator[Start]:
    """One written report to each agency telephoned about a referral, however often it was called."""
    found: dict[tuple[UUID, str, str], Start] = {}
    for call in events:
        owed_to = call.says("to")
        if (
            call.kind != kinds.CROSS_REPORT_MADE
            or call.says("mode") != kinds.TELEPHONE
            or call.says("outcome") == kinds.VOICEMAIL
            or call.agency_role not in {None, kinds.CHILD_WELFARE, kinds.PROBATION}
            or owed_to is None
        ):
            continue
        about = _referral_of(call, referrals) or call
        owed_by = call.agency_role or _receiving_role(about)
        start = Start(rules.WRITTEN_REPORT, owed_by, owed_to, about.root, about.known_at)
        found.setdefault((about.root, owed_by, owed_to), start)
    yield from found.values()


def _reporting_starts(
    event: Event, answers: Sequence[Answer], to_whom: Sequence[tuple[str, str]]
) -> Iterator[Start]:
    earlier = [answer for answer in answers if answer.event.known_at <= event.known_at]
    later = [answer for answer in answers if answer.event.known_at > event.known_at]
    asked = [*earlier[-1:], *later]
    for rule_id, owed_to in to_whom:
        if asked:
            yield from _owed(rule_id, owed_to, event.root, event.known_at, asked, county_reporter)
        else:
            yield Start(rule_id, kinds.CHILD_WELFARE, owed_to, event.root, event.known_at)


def _owed(
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
    if rule_id == rules.INVESTIGATION:
        return "Decided: immediate danger, so the crisis response applies."
    if answer.tier == kinds.TIER_INITIAL and rule_id in {rules.RESPONSE, rules.SUPPORT, rules.MEDICAL}:
        return "Decided: no immediate danger, so the initial response applies."
    return "Decided: another agency has this duty."


def _answers(referral: Event, events: Sequence[Event], referrals: Sequence[Event]) -> list[Answer]:
    tier = kinds.TIER_INITIAL if referral.facts.get("urgent") is False else kinds.TIER_CRISIS
    jurisdiction = referral.says("jurisdiction") or kinds.JURISDICTION_UNKNOWN
    found = [Answer(referral, tier, jurisdiction, referral.says("lead"))]
    for event in events:
        if event.kind == kinds.RESPONSE_DECIDED and _referral_of(event, referrals) is referral:
            before = found[-1]
            tier = event.says("tier") or before.tier
            jurisdiction = event.says("jurisdiction") or before.jurisdiction
            lead_before = before.lead if jurisdiction == before.jurisdiction else None
            found.append(Answer(event, tier, jurisdiction, event.says("lead") or lead_before))
    return found


def _answers_about(event: Event, events: Sequence[Event], referrals: Sequence[Event]) -> list[Answer]:
    referral = _referral_of(event, referrals)
    return [] if referral is None else _answers(referral, events, referrals)


def _referral_of(event: Event, referrals: Sequence[Event]) -> Event | None:
    """The referral an event is about: the one it names, else the last received before it, else the first."""
    named = event.says("started_root")
    for referral in referrals:
        if named == str(referral.root):
            return referral
    earlier = [referral for referral in referrals if referral.known_at <= event.occurred_at]
    return next(iter(earlier[-1:] or referrals[:1]), None)


def _not_denied(event: Event, *keys: str) -> bool:
    return all(event.facts.get(key) is not False for key in keys)
