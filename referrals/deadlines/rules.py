"""The table of duties: who owes what to whom, how soon, by which law or practice, and what shows it.

A rule of force LAW may be called overdue by law; one of force PRACTICE is what the county's agencies promised
each other. Register numbers are those of the county's clock register (A: reporting, C: response and teams).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from referrals.deadlines import kinds
from referrals.deadlines.calendar import CalendarDays, Hours, Months, Within, not_longer


class Force(StrEnum):
    """Whether a statute or an agreement between agencies stands behind a duty."""

    LAW = "law"
    PRACTICE = "practice"


class ShownBy(StrEnum):
    """Whose act counts as doing the duty."""

    OWING_AGENCY = "owing"
    COUNTY_REPORTER = "county"
    ANYONE = "anyone"


STAGE_NAMES: Final[tuple[str, ...]] = ("started", "warning", "due", "still")


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty: what it is called, its ground, its limit, and what shows that it was done.

    `limit_force` differs from `force` where the law commands but names no figure, so the limit is the
    county's own. `modes` empty means that the mode does not matter; `evidence` are the facts without which an
    act does not count.
    """

    id: str
    register: str
    title: str
    force: Force
    citation: str
    within: Within
    at_once: bool
    owed_to: tuple[str, ...]
    met_by: str
    shown_by: ShownBy
    modes: frozenset[str]
    evidence: tuple[str, ...]
    consequence: str
    limit_force: Force
    stages: tuple[str, ...] = STAGE_NAMES


class RuleError(ValueError):
    """A change to the rulebook that the law does not allow, or to a rule that is not in it."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in force in a county, under a version that every deadline remembers."""

    version: str
    rules: tuple[Rule, ...]

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; raises `RuleError` when there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise RuleError(f"There is no deadline rule '{rule_id}'.")

    def shorten(self, rule_id: str, within: Within) -> Rulebook:
        """A rulebook in which this duty has another limit.

        What a statute commands may be asked for sooner, never later; a practice is the county's to set either
        way. Raises `RuleError` when the new limit could end later than the law's.
        """
        rule = self.rule(rule_id)
        if rule.force is Force.LAW and not not_longer(within, rule.within):
            raise RuleError(
                f"{rule.title}: {rule.citation} allows no more than {rule.within}; {within} could end later. "
                "Choose a shorter limit."
            )
        limit_force = rule.limit_force if within == rule.within else Force.PRACTICE
        changed = replace(rule, within=within, limit_force=limit_force)
        rules = tuple(changed if kept.id == rule_id else kept for kept in self.rules)
        return Rulebook(version=f"{self.version}+{rule_id}={within}".replace(" ", ""), rules=rules)


RESPONSE: Final = "response-2h"
CROSS_REPORT: Final = "cross-report-now"
WRITTEN_REPORT: Final = "written-36h"
VICTIM_REPORT: Final = "victim-le-24h"
MISSING_TO_LE: Final = "missing-le-24h"
MISSING_TO_NCMEC: Final = "missing-ncmec-24h"
SUPPORT: Final = "support-72h"
MEDICAL: Final = "medical-72h"
INVESTIGATION: Final = "investigate-10d"
FIRST_TEAM: Final = "team-10d"
NEXT_TEAM: Final = "team-monthly"

_ANY_MODE: Final = frozenset({kinds.TELEPHONE, kinds.FAX, kinds.ELECTRONIC})

DEFAULT_RULEBOOK: Final = Rulebook(
    version="2026.1",
    rules=(
        Rule(
            id=RESPONSE,
            register="C1",
            title="Be with the child",
            force=Force.PRACTICE,
            limit_force=Force.PRACTICE,
            citation="County protocol, immediate crisis response",
            within=Hours(2),
            at_once=False,
            owed_to=(kinds.TO_CHILD,),
            met_by=kinds.RESPONDER_ARRIVED,
            shown_by=ShownBy.OWING_AGENCY,
            modes=frozenset(),
            evidence=(),
            consequence="The child may be alone with the danger that was reported. Supervisors are told.",
        ),
        Rule(
            id=CROSS_REPORT,
            register="A3",
            title="Tell the other agencies of the report",
            force=Force.LAW,
            # The statute says at once and names no figure; two hours is when the county escalates.
            limit_force=Force.PRACTICE,
            citation="Penal Code 11166(j)(1)",
            within=Hours(2),
            at_once=True,
            owed_to=(kinds.TO_LAW_ENFORCEMENT, kinds.TO_DISTRICT_ATTORNEY),
            met_by=kinds.CROSS_REPORT_MADE,
            shown_by=ShownBy.COUNTY_REPORTER,
            modes=_ANY_MODE,
            evidence=("to", "mode"),
            consequence="An agency that could act does not know. The law asks for this at once.",
        ),
        Rule(
            id=WRITTEN_REPORT,
            register="A4",
            title="Send the written report",
            force=Force.LAW,
            limit_force=Force.LAW,
            citation="Penal Code 11166(j)(1)",
            within=Hours(36),
            at_once=False,
            owed_to=(),
            met_by=kinds.WRITTEN_REPORT_SENT,
            shown_by=ShownBy.COUNTY_REPORTER,
            modes=frozenset({kinds.FAX, kinds.ELECTRONIC}),
            evidence=("to", "mode"),
            consequence="The written report is late by law to an agency that was telephoned.",
        ),
        Rule(
            id=VICTIM_REPORT,
            register="A5",
            title="Report the identified victim to law enforcement",
            force=Force.LAW,
            limit_force=Force.LAW,
            citation="Penal Code 11166(j)(2)",
            within=Hours(24),
            at_once=True,
            owed_to=(kinds.TO_LAW_ENFORCEMENT,),
            met_by=kinds.LE_REPORT_MADE,
            shown_by=ShownBy.COUNTY_REPORTER,
            modes=_ANY_MODE,
            evidence=("mode", "reference"),
            consequence="The report is late by law, and law enforcement does not know of the exploitation.",
        ),
        Rule(
            id=MISSING_TO_LE,
            register="A6",
            title="Report the missing child to law enforcement",
            force=Force.LAW,
            limit_force=Force.LAW,
            citation="Penal Code 11166(j)(3)",
            within=Hours(24),
            at_once=True,
            owed_to=(kinds.TO_LAW_ENFORCEMENT,),
            met_by=kinds.MISSING_REPORTED,
            shown_by=ShownBy.COUNTY_REPORTER,
            modes=_ANY_MODE,
            evidence=("to", "mode", "reference"),
            consequence="The report is late by law, and nobody is searching on it.",
        ),
        Rule(
            id=MISSING_TO_NCMEC,
            register="A7",
            title="Report the missing child to NCMEC",
            force=Force.LAW,
            limit_force=Force.LAW,
            citation="Penal Code 11166(j)(3)",
            within=Hours(24),
            at_once=True,
            owed_to=(kinds.TO_NCMEC,),
            met_by=kinds.MISSING_REPORTED,
            shown_by=ShownBy.COUNTY_REPORTER,
            modes=frozenset({kinds.TELEPHONE, kinds.ELECTRONIC}),
            evidence=("to", "mode", "reference"),
            consequence="The report is late by law. A police report does not reach NCMEC by itself.",
        ),
        Rule(
            id=SUPPORT,
            register="C3",
            title="Stay with the child through the first three days",
            force=Force.PRACTICE,
            limit_force=Force.PRACTICE,
            citation="County protocol, intensive support",
            within=Hours(72),
            at_once=False,
            owed_to=(kinds.TO_CHILD,),
            met_by=kinds.SUPPORT_COMPLETED,
            shown_by=ShownBy.OWING_AGENCY,
            modes=frozenset(),
            evidence=(),
            consequence="The first three days are when a child is most likely to be drawn back.",
        ),
        Rule(
            id=MEDICAL,
            register="C4",
            title="Complete the medical evaluation",
            force=Force.PRACTICE,
            limit_force=Force.PRACTICE,
            citation="County protocol, medical evaluation",
            within=Hours(72),
            at_once=False,
            owed_to=(kinds.TO_CHILD,),
            met_by=kinds.MEDICAL_EVALUATION_DONE,
            shown_by=ShownBy.ANYONE,
            modes=frozenset(),
            evidence=(),
            consequence="Some treatment works only in the first three days.",
        ),
        Rule(
            id=INVESTIGATION,
            register="C5",
            title="Begin the investigation in person",
            force=Force.LAW,
            limit_force=Force.LAW,
            citation="Division 31, MPP 31-105",
            within=CalendarDays(10),
            at_once=False,
            owed_to=(kinds.TO_CHILD,),
            met_by=kinds.INVESTIGATION_BEGUN,
            shown_by=ShownBy.ANYONE,
            modes=frozenset(),
            evidence=(),
            consequence="The investigation is late by State rule, and nobody has seen the child.",
        ),
        Rule(
            id=FIRST_TEAM,
            register="C6",
            title="Hold the first team meeting",
            force=Force.PRACTICE,
            limit_force=Force.PRACTICE,
            citation="County protocol, initial team meeting",
            within=CalendarDays(10),
            at_once=False,
            owed_to=(kinds.TO_CHILD,),
            met_by=kinds.MEETING_HELD,
            shown_by=ShownBy.ANYONE,
            modes=frozenset(),
            evidence=(),
            consequence="The agencies have not planned together yet. Supervisors are told.",
        ),
        Rule(
            id=NEXT_TEAM,
            register="C7",
            title="Hold the next team meeting",
            force=Force.PRACTICE,
            limit_force=Force.PRACTICE,
            citation="County protocol, ongoing team meetings",
            within=Months(1),
            at_once=False,
            owed_to=(kinds.TO_CHILD,),
            met_by=kinds.MEETING_HELD,
            shown_by=ShownBy.ANYONE,
            modes=frozenset(),
            evidence=(),
            consequence="The plan has stood for more than a month without being looked at together.",
        ),
    ),
)
