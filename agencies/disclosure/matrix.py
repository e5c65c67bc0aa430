"""The county's disclosure matrix: for each category and agency role, how much may be seen and why.

The default is `default_matrix.csv` beside this file; a county may load its own with the same rows and
columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from agencies.disclosure.categories import (
    BASES,
    MATRIX_CATEGORIES,
    OWN_DUTIES,
    ROLES,
    SERVICE_PLAN,
    STEERING_COMMITTEE,
)

DEFAULT_MATRIX_PATH: Final[Path] = Path(__file__).with_name("default_matrix.csv")

_TEXT_COLUMNS: Final = ("id", "category", "reason")


class MatrixError(ValueError):
    """A matrix that cannot be read; the message names the row, the column and how to mend it."""


class Access(StrEnum):
    """How much of a record a role may see. The value is the letter the matrix file uses."""

    SEE = "S"
    SUMMARY = "Σ"
    AUTHORISED = "A"
    NEVER = "N"


@dataclass(frozen=True, slots=True)
class Cell:
    """One agreed answer: this role, for this category of record, may see this much on this ground."""

    category: str
    role: str
    access: Access
    basis: str


class Matrix:
    """The whole agreement on who may know what; a cell for every category and role.

    Raises `MatrixError` when a cell is missing or given twice.
    """

    __slots__ = ("_cells",)

    def __init__(self, cells: Iterable[Cell]) -> None:
        found: dict[tuple[str, str], Cell] = {}
        for cell in cells:
            key = (cell.category, cell.role)
            if key in found:
                raise MatrixError(f"Row {cell.category} has two answers for {cell.role}. Keep one.")
            found[key] = cell
        for category in MATRIX_CATEGORIES:
            for role in ROLES:
                if (category, role) not in found:
                    raise MatrixError(f"Row {category} has no answer for {role}. Add one.")
        self._cells = found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self._cells == other._cells

    def __hash__(self) -> int:
        return hash(frozenset(self._cells.values()))

    def cell(self, category: str, role: str) -> Cell:
        """The answer for one category and role; an agency's duties (d01) are answered as the service plan is.

        Raises `KeyError` for a category or role the matrix does not know.
        """
        if category == OWN_DUTIES:
            return replace(self._cells[(SERVICE_PLAN, role)], category=OWN_DUTIES)
        return self._cells[(category, role)]

    def categories_full(self, role: str) -> frozenset[str]:
        """Categories this role may ever see in full: at once, or once the named authorisation is on file.

        Every agency that works with children may have duties of its own, so d01 is full for all but the
        committee.
        """
        full = self._categories(role, {Access.SEE, Access.AUTHORISED})
        return full if role == STEERING_COMMITTEE else full | {OWN_DUTIES}

    def categories_summary(self, role: str) -> frozenset[str]:
        """Categories of which this role may ever know at least the summary."""
        return self.categories_full(role) | self._categories(role, {Access.SUMMARY})

    def _categories(self, role: str, levels: set[Access]) -> frozenset[str]:
        known = (*MATRIX_CATEGORIES, OWN_DUTIES)
        return frozenset(code for code in known if self.cell(code, role).access in levels)


def matrix_read(text: str) -> Matrix:
    """Read a matrix from the text of its CSV file: columns id, category, reason and one for each role.

    Raises `MatrixError` for a missing or unknown column, a missing, unknown or doubled row, or a cell that is
    not a letter (S, Σ, A, N), a space and a known ground.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    columns = list(reader.fieldnames or ())
    _columns_check(columns)
    cells: list[Cell] = []
    for row in reader:
        category = (row.get("id") or "").strip()
        if category not in MATRIX_CATEGORIES:
            raise MatrixError(f"Line {reader.line_num}: row '{category}' is not a category (r01 to r28).")
        if None in row:
            raise MatrixError(
                f"Row {category} has more cells than there are columns. Check its quotation marks."
            )
        cells.extend(_cell_read(category, role, row[role]) for role in ROLES)
    return Matrix(cells)


def reasons_read(text: str) -> dict[str, str]:
    """The reason that a matrix file gives for each row, by category."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return {(row.get("id") or "").strip(): (row.get("reason") or "").strip() for row in rows}


def _columns_check(columns: list[str]) -> None:
    for column in (*_TEXT_COLUMNS, *ROLES):
        if columns.count(column) > 1:
            raise MatrixError(f"Column {column} stands there twice. Keep one.")
    missing = [column for column in (*_TEXT_COLUMNS, *ROLES) if column not in columns]
    if missing:
        raise MatrixError(f"Missing column: {', '.join(missing)}. Every role needs its own column.")
    unknown = [column for column in columns if column not in (*_TEXT_COLUMNS, *ROLES)]
    if unknown:
        raise MatrixError(f"Unknown column: {', '.join(unknown)}. The roles are {', '.join(ROLES)}.")


def _cell_read(category: str, role: str, written: str | None) -> Cell:
    letter, _, basis = (written or "").strip().partition(" ")
    basis = basis.strip()
    if letter not in {access.value for access in Access}:
        raise MatrixError(
            f"Row {category}, column {role}: '{written or ''}' must begin with S, Σ, A or N and a space."
        )
    if basis not in BASES:
        known = ", ".join(sorted(BASES))
        raise MatrixError(
            f"Row {category}, column {role}: '{written}' names no known ground. Write one of {known}."
        )
    return Cell(category=category, role=role, access=Access(letter), basis=basis)
