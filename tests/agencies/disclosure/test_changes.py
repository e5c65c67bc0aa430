"""Which cells make sense, and what lies between two versions of the matrix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.disclosure.categories import BASES, MATRIX_CATEGORIES, ROLES
from agencies.disclosure.changes import Direction, cell_problem, matrix_changes, matrix_with
from agencies.disclosure.matrix import DEFAULT_MATRIX_PATH, Access, Cell, matrix_read

MATRIX = matrix_read(DEFAULT_MATRIX_PATH.read_text(encoding="utf-8"))
CELLS = st.builds(
    Cell,
    st.sampled_from(MATRIX_CATEGORIES),
    st.sampled_from(ROLES),
    st.sampled_from(list(Access)),
    st.sampled_from(sorted(BASES)),
)


def test_every_cell_that_ships_makes_sense() -> None:
    assert [
        cell
        for category in MATRIX_CATEGORIES
        for role in ROLES
        if cell_problem(cell := MATRIX.cell(category, role)) is not None
    ] == []


@pytest.mark.parametrize(
    ("cell", "field"),
    [
        (Cell("r99", "DA", Access.SEE, "own"), "category"),
        (Cell("r03", "XX", Access.SEE, "own"), "role"),
        (Cell("r03", "DA", Access.SEE, "hearsay"), "basis"),
        (Cell("r03", "DA", Access.SEE, "none"), "basis"),
        (Cell("r03", "DA", Access.AUTHORISED, "own"), "basis"),
        (Cell("r03", "DA", Access.NEVER, "own"), "basis"),
        (Cell("r03", "SC", Access.SEE, "own"), "access"),
        (Cell("r03", "SC", Access.SUMMARY, "agg"), "access"),
        (Cell("r28", "DA", Access.SEE, "own"), "basis"),
        (Cell("r28", "DA", Access.SUMMARY, "agg"), "basis"),
    ],
)
def test_a_cell_that_makes_no_sense_is_told_apart_by_the_answer_to_mend(cell: Cell, field: str) -> None:
    problem = cell_problem(cell)
    assert problem is not None
    assert problem[0] == field


@given(st.lists(CELLS, max_size=6, unique_by=lambda cell: (cell.category, cell.role)))
def test_the_difference_is_exactly_what_was_changed(cells: list[Cell]) -> None:
    after = matrix_with(MATRIX, cells)
    expected = {cell for cell in cells if MATRIX.cell(cell.category, cell.role) != cell}
    changes = matrix_changes(MATRIX, after)
    assert {change.after for change in changes} == expected
    assert matrix_with(after, [change.before for change in changes]) == MATRIX
    for change in changes:
        back = next(c for c in matrix_changes(after, MATRIX) if c.after == change.before)
        gains = {Direction.GAINS: Direction.LOSES, Direction.LOSES: Direction.GAINS}
        assert back.direction == gains.get(change.direction, Direction.GROUND)
