"""From what happened to what is owed: what starts which duties, for whom, and what ends them again.

Duties run from when the agency received the information (Penal Code 11166, "after receiving"), never from
typing. Where an answer is not known yet, the safe side counts: an urgent referral is a crisis, an unknown
jurisdiction sends everybody, an unknown eligibility counts as eligible.

Here are the duties that follow the county's answer to a referral; the others start by their rules (`triggers`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from referrals.deadlines import kinds
from referrals.deadlines import rule_ids as ids
from referrals.deadlines.acts import COUNTY
from referrals.deadlines.answers import (
    Answer,
    Start,
    answers_to,
    county_reporter,
    owed,
    referral_about,
    referrals_of,
    responders,
)
from referrals.deadlines.events import Event
from referrals.deadlines.rulebook import Rulebook, Rulebooks
from referrals.deadlines.triggers import triggered

__all__ = ["Answer", "Start", "county_reporter", "responders", "starts"]


def starts(events: Sequence[Event], *, rulebook: Rulebook | Rulebooks, zone: ZoneInfo) -> Iterator[Start]:
    """Every duty the events in force begin, each once; `events` are oldest first."""
    referrals = referrals_of(events)
    for referral in referrals:
        answers = answers_to(referral, events, referrals)
        yield from _response_starts(referral, answers)
        yield from _cross_report_starts(referral)
    yield from _written_starts(events, referrals)
    yield from triggered(events, rulebook, zone)


def _response_starts(referral: Event, answers: Sequence[Answer]) -> Iterator[Start]:
    received_at = referral.known_at
    crises = [answer for answer in answers if answer.tier == kinds.TIER_CRISIS]
    if crises:
        # A referral that became a crisis later is one from when that danger was known, not from its first
        # receipt.
        begun_at = max(received_at, crises[0].event.known_at)
        for rule_id in (ids.RESPONSE, ids.SUPPORT):
            yield from owed(rule_id, kinds.TO_CHILD, referral.root, begun_at, answers, responders)
        yield from owed(ids.IMMEDIATE, kinds.TO_CHILD, referral.root, begun_at, answers, _at_once)
        yield from owed(ids.MEDICAL, kinds.TO_CHILD, referral.root, begun_at, answers, _public_health)
    yield from owed(ids.INVESTIGATION, kinds.TO_CHILD, referral.root, received_at, answers, _investigator)
    yield Start(ids.FIRST_TEAM, kinds.CHILD_WELFARE, kinds.TO_CHILD, referral.root, received_at)


def _at_once(answer: Answer) -> frozenset[str]:
    """The State's own 24 hours bind child welfare alone, where it goes (Division 31)."""
    return responders(answer) & {kinds.CHILD_WELFARE}


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
    if referral.facts.get("general_neglect") is True:
        recipients = []
    if owed_by == kinds.PROBATION:
        recipients.append(kinds.TO_CHILD_WELFARE)
    for owed_to in recipients:
        yield Start(ids.CROSS_REPORT, owed_by, owed_to, referral.root, referral.known_at)


def _written_starts(events: Sequence[Event], referrals: Sequence[Event]) -> Iterator[Start]:
    """One written report to each agency telephoned about a referral, however often it was called."""
    found: dict[tuple[UUID, str, str], Start] = {}
    for call in events:
        owed_to = call.says("to")
        if (
            call.kind != kinds.CROSS_REPORT_MADE
            or call.says("mode") != kinds.TELEPHONE
            or call.says("outcome") == kinds.VOICEMAIL
            or call.agency_role not in COUNTY
            or owed_to is None
        ):
            continue
        about = referral_about(call, referrals) or call
        owed_by = call.agency_role or _receiving_role(about)
        start = Start(ids.WRITTEN_REPORT, owed_by, owed_to, about.root, about.known_at)
        found.setdefault((about.root, owed_by, owed_to), start)
    yield from found.values()
