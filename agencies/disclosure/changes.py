"""Changing a matrix: which cells make sense, and what lies between two versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from agencies.disclosure.categories import (
    AGGREGATE,
    BASES,
    BASIS_AUTHOR,
    BASIS_LEAD,
    BASIS_MDT,
    BASIS_NEED,
    BASIS_YOUTH,
    MATRIX_CATEGORIES,
    ROLES,
    STEERING_COMMITTEE,
)
from agencies.disclosure.matrix import Access, Cell, Matrix

COUNTS_ONLY: Final = "agg"
_REFUSALS: Final = frozenset({"none", "priv", "seal", "inadm", "MOU", COUNTS_ONLY, "P2"})
_ON_PAPER: Final = frozenset(
    {"CO", "ROI", "P2", "CFT", "827E", "827K", "827V", "CASA", "own-client", "priv", "seal"}
    | {BASIS_YOUTH, BASIS_NEED, BASIS_MDT}
)
_BY_PAPER_ALONE: Final = frozenset({"CO", "ROI", "P2", "CFT", BASIS_YOUTH, BASIS_NEED})
_NO_STANDING: Final = (_REFUSALS | _BY_PAPER_ALONE | {BASIS_LEAD}) - {COUNTS_ONLY}
_STANDING: Final = frozenset(BASES) - _NO_STANDING - {COUNTS_ONLY}

FITTING: Final[Mapping[Access, frozenset[str]]] = MappingProxyType(
    {
        Access.SEE: _STANDING,
        Access.SUMMARY: _STANDING - {BASIS_AUTHOR},
        Access.AUTHORISED: _ON_PAPER,
        Access.NEVER: _REFUSALS,
    }
)
"""The grounds that can carry each answer: by taking part, by a paper on file, or as the reason for no."""


def cell_problem(cell: Cell) -> tuple[str, str] | None:
    """What is wrong with a cell by itself, as a field and a sentence that says how to mend it; None when it can stand."""
    if cell.category not in MATRIX_CATEGORIES:
        return "category", "Choose a kind of record from the list."
    if cell.role not in ROLES:
        return "role", "Choose an agency from the list."
    if cell.basis not in BASES:
        return "basis", "Choose a ground from the list."
    if cell.category == AGGREGATE:
        if cell.basis != COUNTS_ONLY or cell.access not in {Access.SEE, Access.NEVER}:
            return "basis", "Counts belong to no child: they are seen or not, on the ground “only in counts”."
        return None
    if cell.role == STEERING_COMMITTEE and cell.access is not Access.NEVER:
        return "access", "The steering committee sees counts only, never a record of a child. Choose never."
    if cell.basis not in FITTING[cell.access]:
        return "basis", _UNFIT[cell.access]
    return None


_UNFIT: Final[Mapping[Access, str]] = MappingProxyType(
    {
        Access.SEE: "This ground opens nothing by itself. Choose one that rests on taking part, or choose “after”.",
        Access.SUMMARY: "This ground opens no summary. Choose one that rests on taking part in the case.",
        Access.AUTHORISED: "“After” needs a ground that is a paper: an order, a release, a consent or the like.",
        Access.NEVER: "Choose a ground that says why the record stays closed.",
    }
)


class Direction(StrEnum):
    """What a change does for the agency whose cell it is."""

    GAINS = "gains"
    LOSES = "loses"
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs between two matrices."""

    before: Cell
    after: Cell

    @property
    def direction(self) -> Direction:
        step = _REACH[self.after.access] - _REACH[self.before.access]
        if step == 0:
            return Direction.GROUND
        return Direction.GAINS if step > 0 else Direction.LOSES


_REACH: Final = MappingProxyType({Access.NEVER: 0, Access.AUTHORISED: 1, Access.SUMMARY: 2, Access.SEE: 3})


def matrix_changes(before: Matrix, after: Matrix) -> list[Change]:
    """Every cell that differs, in the order of the grid."""
    pairs = (
        Change(before.cell(category, role), after.cell(category, role))
        for category in MATRIX_CATEGORIES
        for role in ROLES
    )
    return [change for change in pairs if change.before != change.after]


def matrix_with(base: Matrix, cells: Iterable[Cell]) -> Matrix:
    """The matrix that has these cells instead of its own."""
    new = {(cell.category, cell.role): cell for cell in cells}
    return Matrix(
        new.get((category, role), base.cell(category, role))
        for category in MATRIX_CATEGORIES
        for role in ROLES
    )
