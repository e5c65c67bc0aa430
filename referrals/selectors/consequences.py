"""What a decision would start, computed by the very engine that will start it, so that words and deeds cannot differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from agencies.choices import Role
from agencies.models import Agency
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from referrals.deadlines import kinds, rules
from referrals.deadlines.engine import Clock, clocks
from referrals.deadlines.events import Event
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Rule, Rulebooks
from referrals.models import Referral
from referrals.selectors.rulebook import rulebooks_of
from referrals.services.deadline import events_of
from referrals.services.response import Decision, decision_facts, last_decision, referral_root

WHY = "what a decision would start"


@dataclass(frozen=True, slots=True)
class Starts:
    """One duty that a choice would leave running: its rule, its limit, and the agency roles that would owe it."""

    rule: Rule
    due_at: datetime
    owed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """An agency that goes to the child, with the number to reach it."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """Everything one choice would leave running, soonest first, whom it calls, and what it would end."""

    clocks: tuple[Starts, ...]
    called: tuple[Called, ...]
    ended: tuple[Starts, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The choices in the order asked, and the decision that holds now (its id as a word, or empty)."""

    consequences: list[Consequence]
    decided: Event | None

    @property
    def seen(self) -> str:
        return str(self.decided.id) if self.decided else ""


def consequences_of(
    *, viewer: Viewer, referral: Referral, decisions: Sequence[Decision], now: datetime
) -> Outlook:
    """What each of these decisions would leave running for this referral, if it were taken now.

    The same few queries, however many decisions.
    """
    with acting_because(WHY):
        events = events_of(referral.case_file)
    agencies = {
        agency.role: Called(agency.name, agency.phone)
        for agency in Agency.objects.filter(county=viewer.county, is_active=True).order_by("-name")
    }
    root = referral_root(referral, events)
    books = rulebooks_of(viewer.county)
    before = _running(events, books, viewer, root)
    found = []
    for decision in decisions:
        after = _running([*events, _decided(decision, referral, events, viewer, now)], books, viewer, root)
        found.append(_consequence(before, after, agencies))
    return Outlook(found, last_decision(referral, events))


def _decided(
    decision: Decision, referral: Referral, events: Sequence[Event], viewer: Viewer, now: datetime
) -> Event:
    return Event(
        id=(made := uuid4()),
        root=made,
        kind=kinds.RESPONSE_DECIDED,
        occurred_at=now,
        received_at=None,
        recorded_at=now,
        agency=viewer.agency,
        agency_role=viewer.role,
        facts=decision_facts(decision, referral=referral, events=events),
    )


def _running(events: Sequence[Event], books: Rulebooks, viewer: Viewer, root: str | None) -> list[Clock]:
    """What is owed for this referral and not done or ended yet."""
    every = clocks(events, rulebook=books, zone=ZoneInfo(viewer.zone))
    return [
        clock
        for clock in every
        if clock.dropped_by is None and clock.met_by is None and root in {None, str(clock.key.started_root)}
    ]


def _consequence(before: list[Clock], after: list[Clock], agencies: dict[str, Called]) -> Consequence:
    keys = {clock.key for clock in after}
    running = _grouped(after)
    roles: set[str] = {clock.key.owed_by_role for clock in after if clock.key.rule_id == rules.RESPONSE}
    return Consequence(
        clocks=running,
        called=tuple(
            agencies.get(role, Called(str(Role(role).label), "")) for role in sorted(roles, key=_by_part)
        ),
        ended=_grouped([clock for clock in before if clock.key not in keys]),
    )


def _by_part(role: str) -> tuple[bool, str]:
    """The county's own agencies first, then the advocate."""
    return (role == kinds.ADVOCATE, role)


def _grouped(running: list[Clock]) -> tuple[Starts, ...]:
    found: dict[tuple[str, UUID], list[Clock]] = {}
    for clock in running:
        found.setdefault((clock.key.rule_id, clock.key.started_root), []).append(clock)
    starts = [
        Starts(
            rule=DEFAULT_RULEBOOK.rule(rule_id),
            due_at=min(clock.due_at for clock in same),
            owed_by=tuple(sorted({str(Role(clock.key.owed_by_role).label) for clock in same})),
        )
        for (rule_id, _), same in found.items()
    ]
    return tuple(sorted(starts, key=lambda start: (start.due_at, start.rule.id)))
