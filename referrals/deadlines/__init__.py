"""What is owed for a child and by when: a table of rules, and a pure function from events to deadlines."""

from referrals.deadlines.calendar import CalendarDays, Hours, Months, Within
from referrals.deadlines.engine import Clock, ClockKey, ClockState, clocks
from referrals.deadlines.events import Event, in_force
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Force, Rule, Rulebook, Rulebooks, RuleError
from referrals.deadlines.stages import Stage, stages

__all__ = [
    "DEFAULT_RULEBOOK",
    "CalendarDays",
    "Clock",
    "ClockKey",
    "ClockState",
    "Event",
    "Force",
    "Hours",
    "Months",
    "Rule",
    "RuleError",
    "Rulebook",
    "Rulebooks",
    "Stage",
    "Within",
    "clocks",
    "in_force",
    "stages",
]
