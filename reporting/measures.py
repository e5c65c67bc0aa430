"""The fixed catalogue of what a county publishes about itself, and the one place where its counts are masked.

Every table is counted in children (a child of two referrals is one child), in team meetings or in staff. Tables that
share a number are masked together: what one of them hides, no other may print. Sources: Framework part III (aggregate
data for the committee and the State), MOU Template VI.D; CalHHS Data De-Identification Guidelines 4.4 and 5.6.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from agencies.choices import Course, Role
from referrals.choices import StatusCode
from reporting.blocks import Block, Line
from reporting.duty_measures import FOLLOW_ALL, FOLLOW_TIER, DutyCounts, duty_blocks, rate_values
from reporting.periods import Period
from reporting.suppression import CountTable, is_small, mask, mask_rate, mask_series

RECEIVING: Final = (Role.CHILD_WELFARE, Role.PROBATION)
"""The agencies that log referrals, one column each."""

CRISIS, INITIAL = "crisis", "initial"
MEETING_TIERS: Final = {
    "crisis": "Immediate crisis",
    "initial": "Initial",
    "ongoing": "Ongoing",
    "": "Tier not recorded",
}
TIER_LABELS: Final = {CRISIS: "Immediate crisis", INITIAL: "Initial response"}


@dataclass(frozen=True, slots=True)
class RawCounts:
    """What the database counted, before anybody may see it. It never leaves the service that masks it.

    `referred` maps (part of the period, agency role, tier) to children; `duties` maps a rule to what each agency owed in
    each part; `training` maps a course to staff current in it, out of `staff`.
    """

    referred: Mapping[tuple[int, str, str], int] = field(default_factory=dict)
    statuses: Mapping[str, int] = field(default_factory=dict)
    duties: DutyCounts = field(default_factory=dict)
    meetings: Mapping[str, int] = field(default_factory=dict)
    training: Mapping[str, int] = field(default_factory=dict)
    staff: int = 0


def blocks_mask(counts: RawCounts, *, period: Period) -> tuple[Block, ...]:
    """Every published table of a period, masked once, with what they share masked alike."""
    referred, all_shown = _referred(counts, period)
    tiers, tiers_shown = _tiers(counts, all_shown)
    withheld = (FOLLOW_ALL | FOLLOW_TIER) if not all_shown else (frozenset() if tiers_shown else FOLLOW_TIER)
    every_cell_shown = tiers_shown and all(None not in line.values for line in referred.lines)
    duties, by_agency = duty_blocks(
        counts.duties,
        parts=[part.label for part in period.parts()],
        withheld=withheld,
        undivided=frozenset() if every_cell_shown else FOLLOW_ALL | FOLLOW_TIER,
    )
    return (
        duties,
        referred,
        tiers,
        _statuses(counts),
        _meetings(counts),
        _training(counts),
        *by_agency,
    )


def _referred(counts: RawCounts, period: Period) -> tuple[Block, bool]:
    parts, roles = period.parts(), [role.value for role in RECEIVING]
    grid = tuple(
        tuple(
            sum(n for (at, by, _), n in counts.referred.items() if (at, by) == (index, role))
            for role in roles
        )
        for index in range(len(parts))
    )
    masked = mask(CountTable(tuple(part.label for part in parts), tuple(roles), grid))
    lines = [
        Line(label, (*cells, total))
        for label, cells, total in zip(masked.rows, masked.cells, masked.row_totals, strict=True)
    ]
    lines.append(Line("All", (*masked.column_totals, masked.grand_total), is_total=True))
    block = Block(
        key="referred",
        caption="Children referred, by when and to whom",
        columns=(*(str(role.label) for role in RECEIVING), "All"),
        lines=tuple(lines),
        definition="Each child once, at the first referral of the period, by the agency that received it. "
        "A child referred again is not counted again.",
    )
    return block, masked.grand_total is not None


def _tiers(counts: RawCounts, all_shown: bool) -> tuple[Block, bool]:
    by_tier = tuple(sum(n for (_, _, at), n in counts.referred.items() if at == tier) for tier in TIER_LABELS)
    series = mask_series(tuple(TIER_LABELS.values()), by_tier)
    # The sum stands in the table of referrals too: shown there and hidden here (or the other way) would undo both.
    whole = all_shown and series.total is not None
    values = series.values if whole else (None,) * len(series.values)
    lines = [Line(label, (value,)) for label, value in zip(series.labels, values, strict=True)]
    lines.append(Line("All", (series.total if whole else None,), is_total=True))
    block = Block(
        key="tiers",
        caption="Children referred, by how fast the county answers",
        columns=("Children",),
        lines=tuple(lines),
        definition="Immediate crisis: a worker was owed within 2 hours. Initial response: all others.",
    )
    return block, whole and None not in values


def _statuses(counts: RawCounts) -> Block:
    found = {code: counts.statuses.get(code.value, 0) for code in StatusCode}
    return Block(
        key="statuses",
        caption="Children with each status field of the State system",
        columns=("Children",),
        lines=tuple(
            Line(code.label, (None if is_small(count) else count,), note=code.value)
            for code, count in found.items()
        ),
        definition="Children whose field was in force on any day of the period. One child may have several fields, "
        "so the lines do not add up.",
    )


def _meetings(counts: RawCounts) -> Block:
    tiers = tuple(counts.meetings.get(tier, 0) for tier in MEETING_TIERS)
    series = mask_series(tuple(MEETING_TIERS.values()), tiers)
    lines = [Line(label, (value,)) for label, value in zip(series.labels, series.values, strict=True)]
    lines.append(Line("All", (series.total,), is_total=True))
    return Block(
        key="meetings",
        caption="Team meetings held",
        columns=("Meetings",),
        lines=tuple(lines),
        definition="Meetings that took place in the period, by tier. Whether they were on time stands above.",
    )


def _training(counts: RawCounts) -> Block:
    lines = []
    for course in Course:
        rate = mask_rate(counts.training.get(course.value, 0), counts.staff)
        lines.append(Line(course.label, rate_values(rate, none="no staff")))
    return Block(
        key="training",
        caption="Training of designated staff",
        columns=("Staff", "Current", "Not current", "Current, %"),
        lines=tuple(lines),
        definition="People designated for case work on the last day of the period, in all agencies together. "
        "Current: completed and not expired on that day.",
    )
