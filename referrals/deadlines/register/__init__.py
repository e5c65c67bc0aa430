"""The county's clock register as data, in parts: reporting, missing children, response and teams, assessments."""

from __future__ import annotations

from typing import Final

from referrals.deadlines.register import assessments, counsel_and_index, missing, reporting, response
from referrals.deadlines.register.rows import ROWS, Row, Treatment, rules_of
from referrals.deadlines.rule import Rule

_FIRST: Final = (
    "response-2h",
    "cross-report-now",
    "immediate-24h",
    "written-36h",
    "victim-le-24h",
    "missing-le-24h",
    "missing-ncmec-24h",
)
"""What a person looks for first; duties that begin together stand in this order, the others in the register's."""


def _ordered(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    first = {rule_id: rank for rank, rule_id in enumerate(_FIRST)}
    return tuple(sorted(rules, key=lambda rule: first.get(rule.id, len(first))))


ALL_RULES: Final[tuple[Rule, ...]] = _ordered(
    missing.RULES + reporting.RULES + counsel_and_index.RULES + response.RULES + assessments.RULES
)

__all__ = ["ALL_RULES", "ROWS", "Row", "Treatment", "rules_of"]
