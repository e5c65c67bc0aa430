"""How a duty reads to a person: what must happen, by when, and how it stands. Pure words, no database.

A duty is called overdue by law only where the law itself names the limit; a limit that the county set is the county's
target, even where the law asks for the act (reference 1.1, rule R10).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

from cseccase.wording import day_time_words, span_words, time_left_words
from referrals.deadlines import kinds, rules
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Force, Rule

OVERDUE, NOW, TODAY, LATER = "overdue", "now", "today", "later"

RECIPIENTS = MappingProxyType(
    {
        kinds.TO_LAW_ENFORCEMENT: "law enforcement",
        kinds.TO_DISTRICT_ATTORNEY: "the district attorney",
        kinds.TO_CHILD_WELFARE: "Child Welfare",
        kinds.TO_NCMEC: "the National Center (NCMEC)",
        kinds.TO_CHILD: "the child",
        kinds.TO_LICENSING: "the licensing office",
        kinds.TO_CHILD_ATTORNEY: "the child’s attorney",
        kinds.TO_PARENT_ATTORNEY: "the youth’s attorney",
        kinds.TO_JUSTICE_DEPARTMENT: "the Department of Justice",
        kinds.TO_LISTED_PERSON: "the person listed",
        kinds.TO_PARENTS: "the parents or Indian custodians",
        kinds.TO_GUARDIANS: "the legal guardians",
        kinds.TO_FAMILY_ATTORNEYS: "the parents’ or guardians’ attorneys",
        kinds.TO_CASA: "the child’s CASA",
        kinds.TO_COURT: "the court of jurisdiction",
        kinds.TO_TRIBE: "the child’s tribe",
        kinds.TO_SIBLINGS: "the siblings aged 10 or older",
        kinds.TO_LOCAL_POLICE: "local law enforcement, tribal police included",
        kinds.TO_STATE_SYSTEM: "the State’s system",
    }
)

_TITLES = MappingProxyType(
    {
        rules.CROSS_REPORT: "Tell {to} of the report",
        rules.WRITTEN_REPORT: "Send the written report to {to}",
        rules.MISSING_TO_NCMEC: "Report the missing child to {to}",
        rules.MISSING_NOTICE: "Tell {to} that the child is missing",
        rules.CONTINUING_CONTACT: "Talk again with {to} about the missing child",
        rules.POLICE_CROSS_REPORT: "Tell {to} of the report to law enforcement",
        rules.POLICE_WRITTEN: "Send law enforcement’s written report to {to}",
        rules.INDEX_FORM: "Send the index form or notice to {to}",
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
        rules.REPORTER_CALL: "Call and record",
        rules.CONTINUING_CONTACT: "Call and record",
        rules.MISSING_NOTICE: "Record the notice",
        rules.IMMEDIATE: "Record arrival",
    }
)
PLAN_MEETING, RECORD = "Plan the meeting", "Record it"

NOTES = MappingProxyType(
    {
        rules.MISSING_TO_NCMEC: "the police report does not reach it",
        rules.WRITTEN_REPORT: "owed to each agency that was telephoned",
    }
)

TEAM_RULES = frozenset(rule.id for rule in DEFAULT_RULEBOOK.rules if rule.met_by == kinds.MEETING_HELD)


def act_label(rule: Rule) -> str:
    """The one button of a duty: verb and thing."""
    return PLAN_MEETING if rule.id in TEAM_RULES else ACTS.get(rule.id, RECORD)


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


class Timed(Protocol):
    """A duty as far as its clock goes."""

    started_at: datetime
    due_at: datetime


def law_limit(duty: Timed, rule: Rule, zone: ZoneInfo) -> datetime | None:
    """From when a duty is late by law: its limit, or where the county asks for it sooner, the law's own later one.

    `None` where no law names a limit.
    """
    if rule.limit_force is Force.LAW:
        return duty.due_at
    return rule.law_within.due(duty.started_at, zone) if rule.law_within else None


def is_late_by_law(duty: Timed, rule: Rule, now: datetime, zone: ZoneInfo) -> bool:
    """Red is spent only on a limit that a statute names."""
    limit = law_limit(duty, rule, zone)
    return limit is not None and limit < now


def left_words(duty: Timed, rule: Rule, now: datetime, zone: ZoneInfo) -> str:
    """How far away the limit is, or how long ago it passed and whose limit it was."""
    limit = law_limit(duty, rule, zone)
    if limit is not None and limit < now:
        return time_left_words(limit, now, force=Force.LAW.value)
    return time_left_words(duty.due_at, now, force=Force.PRACTICE.value)


def done_words(met_at: datetime, due_at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """When it was done, and by how much late if it was."""
    words = f"Done {day_time_words(met_at, zone, year_now=now.astimezone(zone).year)}"
    return words if met_at <= due_at else f"{words}, {span_words(met_at - due_at)} late"


LATE_ENTRY = timedelta(hours=1)


def entered_words(started_at: datetime, due_at: datetime, entered_at: datetime | None, zone: ZoneInfo) -> str:
    """That a duty was typed long after it began: the clock runs from when the agency was told, and people should know why."""
    if entered_at is None or entered_at - started_at < LATE_ENTRY:
        return ""
    told, typed = day_time_words(started_at, zone), day_time_words(entered_at, zone)
    overdue = ", when it was overdue already" if entered_at > due_at else ""
    return f"Entered late: this was typed {typed}{overdue}; the agency knew it since {told}".rstrip(".") + "."


def span_of(rule: Rule) -> str:
    """The length alone, as short as a picture needs it: "24 h", "10 d", "6 mo"."""
    return str(rule.within)


def limit_words(rule: Rule) -> str:
    """The rule's limit as people say it: "at once, never later than 24 hours", "within 10 calendar days"."""
    count = getattr(rule.within, "count", 0)
    unit = {
        "Minutes": "minutes",
        "Hours": "hours",
        "CalendarDays": "calendar days",
        "Months": "month" if count == 1 else "months",
    }
    span = f"{count} {unit[type(rule.within).__name__]}"
    if not rule.at_once:
        return f"within {span}"
    if rule.limit_force is Force.LAW:
        return f"at once, never later than {span}"
    return f"at once; the county follows up after {span}"


def state_of(group: str, *, is_late: bool) -> str:
    """The mark of an open duty; `is_late` by law."""
    if group == OVERDUE:
        return "overdue" if is_late else "past_target"
    return {NOW: "at_once", TODAY: "today", LATER: "later"}[group]
