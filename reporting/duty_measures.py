"""What a county publishes about its duties: how many were owed, and how many were done on time.

Counted in children, once for each agency and month (quarter, in the report on a year), so that the county's line is the sum
of the lines by agency. A line is shown whole (owed, on time, late) or not at all. What is hidden is safe from a reader who
knows every line shown, the county's sum, and even how many were owed wherever that is eleven or more: see `shares_hidden`.
Duties that begin with the same event are owed for the same children; they hide the same lines for the number owed.
Sources: Framework part III (aggregate data for the committee and the State), MOU Template VI.D; CalHHS Data
De-Identification Guidelines 4.4 and 5.6.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from referrals.deadlines import rules
from referrals.deadlines.register import ALL_RULES
from referrals.deadlines.rule import Rule
from reporting.blocks import NONE_OWED, Block, Line, Value
from reporting.suppression import NEEDED_WIDTH, MaskedRate, mask_rate, mask_series

AgencyPart = tuple[str, int]
"""An agency's name and the number of a part of the period, from 0."""

DutyCounts = Mapping[str, Mapping[AgencyPart, tuple[int, int]]]
"""A rule's id to what each agency owed in each part: (children owed, children on time)."""

BY_AGENCY: Final = "duties-by-agency:"
COLUMNS: Final = ("Owed", "On time", "Late or never", "On time, %")

LABELS: Final[Mapping[str, str]] = {
    rules.RESPONSE: "Worker with the child",
    rules.CROSS_REPORT: "Other agencies told of the report",
    rules.IMMEDIATE: "Child seen in person",
    rules.WRITTEN_REPORT: "Written report sent",
    rules.VICTIM_REPORT: "Police told of an identified victim",
    rules.MISSING_TO_LE: "Police told a child is missing",
    rules.MISSING_TO_NCMEC: "NCMEC told a child is missing",
    rules.CONTINUING_CONTACT: "Talked again about the missing child",
    rules.MISSING_NOTICE: "Notices given that a child is missing",
    rules.SEARCH: "Search for the missing child written down",
    rules.RETURN_SCREEN: "Returned child asked about exploitation",
    rules.RETURN_DEBRIEF: "Talk with the returned child written down",
    rules.RETURN_TO_LE: "Police told a child was located",
    rules.RETURN_TO_NCMEC: "NCMEC told a child was located",
    rules.RUN_TEAM: "Team meeting about a child who ran",
    rules.REPORTER_CALL: "Suspected abuse reported by telephone",
    rules.REPORTER_WRITTEN: "Suspected abuse reported in writing",
    rules.POLICE_CROSS_REPORT: "Agencies told of a report to the police",
    rules.POLICE_WRITTEN: "Police’s written report sent",
    rules.POLICE_INVESTIGATING: "Child Welfare told that police investigate",
    rules.LICENSING: "Licensing office told of abuse",
    rules.LICENSING_WRITTEN: "Licensing office told in writing",
    rules.ATTORNEY_COPY: "Child’s attorney sent a copy",
    rules.ATTORNEY_ANSWER: "Child’s attorney answered",
    rules.PARENT_ATTORNEY: "Parenting youth’s attorney told",
    rules.INDEX_FORM: "Index form and notice sent",
    rules.INDEX_CORRECTION: "Index corrected",
    rules.SUPPORT: "72 hours of support given",
    rules.MEDICAL: "Medical evaluation done",
    rules.CUSTODY_EXAM: "Child in custody examined",
    rules.INVESTIGATION: "Investigation begun in person",
    rules.FIRST_TEAM: "First team meeting held",
    rules.NEXT_TEAM: "Next team meeting held",
    rules.TESTIMONY_TEAM: "Team meeting held before testimony",
    rules.CHANGE_TEAM: "Team meeting held about a change",
    rules.CRISIS_TEAM: "Team meeting held after a crisis",
    rules.ASSESSMENT_CW: "Child assessed",
    rules.ASSESSMENT_CW_AGAIN: "Child assessed again",
    rules.ASSESSMENT_PO: "Child under probation assessed",
    rules.ASSESSMENT_PO_AGAIN: "Child under probation assessed again",
    rules.ASSESSMENT_MH: "Mental health assessment done",
    rules.PROJECT_CODE_END: "Special project code ended",
    rules.FAMILY_TEAM: "Child and family team meeting held",
    rules.FAMILY_TEAM_ICWA: "Indian child’s family team meeting held",
}
"""What a reader of counts calls a duty of the register."""

RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in ALL_RULES}
DUTIES: Final[Mapping[str, str]] = {rule.id: LABELS[rule.id] for rule in ALL_RULES}

FOLLOW_ALL: Final = frozenset({rules.CROSS_REPORT, rules.FIRST_TEAM})
"""Owed for every referral, so the number owed gives away the number of children referred."""

FOLLOW_TIER: Final = frozenset(
    rule.id for rule in ALL_RULES if "referral_received" in rule.starts_on and rule.id not in FOLLOW_ALL
)
"""Owed for one tier, so the number owed gives away how many children were answered at which tier."""


NOTHING_SHOWN: Final = MaskedRate(None, None, None)
Cells = Mapping[AgencyPart, tuple[int, int]]


def duty_blocks(
    counts: DutyCounts, *, parts: Sequence[str], withheld: frozenset[str], undivided: frozenset[str]
) -> tuple[Block, tuple[Block, ...]]:
    """The county's duties, and of each duty that was owed the table by agency and part.

    Nothing is shown of the duties in `withheld`, and of those in `undivided` only the sum.
    """
    known = {rule_id: shares_mask(cells) for rule_id, cells in counts.items() if cells and rule_id in DUTIES}
    summary = Block(
        key="duties",
        caption="Duties done on time",
        columns=COLUMNS,
        lines=tuple(_summary(rule_id, known.get(rule_id), rule_id in withheld) for rule_id in DUTIES),
        definition="Children for whom the duty fell due in the period, once for each agency that owed it and each month "
        "(quarter, in a year). On time: every clock of this duty for the child was met by its limit, with its evidence. "
        "Duties that did not apply are left out.",
    )
    divided = [rule_id for rule_id in DUTIES if rule_id in known and rule_id not in withheld | undivided]
    return summary, tuple(_by_agency(rule_id, known[rule_id], parts) for rule_id in divided)


@dataclass(frozen=True, slots=True)
class Shares:
    """One duty as it may be seen: each agency in each part, and the whole county."""

    lines: Mapping[AgencyPart, MaskedRate]
    whole: MaskedRate


def shares_mask(cells: Cells) -> Shares:
    """One duty's counts, fit to be seen."""
    whole = mask_rate(sum(on_time for _, on_time in cells.values()), sum(owed for owed, _ in cells.values()))
    hidden, whole_is_shown = shares_hidden(cells, whole_is_shown=whole.denominator is not None)
    return Shares(
        {
            line: NOTHING_SHOWN if line in hidden else mask_rate(on_time, owed)
            for line, (owed, on_time) in cells.items()
        },
        whole if whole_is_shown else NOTHING_SHOWN,
    )


def shares_hidden(cells: Cells, *, whole_is_shown: bool) -> tuple[frozenset[AgencyPart], bool]:
    """The lines of which nothing may be shown, and whether the county's sum may be.

    A line with a small number is hidden, and with it whole lines, the smallest first, until a reader who subtracts the lines
    shown from the county's sum is left with eleven possible numbers for each hidden line. Where all lines are not enough,
    the sum goes too.
    """
    order = tuple(sorted(cells))
    owed = mask_series(
        tuple(f"{agency} {part}" for agency, part in order), tuple(cells[line][0] for line in order)
    )
    whole_is_shown = whole_is_shown and owed.total is not None
    limits = {
        line: None if value is None else cells[line][0]
        for line, value in zip(order, owed.values, strict=True)
    }
    hidden = {
        line
        for line in order
        if limits[line] is None or mask_rate(cells[line][1], cells[line][0]).numerator is None
    }
    while whole_is_shown and not _keeps_room(cells, limits, hidden):
        spare = [line for line in order if line not in hidden]
        if spare:
            hidden.add(min(spare, key=lambda line: (cells[line][0], line)))
        else:
            whole_is_shown = False
    return frozenset(hidden), whole_is_shown


def _keeps_room(cells: Cells, limits: Mapping[AgencyPart, int | None], hidden: set[AgencyPart]) -> bool:
    """Whether eleven numbers in a row are possible for each hidden line, on time and late, given their sums.

    `limits` are the numbers owed, where they are known. Where none of the hidden was late (or none was on time), the numbers
    are known, and none of them is small.
    """
    on_time = sum(cells[line][1] for line in hidden)
    late = sum(cells[line][0] for line in hidden) - on_time
    if not on_time or not late:
        return True
    for total in (on_time, late):
        for line in hidden:
            others = [limits[other] for other in hidden if other != line]
            most = total if (limit := limits[line]) is None else min(limit, total)
            least = 0 if None in others else max(0, total - sum(other or 0 for other in others))
            if most - least < NEEDED_WIDTH:
                return False
    return True


def _summary(rule_id: str, found: Shares | None, is_withheld: bool) -> Line:
    rule = RULES[rule_id]
    rate = NOTHING_SHOWN if is_withheld else mask_rate(0, 0) if found is None else found.whole
    return Line(DUTIES[rule_id], rate_values(rate), note=str(rule.within), force=rule.force.value)


def _by_agency(rule_id: str, found: Shares, parts: Sequence[str]) -> Block:
    agencies = sorted({agency for agency, _ in found.lines})
    return Block(
        key=f"{BY_AGENCY}{rule_id}",
        caption=f"{DUTIES[rule_id]}, by agency",
        columns=COLUMNS,
        lines=tuple(
            Line(f"{agency}, {label}", rate_values(found.lines.get((agency, part), mask_rate(0, 0))))
            for agency in agencies
            for part, label in enumerate(parts)
        ),
        definition="Children by the agency that owed them the duty, and by when it fell due.",
    )


def rate_values(rate: MaskedRate, *, none: str = NONE_OWED) -> tuple[Value, ...]:
    """So many of so many as the cells of a line: of all, counted, the rest, percent (or the word for none at all)."""
    if rate.denominator is None or rate.numerator is None:
        return (None, None, None, None)
    percent: Value = none if rate.percent is None else rate.percent
    return (rate.denominator, rate.numerator, rate.denominator - rate.numerator, percent)
