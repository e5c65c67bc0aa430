"""How a duty reads to a person: what must happen, by when, and how it stands. Pure words, no database.

A duty is called overdue by law only where the law itself names the limit; a limit that the county set is the county's
target, even where the law asks for the act (reference 1.1, rule R10).
"""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from cseccase.wording import day_time_words, span_words, time_left_words
from referrals.deadlines import kinds, rules
from referrals.deadlines.rules import Force, Rule

OVERDUE, NOW, TODAY, LATER = "overdue", "now", "today", "later"

RECIPIENTS = MappingProxyType(
    {
        kinds.TO_LAW_ENFORCEMENT: "law enforcement",
        kinds.TO_DISTRICT_ATTORNEY: "the district attorney",
        kinds.TO_CHILD_WELFARE: "Child Welfare",
        kinds.TO_NCMEC: "the National Center (NCMEC)",
        kinds.TO_CHILD: "the child",
    }
)

_TITLES = MappingProxyType(
    {
        rules.CROSS_REPORT: "Tell {to} of the report",
        rules.WRITTEN_REPORT: "Send the written report to {to}",
        rules.MISSING_TO_NCMEC: "Report the missing child to {to}",
    }
)

ACTS = MappingProxyType(
    {
        rules.RESPONSE: "Record arrival",
        rules.CROSS_REPORT: "Call and record",
        rules.WRITTEN_REPORT: "Record as sent",
        rules.VICTIM_REPORT: "Report and record",
        rules.MISSING_TO_LE: "Call and record",
        rules.MISSING_TO_NCMEC: "Call and record",
        rules.SUPPORT: "Record the support",
        rules.MEDICAL: "Record the visit",
        rules.INVESTIGATION: "Record the visit",
        rules.FIRST_TEAM: "Plan the meeting",
        rules.NEXT_TEAM: "Plan the meeting",
    }
)
"""The one button of each duty: verb and thing."""

NOTES = MappingProxyType(
    {
        rules.MISSING_TO_NCMEC: "the police report does not reach it",
        rules.WRITTEN_REPORT: "owed to each agency that was telephoned",
    }
)

TEAM_RULES = frozenset({rules.FIRST_TEAM, rules.NEXT_TEAM})


def duty_title(rule: Rule, owed_to: str) -> str:
    """What must happen, with its recipient: "Send the written report to the district attorney"."""
    pattern = _TITLES.get(rule.id)
    return pattern.format(to=RECIPIENTS[owed_to]) if pattern and owed_to in RECIPIENTS else rule.title


def due_words(
    due_at: datetime, *, at_once: bool, group: str, now: datetime, zone: ZoneInfo
) -> tuple[str, str]:
    """The due time, and for a duty due at once its outer limit on a second line."""
    moment = day_time_words(due_at, zone, year_now=now.astimezone(zone).year)
    if group == OVERDUE:
        return f"Was due {moment}", ""
    return ("Due at once", f"Outer limit {moment}") if at_once else (moment, "")


def left_words(due_at: datetime, rule: Rule, now: datetime) -> str:
    """How far away the limit is, or how long ago it passed and whose limit it was."""
    return time_left_words(due_at, now, force=rule.limit_force.value)


def is_late_by_law(due_at: datetime, rule: Rule, now: datetime) -> bool:
    """Red is spent only on a limit that a statute names."""
    return due_at < now and rule.limit_force is Force.LAW


def done_words(met_at: datetime, due_at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """When it was done, and by how much late if it was."""
    words = f"Done {day_time_words(met_at, zone, year_now=now.astimezone(zone).year)}"
    return words if met_at <= due_at else f"{words}, {span_words(met_at - due_at)} late"


def limit_words(rule: Rule) -> str:
    """The rule's limit as people say it: "at once, never later than 24 hours", "within 10 calendar days"."""
    count = getattr(rule.within, "count", 0)
    unit = {"Hours": "hours", "CalendarDays": "calendar days", "Months": "month" if count == 1 else "months"}
    span = f"{count} {unit[type(rule.within).__name__]}"
    if not rule.at_once:
        return f"within {span}"
    if rule.limit_force is Force.LAW:
        return f"at once, never later than {span}"
    return f"at once; the county follows up after {span}"


def state_of(group: str, rule: Rule) -> str:
    """The mark of an open duty."""
    if group == OVERDUE:
        return "overdue" if rule.limit_force is Force.LAW else "past_target"
    return {NOW: "at_once", TODAY: "today", LATER: "later"}[group]
