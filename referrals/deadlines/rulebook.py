"""The rules in force in a county: the register as it stands, and what the county asks for beyond it, by date.

A county may ask for any duty sooner and set what is its own practice; what a statute commands it may not put off.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from referrals.deadlines.calendar import Within, not_longer
from referrals.deadlines.register import ALL_RULES
from referrals.deadlines.rule import Force, Rule, RuleError


@dataclass(frozen=True, slots=True)
class Reading:
    """A row of the law that can be read in two ways: the county's counsel says how it is read here."""

    id: str
    question: str
    source: str
    default: bool


READINGS: Final[tuple[Reading, ...]] = (
    Reading(
        "all_foster",
        "Is every child missing from foster care reported to the police and NCMEC, at risk or not?",
        "P.L. 113-183 section 104",
        default=True,
    ),
    Reading(
        "E3",
        "Does a youth of 18 to 20 in foster care without Title IV-E count as receiving services?",
        "WIC 16501.35(a)(1)",
        default=True,
    ),
    Reading(
        "E7",
        "Does a runaway count who was formally discharged from foster care, or is 21 or older?",
        "ACL 16-85",
        default=False,
    ),
    Reading(
        "E9",
        "Does a youth count who is under probation without placement or candidacy?",
        "Framework Action Team's advice",
        default=False,
    ),
)
ALL_FOSTER: Final = "all_foster"
_DEFAULTS: Final[Mapping[str, bool]] = MappingProxyType({reading.id: reading.default for reading in READINGS})


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in force in a county, under a version that every deadline remembers."""

    version: str
    rules: tuple[Rule, ...]
    readings: Mapping[str, bool] = field(default_factory=lambda: _DEFAULTS)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; raises `RuleError` when there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise RuleError(f"There is no deadline rule '{rule_id}'.")

    def reads(self, reading: str) -> bool:
        """How the county reads an unclear row; raises `KeyError` for one that is not unclear."""
        return self.readings[reading]

    def at(self, moment: datetime) -> Rulebook:
        """A single rulebook holds at every moment."""
        return self

    def shorten(self, rule_id: str, within: Within) -> Rulebook:
        """A rulebook in which this duty has another limit.

        What a statute commands may be asked for sooner, never later; a practice is the county's to set either
        way. Raises `RuleError` when the new limit could end later than the law's.
        """
        changed = limit_set(self.rule(rule_id), within)
        rules = tuple(changed if kept.id == rule_id else kept for kept in self.rules)
        version = f"{self.version}+{rule_id}={within}".replace(" ", "")
        return replace(self, version=version, rules=rules)


def limit_set(rule: Rule, within: Within) -> Rule:
    """The duty with the county's limit. Raises `RuleError` where that could end later than the law allows.

    Where the law commands the act and names no figure, the figure was the county's from the start; it may be set
    either way, except for what the law wants at once.
    """
    bound = rule.limit_force is Force.LAW or (rule.force is Force.LAW and rule.at_once)
    if bound and not not_longer(within, rule.within):
        raise RuleError(
            f"{rule.title}: {rule.citation} allows no more than {rule.within}; {within} could end later. "
            "Choose a shorter limit."
        )
    if within == rule.within:
        return rule
    law_within = rule.within if rule.limit_force is Force.LAW else rule.law_within
    return replace(rule, within=within, limit_force=Force.PRACTICE, law_within=law_within)


@dataclass(frozen=True, slots=True)
class Rulebooks:
    """A county's rulebooks by the moment from which each holds, oldest first; before the first, the register alone."""

    first: Rulebook
    dated: tuple[tuple[datetime, Rulebook], ...] = ()

    def __post_init__(self) -> None:
        moments = [moment for moment, _ in self.dated]
        if moments != sorted(moments):
            raise ValueError("Rulebooks are given oldest first.")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules as the register has them: their order, what starts them and what shows them done."""
        return self.first.rules

    def at(self, moment: datetime) -> Rulebook:
        """The rulebook in force at a moment; a clock that started then keeps it."""
        place = bisect_right([since for since, _ in self.dated], moment)
        return self.dated[place - 1][1] if place else self.first

    def of(self, version: str) -> Rulebook:
        """The rulebook of a version; the register alone for one that the county never had."""
        return next((book for _, book in self.dated if book.version == version), self.first)


DEFAULT_RULEBOOK: Final = Rulebook(version="2026.1", rules=ALL_RULES)
