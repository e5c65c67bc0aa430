"""Which deadline rules hold in a county, and have held, by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from agencies.models import CountyRulebook, RulebookProposal
from agencies.policies import may_propose_rules, may_see_matrix
from agencies.selectors.matrix import NO_DUTY
from agencies.selectors.rules import may_decide_here
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed
from referrals.deadlines.calendar import Within, within_of
from referrals.deadlines.register import ROWS, Row, rules_of
from referrals.deadlines.rule import Force, Rule
from referrals.deadlines.rulebook import (
    DEFAULT_RULEBOOK,
    READINGS,
    Reading,
    Rulebook,
    Rulebooks,
    limit_set,
)
from referrals.duty_words import limit_words


def rulebooks_of(county: UUID) -> Rulebooks:
    """The county's signed rulebooks over the register; the register alone where none is signed."""
    rows = CountyRulebook.objects.filter(county=county).order_by("effective_at", "number")
    return Rulebooks(DEFAULT_RULEBOOK, tuple((row.effective_at, book_of(row)) for row in rows))


def book_of(row: CountyRulebook) -> Rulebook:
    """One signed version as rules. Raises `RuleError` for a limit that the law does not allow."""
    limits = {rule_id: within_of(unit, count) for rule_id, (unit, count) in row.limits.items()}
    rules = tuple(
        limit_set(rule, limits[rule.id]) if rule.id in limits else rule for rule in DEFAULT_RULEBOOK.rules
    )
    readings = {**DEFAULT_RULEBOOK.readings, **row.readings}
    return Rulebook(f"{DEFAULT_RULEBOOK.version}/{row.number}", rules, readings)


def newest_row(county: UUID) -> CountyRulebook | None:
    """The version signed last, whether it has begun or not."""
    return CountyRulebook.objects.filter(county=county).order_by("-number").first()


def waiting_proposal(county: UUID) -> RulebookProposal | None:
    """The one change of the county's deadlines that is being written or waits for a second person."""
    states = (RulebookProposal.State.OPEN, RulebookProposal.State.SUBMITTED)
    return (
        RulebookProposal.objects.filter(county=county, state__in=states).select_related("proposed_by").first()
    )


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One duty of the register as a person reads it: its ground, its limit, and what a proposal would make of it."""

    rule: Rule
    is_law: bool
    limit: str
    register_limit: str
    proposed: str


@dataclass(frozen=True, slots=True)
class RegisterGroup:
    """One row of the register with the clocks that keep it."""

    row: Row
    lines: list[RuleLine]


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One unclear row of the law, how it is read now, and how a proposal would read it."""

    reading: Reading
    reads: bool
    proposed: bool | None


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The register of one part, with the proposal that waits and the versions signed last."""

    part: str
    version: str
    groups: list[RegisterGroup]
    readings: list[ReadingLine]
    proposal: RulebookProposal | None
    versions: list[CountyRulebook]
    may_propose: bool
    may_decide: bool
    is_mine: bool
    changes: list[str]

    @property
    def proposed_words(self) -> str:
        """Everything the proposal would change, as one line of words."""
        return "; ".join(self.changes) + "." if self.changes else "It goes back to the register."


PARTS = MappingProxyType(
    {"A": "Reports", "B": "Missing from foster care", "C": "Response, teams and assessments"}
)
VERSIONS_SHOWN = 20


def register_page(*, viewer: Viewer, now: datetime, part: str = "A") -> RegisterPage:
    """One part of the register as it holds in the viewer's county now. Raises `NotAllowed` for somebody without a duty."""
    if not may_see_matrix(viewer):
        raise NotAllowed(NO_DUTY)
    part = part if part in PARTS else "A"
    book = rulebooks_of(viewer.county).at(now)
    proposal = waiting_proposal(viewer.county)
    if proposal is not None and not _may_read(viewer, proposal):
        proposal = None
    limits = _proposed_limits(proposal)
    groups = [
        RegisterGroup(row, [_line(rule, book, limits, proposal) for rule in rules_of(row, book.rules)])
        for row in ROWS
        if row.number.startswith(part)
    ]
    versions = CountyRulebook.objects.filter(county=viewer.county).select_related("signed_by", "proposed_by")
    mine = proposal is not None and proposal.proposed_by_id == viewer.person
    return RegisterPage(
        part=part,
        version=book.version,
        groups=groups,
        readings=[
            ReadingLine(
                one,
                book.reads(one.id),
                proposal.readings.get(one.id, one.default) if proposal is not None else None,
            )
            for one in READINGS
        ],
        proposal=proposal,
        versions=list(versions.order_by("-number")[:VERSIONS_SHOWN]),
        may_propose=may_propose_rules(viewer) and (proposal is None or (mine and proposal.state == "open")),
        may_decide=proposal is not None
        and proposal.state == "submitted"
        and not mine
        and may_decide_here(viewer),
        is_mine=mine,
        changes=_changes(proposal, book),
    )


def rule_to_set(page: RegisterPage, rule_id: str) -> Rule:
    """The duty of the register that is to be set, with the limit that the open proposal asks for, if it does.

    Raises `RuleError` where the register has none.
    """
    rule = DEFAULT_RULEBOOK.rule(rule_id)
    limits = _proposed_limits(page.proposal)
    return limit_set(rule, limits[rule_id]) if rule_id in limits else rule


def _changes(proposal: RulebookProposal | None, book: Rulebook) -> list[str]:
    """Each difference a proposal would make to what holds now, the register's own order."""
    if proposal is None:
        return []
    limits = _proposed_limits(proposal)
    found = []
    for rule in book.rules:
        own = DEFAULT_RULEBOOK.rule(rule.id)
        asked = limit_set(own, limits.get(rule.id, own.within))
        if asked.within != rule.within:
            found.append(f"{rule.register} {rule.title}: {limit_words(asked)}, now {limit_words(rule)}")
    for reading in READINGS:
        asked_reading = proposal.readings.get(reading.id, reading.default)
        if asked_reading is not book.reads(reading.id):
            found.append(f"{reading.question} {'Yes' if asked_reading else 'No'}")
    return found


def _may_read(viewer: Viewer, proposal: RulebookProposal) -> bool:
    return may_propose_rules(viewer) or (proposal.state == "submitted" and may_decide_here(viewer))


def _proposed_limits(proposal: RulebookProposal | None) -> dict[str, Within]:
    if proposal is None:
        return {}
    return {rule_id: within_of(unit, count) for rule_id, (unit, count) in proposal.limits.items()}


def _line(
    rule: Rule, book: Rulebook, limits: dict[str, Within], proposal: RulebookProposal | None
) -> RuleLine:
    own = DEFAULT_RULEBOOK.rule(rule.id)
    proposed = limits.get(rule.id, own.within)
    return RuleLine(
        rule=rule,
        is_law=rule.limit_force is Force.LAW,
        limit=limit_words(rule),
        register_limit=limit_words(own) if own.within != rule.within else "",
        proposed=limit_words(limit_set(own, proposed))
        if proposal is not None and proposed != rule.within
        else "",
    )
