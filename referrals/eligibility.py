"""Whether a child or youth counts as receiving child welfare services, which decides the 24-hour reports.

Sources: ACL 16-85 as quoted in ACIN I-83-16; WIC 16501.35(a)(1); Penal Code 11166(j)(2)-(3), "child or
youth". Lines marked `confirm` are a reading the county must confirm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

IN_FOSTER_CARE: Final = "in_foster_care"
IN_FOSTER_CARE_IV_E: Final = "in_foster_care_iv_e"
OPEN_CASE_AT_HOME: Final = "open_case_at_home"
CANDIDATE: Final = "candidate"
RUN_NOT_DISCHARGED: Final = "run_not_discharged"
RUN_DISCHARGED: Final = "run_discharged"
RECEIVES_ILP: Final = "receives_ilp"
PROBATION_ONLY: Final = "probation_only"
NO_CASE: Final = "no_case"

ANY_AGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a situation, its ages (from, and up to but without), and the answer."""

    number: str
    situation: str
    from_age: int
    below_age: int
    receives: bool
    basis: str
    confirm: bool = False


TABLE: Final[tuple[Line, ...]] = (
    Line(
        "E1",
        IN_FOSTER_CARE,
        0,
        18,
        True,
        "in foster care as a dependent or ward, probation placement included",
    ),
    Line("E1", IN_FOSTER_CARE_IV_E, 0, 18, True, "in foster care as a dependent or ward"),
    Line("E2", IN_FOSTER_CARE_IV_E, 18, 21, True, "in foster care with Title IV-E funds, until 21"),
    Line("E3", IN_FOSTER_CARE, 18, 21, True, "a nonminor dependent (WIC 16501.35(a)(1))", confirm=True),
    Line("E4", OPEN_CASE_AT_HOME, 0, 18, True, "not removed from home; the agency has an open case"),
    Line("E5", CANDIDATE, 0, 18, True, "a candidate for foster care, with child welfare or probation"),
    Line("E6", RUN_NOT_DISCHARGED, 0, 21, True, "ran from foster care and was not discharged, until 21"),
    Line("E7", RUN_NOT_DISCHARGED, 21, ANY_AGE, False, "ran from foster care, now 21 or older", confirm=True),
    Line("E7", RUN_DISCHARGED, 0, ANY_AGE, False, "ran from foster care and was discharged", confirm=True),
    Line(
        "E8",
        RECEIVES_ILP,
        0,
        21,
        True,
        "receives independent living services, closed cases included, until 21",
    ),
    Line(
        "E9",
        PROBATION_ONLY,
        0,
        ANY_AGE,
        False,
        "under probation without placement or candidacy; reporting is still good practice",
    ),
    Line(
        "E10",
        NO_CASE,
        0,
        ANY_AGE,
        False,
        "no case; the general child abuse reports are still due",
        confirm=True,
    ),
)
SITUATIONS: Final[frozenset[str]] = frozenset(line.situation for line in TABLE)
_TOO_OLD: Final = "older than this situation counts for"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer, the line of the table it rests on (none when too old for all), and why."""

    receives: bool
    number: str | None
    basis: str
    confirm: bool = False


def eligibility(situation: str, age: int) -> Eligibility:
    """The answer for one situation at an age in whole years, with its basis.

    A youth in more than one situation receives services when any of them says so. Raises `ValueError` for a
    situation the table does not have or an age below zero.
    """
    if situation not in SITUATIONS:
        raise ValueError(f"'{situation}' is not a situation. There are {', '.join(sorted(SITUATIONS))}.")
    if age < 0:
        raise ValueError("An age is zero or more whole years.")
    for line in TABLE:
        if line.situation == situation and line.from_age <= age < line.below_age:
            return Eligibility(line.receives, line.number, line.basis, line.confirm)
    return Eligibility(receives=False, number=None, basis=_TOO_OLD)


def receives_services(situation: str, age: int, readings: Mapping[str, bool] | None = None) -> bool:
    """Whether someone in this situation, at this age in whole years, counts as receiving services.

    `readings` are the county's own of lines that can be read in two ways, by the line's number.
    """
    found = eligibility(situation, age)
    return (readings or {}).get(found.number or "", found.receives)
