"""Every row of the county's clock register, and how the product treats it: by which clocks, or why by none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from referrals.deadlines.rule import Rule


class Treatment(StrEnum):
    """How a row of the register is kept."""

    CLOCK = "clock"
    MEANING = "meaning"
    ELSEWHERE = "elsewhere"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the register: its number, what it is about, how it is treated and why."""

    number: str
    about: str
    treatment: Treatment = Treatment.CLOCK
    reason: str = ""


_EACH_REPORTER: Final = (
    "The duty is each reporter’s own. It runs for an agency that receives no reports itself."
)
_POLICE: Final = (
    "Law enforcement’s own duty: it runs where law enforcement records the report or its investigation here."
)

ROWS: Final[tuple[Row, ...]] = (
    Row("A1", "Mandated reporter’s first report", reason=_EACH_REPORTER),
    Row("A2", "Mandated reporter’s written report", reason=_EACH_REPORTER),
    Row("A3", "County cross-report, first"),
    Row("A4", "County cross-report, written"),
    Row("A5", "Identified victim, to law enforcement"),
    Row("A6", "Missing child, to law enforcement"),
    Row("A7", "Missing child, to NCMEC"),
    Row("A8", "Continuing contact until the child is located, and word of the return"),
    Row("A9", "Law enforcement’s cross-report", reason=_POLICE),
    Row("A10", "Law enforcement’s notice of its investigation", reason=_POLICE),
    Row("A11", "Licensing office"),
    Row("A12", "Child’s attorney"),
    Row("A13", "Attorney of a parenting youth"),
    Row("A14", "Child Abuse Central Index"),
    Row("B1", "Nine notices of a child missing from foster care"),
    Row(
        "B2",
        "What counts as missing",
        Treatment.MEANING,
        "A definition, not a duty: it says when the missing-child clocks start (WIC 16501.35(c)).",
    ),
    Row("B3", "Search efforts"),
    Row("B4", "Screening and talk after the return"),
    Row("B5", "Law enforcement told of the return"),
    Row("B6", "Team meeting after running away"),
    Row("C1", "Crisis response"),
    Row("C2", "Immediate response by Child Welfare"),
    Row("C3", "Intensive support"),
    Row("C4", "Medical evaluation"),
    Row("C4b", "Examination in protective custody"),
    Row("C5", "Investigation that is not urgent"),
    Row("C6", "First team meeting"),
    Row("C7", "Next team meeting"),
    Row("C8", "Team meeting before testimony"),
    Row("C9", "Team meeting on a change of plan or placement"),
    Row("C10", "Team meeting after a crisis"),
    Row("C11", "Assessments by Child Welfare"),
    Row("C12", "Assessments by Probation"),
    Row("C13", "Mental health assessment"),
    Row("C14", "End of the special project code"),
    Row(
        "C15",
        "Thirty days in which a team may share",
        Treatment.ELSEWHERE,
        "Not a duty but a window of the team’s own sharing: it closes by itself (WIC 18961.7(c)(1)).",
    ),
    Row("C16", "Child and family team meeting"),
    Row(
        "C17",
        "Federal reporting periods",
        Treatment.NOT_OURS,
        "The State owes these files; the county only keeps its data current (45 CFR 1355.43).",
    ),
)


def rules_of(row: Row, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The clocks that keep a row of the register."""
    return tuple(rule for rule in rules if rule.register == row.number)
