"""The default matrix is read whole, and one with a fault is refused with words that say how to mend it."""

import csv
import io

import pytest

from agencies.disclosure.categories import (
    BASES,
    CATEGORY_NAMES,
    MATRIX_CATEGORIES,
    OWN_DUTIES,
    ROLE_NAMES,
    ROLES,
    SECTION_CATEGORIES,
    WRITERS,
)
from agencies.disclosure.matrix import DEFAULT_MATRIX_PATH, Access, Cell, Matrix, MatrixError, matrix_read

TEXT = DEFAULT_MATRIX_PATH.read_text(encoding="utf-8")
ROWS = list(csv.DictReader(io.StringIO(TEXT)))


def _rewritten(rows: list[dict[str, str]], columns: list[str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _changed(category: str, column: str, value: str) -> str:
    rows = [{**row, column: value} if row["id"] == category else row for row in ROWS]
    return _rewritten(rows, list(ROWS[0]))


def test_every_cell_of_the_file_is_in_the_matrix() -> None:
    matrix = matrix_read(TEXT)
    for row in ROWS:
        for role in ROLES:
            cell = matrix.cell(row["id"], role)
            assert f"{cell.access.value} {cell.basis}" == row[role]
    assert len(ROWS) * len(ROLES) == 28 * 17


def test_titles_in_code_are_those_of_the_file() -> None:
    assert {row["id"]: row["category"] for row in ROWS} == {c: CATEGORY_NAMES[c] for c in MATRIX_CATEGORIES}
    assert list(ROWS[0])[3:] == list(ROLES) == list(ROLE_NAMES)


def test_every_ground_of_the_file_is_explained() -> None:
    used = {row[role].split(" ", 1)[1] for row in ROWS for role in ROLES}
    assert used <= set(BASES)


def test_writers_are_known_roles_of_known_categories_and_the_committee_writes_nothing() -> None:
    assert set(WRITERS) == set(SECTION_CATEGORIES) - {OWN_DUTIES}
    assert all(roles and roles <= set(ROLES) - {"SC"} for roles in WRITERS.values())


def test_categories_a_role_may_ever_see_follow_the_letters() -> None:
    matrix = matrix_read(TEXT)
    for role in ROLES:
        letters = {row["id"]: row[role][0] for row in ROWS}
        own = set() if role == "SC" else {"d01"}
        duties_summary = {"d01"} if letters["r26"] == "Σ" else set()
        full = {code for code, letter in letters.items() if letter in "SA"} | own
        assert matrix.categories_full(role) == full
        summary = full | {code for code, letter in letters.items() if letter == "Σ"} | duties_summary
        assert matrix.categories_summary(role) == summary


def test_the_committee_sees_aggregates_and_no_child() -> None:
    assert matrix_read(TEXT).categories_summary("SC") == {"r28"}


def test_an_agencys_duties_are_answered_as_the_service_plan() -> None:
    matrix = matrix_read(TEXT)
    assert matrix.cell("d01", "MH") == Cell("d01", "MH", Access.SUMMARY, "MDT")
    assert matrix.cell("d01", "LE").access is Access.NEVER


def test_a_matrix_with_a_changed_cell_differs() -> None:
    assert matrix_read(TEXT) == matrix_read("\ufeff" + TEXT)
    assert matrix_read(TEXT) != matrix_read(_changed("r05", "LE", "N none"))


@pytest.mark.parametrize("written", ["X own", "", "s own", "S", "S mdt", "S because", "own S", "Σ"])
def test_a_bad_cell_is_refused_and_named(written: str) -> None:
    with pytest.raises(MatrixError, match=r"Row r07, column ADV"):
        matrix_read(_changed("r07", "ADV", written))


def test_a_missing_row_is_refused_and_named() -> None:
    with pytest.raises(MatrixError, match="r12"):
        matrix_read(_rewritten([row for row in ROWS if row["id"] != "r12"], list(ROWS[0])))


def test_a_doubled_row_is_refused_and_named() -> None:
    with pytest.raises(MatrixError, match="r12 has two answers"):
        matrix_read(_rewritten([*ROWS, ROWS[11]], list(ROWS[0])))


def test_an_unknown_row_is_refused_and_named() -> None:
    with pytest.raises(MatrixError, match="r99"):
        matrix_read(_rewritten([*ROWS, {**ROWS[0], "id": "r99"}], list(ROWS[0])))


def test_a_missing_role_is_refused_and_named() -> None:
    with pytest.raises(MatrixError, match="Missing column: CASA"):
        matrix_read(_rewritten(ROWS, [column for column in ROWS[0] if column != "CASA"]))


def test_an_unknown_role_is_refused_and_named() -> None:
    rows = [{**row, "XX": "N none"} for row in ROWS]
    with pytest.raises(MatrixError, match="Unknown column: XX"):
        matrix_read(_rewritten(rows, list(rows[0])))


def test_a_doubled_role_is_refused_and_named() -> None:
    header, rest = TEXT.split("\n", 1)
    with pytest.raises(MatrixError, match="Column LE stands there twice"):
        matrix_read(header.replace(",DA,", ",LE,", 1) + "\n" + rest)


def test_an_unquoted_comma_is_refused() -> None:
    with pytest.raises(MatrixError, match="Row r09"):
        matrix_read(_changed("r09", "SC", "N priv").replace("r09,", "r09,extra,", 1))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(MatrixError, match="Missing column"):
        matrix_read("")


def test_a_matrix_without_a_cell_cannot_be_made() -> None:
    with pytest.raises(MatrixError, match="no answer for"):
        Matrix([Cell("r01", "CW", Access.SEE, "own")])
