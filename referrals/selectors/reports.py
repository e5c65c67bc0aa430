"""Who has been told of a case, and can it be proved: the grid of reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from referrals.deadlines.register import ALL_RULES, missing
from referrals.duty_words import duty_title
from referrals.selectors.duty import DutyRow
from referrals.selectors.records import FULL, Seen

INSIDE = frozenset({"child", "state_system"})
"""To whom a duty is owed without anybody outside being told."""

REPORTS = frozenset(rule.id for rule in ALL_RULES if not rule.owed_to or not INSIDE.issuperset(rule.owed_to))
MISSING = REPORTS & {rule.id for rule in missing.RULES}
ABUSE = REPORTS - MISSING
"""Every duty of the register that is done by telling somebody: of a child who is missing (or was found), and all others."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report owed: to whom, whose, and its receipt or the words that it is still owed."""

    title: str
    duty: DutyRow
    receipt: str
    told_at: datetime | None


def report_lines(duties: list[DutyRow], seen: list[Seen], which: frozenset[str]) -> list[ReportLine]:
    """The reports of one group; a line closes on its receipt, not on an attempt."""
    facts = {one.row.pk: one.row.facts for one in seen if one.access == FULL}
    lines = []
    for duty in duties:
        if duty.rule.id not in which:
            continue
        evidence = facts.get(duty.deadline.met_by, {}) if duty.deadline.met_by else {}
        receipt = ", ".join(
            str(part)
            for part in (evidence.get("reference"), evidence.get("spoke_to"), evidence.get("mode"))
            if part
        )
        lines.append(
            ReportLine(duty_title(duty.rule, duty.deadline.owed_to), duty, receipt, duty.deadline.met_at)
        )
    return lines
