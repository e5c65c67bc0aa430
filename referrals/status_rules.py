"""The six permanent fields by which California counts exploited children, and what makes a row of them right.

Codes and labels are the State system's own. Hard rules are the State's: a row that breaks one is refused.
Warnings are the county's softer rules: a person may go on, knowing. Source: CSEC Data Grid of the statewide
child welfare information system (rules R-10971, R-10975), WIC 16501.45.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

AT_RISK: Final = "6867"
VICTIM_BEFORE_CARE: Final = "6868"
VICTIM_DURING_CARE: Final = "6869"
VICTIM_IN_OPEN_CASE: Final = "6870"
VICTIM_WHILE_ABSENT: Final = "6871"
VICTIM_CLOSED_CASE_ILP: Final = "6872"

ILP_ENDS_AT_AGE: Final = 21


@dataclass(frozen=True, slots=True)
class Status:
    """One of the six fields: the State's code and label, who it is for, and what it counts toward."""

    code: str
    label: str
    meaning: str
    counts_toward: str
    is_victim: bool = True
    needs_end: bool = False
    needs_foster_care: bool = False


_STATUSES: Final = (
    Status(
        AT_RISK,
        "At Risk",
        "receives child welfare services and meets the at-risk rule",
        "WIC 16501.45(a)(4)",
        is_victim=False,
    ),
    Status(
        VICTIM_BEFORE_CARE,
        "Victim Before Foster Care",
        "in foster care now and exploited before this stay began",
        "WIC 16501.45(a)(1)",
        needs_foster_care=True,
    ),
    Status(
        VICTIM_DURING_CARE,
        "Victim During Foster Care",
        "exploited while in foster care",
        "WIC 16501.45(a)(2)",
        needs_foster_care=True,
    ),
    Status(
        VICTIM_IN_OPEN_CASE,
        "Victim in Open Case not in Foster Care",
        "receives child welfare services at home and was exploited",
        "State count",
    ),
    Status(
        VICTIM_WHILE_ABSENT,
        "Victim while Absent from Placement",
        "missing, run or absent from a placement and exploited during that absence",
        "WIC 16501.45(a)(3)",
        needs_end=True,
        needs_foster_care=True,
    ),
    Status(
        VICTIM_CLOSED_CASE_ILP,
        "Victim with Closed Case, Rcv ILP Svcs",
        "case closed, receives independent living services, and was exploited",
        "State count",
    ),
)
STATUSES: Final[Mapping[str, Status]] = MappingProxyType({status.code: status for status in _STATUSES})


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status on a child, over the days for which it held; without an end it still holds."""

    code: str
    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a stay in care, a placement or an absence, both ends included; without an end it goes on."""

    started_on: date
    ended_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or day <= self.ended_on)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: a code for programs, its field, and a sentence that says how to mend it."""

    code: str
    field: str
    message: str


def status_errors(
    code: str,
    started_on: date | None,
    ended_on: date | None,
    existing: Iterable[StatusRow] = (),
    born_on: date | None = None,
) -> tuple[Problem, ...]:
    """Why the State would refuse this row; empty when it would not.

    `existing` are the other rows of the same submission. Different fields may hold at once for one child.
    """
    status = STATUSES.get(code)
    if status is None:
        message = f"'{code}' is not one of the six State fields. Choose one of them."
        return (Problem("unknown-code", "code", message),)
    found = list(_day_errors(status, started_on, ended_on))
    if any(row.code == code for row in existing):
        message = f"“{status.label}” is in this submission already. Change that row instead."
        found.append(Problem("code-twice", "code", message))
    if code == VICTIM_CLOSED_CASE_ILP and _is_past_ilp(born_on, started_on):
        message = "Independent living services end at 21. Check the birth date, or choose another field."
        found.append(Problem("too-old-for-ilp", "started_on", message))
    return tuple(found)


def _day_errors(status: Status, started_on: date | None, ended_on: date | None) -> Iterable[Problem]:
    if started_on is None:
        yield Problem("start-missing", "started_on", "Enter the day on which this status began.")
    if status.needs_end and ended_on is None:
        message = f"“{status.label}” needs an end. Enter the last day of the absence in which it happened."
        yield Problem("end-missing", "ended_on", message)
    if started_on is not None and ended_on is not None and ended_on < started_on:
        message = "The end is before the start. Enter the same day or a later one."
        yield Problem("end-before-start", "ended_on", message)


def _is_past_ilp(born_on: date | None, started_on: date | None) -> bool:
    return born_on is not None and started_on is not None and age_on(born_on, started_on) >= ILP_ENDS_AT_AGE


def age_on(born_on: date, day: date) -> int:
    """Whole years of age on a day; someone born on February 29 turns on March 1 in other years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def status_warnings(
    row: StatusRow,
    *,
    on_file: Iterable[StatusRow] = (),
    foster_care: Iterable[Period] = (),
    placements: Iterable[Period] = (),
    absences: Iterable[Period] = (),
    case_is_open: bool | None = None,
    receives_ilp: bool | None = None,
) -> tuple[Problem, ...]:
    """What looks odd about a row that breaks no State rule, given the rest of the file: the county's rules.

    `case_is_open` and `receives_ilp` may be unknown (`None`), which warns of nothing. Raises `KeyError` for a
    code that is not one of the six.
    """
    status = STATUSES[row.code]
    stays = list(foster_care)
    found: list[Problem] = []
    if status.is_victim and _at_risk_is_open(on_file, row.started_on):
        found.append(
            Problem(
                "at-risk-open",
                "started_on",
                "“At Risk” is still open. End it on the day on which the child was identified as a victim.",
            )
        )
    if status.needs_foster_care and not stays:
        found.append(
            Problem(
                "no-foster-care",
                "code",
                "No stay in foster care is on file. Add it, or choose another field.",
            )
        )
    found.extend(_date_warnings(row, stays, list(placements), list(absences)))
    if row.code == VICTIM_CLOSED_CASE_ILP and case_is_open is True:
        found.append(
            Problem(
                "case-open",
                "code",
                "The case is open. This field is for a closed case; choose another field.",
            )
        )
    if row.code == VICTIM_CLOSED_CASE_ILP and receives_ilp is False:
        found.append(
            Problem(
                "no-ilp",
                "code",
                "No independent living services are on file. Add them, or choose another field.",
            )
        )
    return tuple(found)


def _at_risk_is_open(on_file: Iterable[StatusRow], day: date) -> bool:
    return any(row.code == AT_RISK and (row.ended_on is None or row.ended_on > day) for row in on_file)


def _date_warnings(
    row: StatusRow, stays: list[Period], placements: list[Period], absences: list[Period]
) -> Iterable[Problem]:
    if row.code == VICTIM_DURING_CARE and not any(place.covers(row.started_on) for place in placements):
        yield Problem(
            "outside-placement",
            "started_on",
            "The start is in no placement on file. Check the day, or add the placement.",
        )
    if row.code == VICTIM_WHILE_ABSENT:
        last_day = row.ended_on or row.started_on
        if not any(gone.covers(row.started_on) and gone.covers(last_day) for gone in absences):
            yield Problem(
                "outside-absence",
                "started_on",
                "These days are in no absence on file. Check the days, or record the missing episode.",
            )
    if row.code == VICTIM_IN_OPEN_CASE and any(stay.covers(row.started_on) for stay in stays):
        yield Problem(
            "in-foster-care",
            "code",
            "The child was in foster care on that day. “Victim During Foster Care” may be the right field.",
        )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The field the answers point to, and why; no code: no field fits, only the referral is marked."""

    code: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the decision table; `None` where an answer does not matter."""

    victim: bool
    suggestion: Suggestion
    in_care_then: bool | None = None
    absent_then: bool | None = None
    in_care_now: bool | None = None
    case_is_open: bool | None = None
    receives_ilp: bool | None = None
    at_risk: bool | None = None


_DECISION_TABLE: Final = (
    _Line(
        False, Suggestion(AT_RISK, "Not identified as a victim, and the at-risk rule is met."), at_risk=True
    ),
    _Line(False, Suggestion(None, "Neither identified as a victim nor at risk by the rule."), at_risk=False),
    _Line(
        True,
        Suggestion(
            VICTIM_WHILE_ABSENT, "Exploited while absent from a placement. Enter the end of the absence too."
        ),
        in_care_then=True,
        absent_then=True,
    ),
    _Line(
        True,
        Suggestion(VICTIM_DURING_CARE, "Exploited while in foster care."),
        in_care_then=True,
        absent_then=False,
    ),
    _Line(
        True,
        Suggestion(VICTIM_BEFORE_CARE, "Exploited before the present stay in foster care."),
        in_care_then=False,
        in_care_now=True,
    ),
    _Line(
        True,
        Suggestion(VICTIM_IN_OPEN_CASE, "Exploited in an open case, not in foster care."),
        in_care_then=False,
        in_care_now=False,
        case_is_open=True,
    ),
    _Line(
        True,
        Suggestion(
            VICTIM_CLOSED_CASE_ILP, "Exploited while receiving independent living services, case closed."
        ),
        in_care_then=False,
        in_care_now=False,
        case_is_open=False,
        receives_ilp=True,
    ),
    _Line(
        True,
        Suggestion(None, "No field fits: mark the referral with the special project code only."),
        in_care_then=False,
        in_care_now=False,
        case_is_open=False,
        receives_ilp=False,
    ),
)


def suggest(
    *,
    victim: bool,
    at_risk: bool = False,
    in_care_then: bool = False,
    absent_then: bool = False,
    in_care_now: bool = False,
    case_is_open: bool = False,
    receives_ilp: bool = False,
) -> Suggestion:
    """The field these answers point to; "then" is the day of the exploitation. A person decides."""
    answers = {
        "at_risk": at_risk,
        "in_care_then": in_care_then,
        "absent_then": absent_then,
        "in_care_now": in_care_now,
        "case_is_open": case_is_open,
        "receives_ilp": receives_ilp,
    }
    for line in _DECISION_TABLE:
        asked = {name: getattr(line, name) for name in answers}
        if line.victim == victim and all(asked[name] in {None, given} for name, given in answers.items()):
            return line.suggestion
    raise AssertionError("the decision table covers every set of answers")
