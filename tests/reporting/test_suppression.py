"""No hidden number can be worked out, or narrowed down below eleven possibilities, from what a table shows.

The reader who tries is a search of its own here: it fills in hidden numbers one by one and keeps what adds
up.
"""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.suppression import (
    NOT_SHOWN,
    CountTable,
    Interval,
    MaskedRate,
    MaskedTable,
    intervals,
    is_small,
    mask,
    mask_rate,
    mask_series,
    shown,
)

CAP = 45
Grid = list[list[int | None]]


def table(*counts: tuple[int, ...]) -> CountTable:
    rows = tuple(f"row {i}" for i in range(len(counts)))
    columns = tuple(f"column {j}" for j in range(len(counts[0])))
    return CountTable(rows, columns, counts)


def whole_grid(masked: MaskedTable) -> Grid:
    body = [[*cells, total] for cells, total in zip(masked.cells, masked.row_totals, strict=True)]
    return [*body, [*masked.column_totals, masked.grand_total]]


def true_grid(counts: CountTable) -> list[list[int]]:
    body = [[*row, sum(row)] for row in counts.counts]
    return [*body, [sum(column) for column in zip(*body, strict=True)]]


def hidden_in(grid: Grid) -> set[tuple[int, int]]:
    return {(i, j) for i, row in enumerate(grid) for j, value in enumerate(row) if value is None}


# --- an independent reader


class Reader:
    """Somebody with the published numbers only, trying every way to fill in the hidden counts, up to a cap."""

    def __init__(self, grid: Grid, cap: int) -> None:
        self.height, self.width, self.cap = len(grid) - 1, len(grid[0]) - 1, cap
        self.row_sums = [grid[i][self.width] for i in range(self.height)]
        self.column_sums = [grid[self.height][j] for j in range(self.width)]
        self.all_sum = grid[self.height][self.width]
        self.filled = [list(grid[i][: self.width]) for i in range(self.height)]

    def completes(self) -> bool:
        """Whether hidden numbers from 1 up can be filled in so that all adds up."""
        return self._search(
            [(i, j) for i, row in enumerate(self.filled) for j, v in enumerate(row) if v is None]
        )

    def _search(self, rest: list[tuple[int, int]]) -> bool:
        if not rest:
            return all(
                self._agrees(line, told) and self._told_or_some(line, told) for line, told in self._lines()
            )
        i, j = rest[0]
        for value in self._room(i, j):
            self.filled[i][j] = value
            if all(self._agrees(line, told) for line, told in self._lines_of(i, j)) and self._search(
                rest[1:]
            ):
                return True
            self.filled[i][j] = None
        return False

    def _lines_of(self, i: int, j: int) -> list[tuple[list[int | None], int | None]]:
        everything = [value for row in self.filled for value in row]
        column = [row[j] for row in self.filled]
        return [(self.filled[i], self.row_sums[i]), (column, self.column_sums[j]), (everything, self.all_sum)]

    def _lines(self) -> list[tuple[list[int | None], int | None]]:
        return [line for i in range(self.height) for j in range(self.width) for line in self._lines_of(i, j)]

    def _agrees(self, line: list[int | None], told: int | None) -> bool:
        missing = line.count(None)
        least = sum(value for value in line if value is not None) + missing
        return told is None or (least <= told if missing else least == told)

    def _told_or_some(self, line: list[int | None], told: int | None) -> bool:
        return told is not None or any(line)

    def _room(self, i: int, j: int) -> range:
        low, high = 1, self.cap
        for line, told in self._lines_of(i, j):
            if told is None:
                continue
            left = told - sum(value for value in line if value is not None)
            high = min(high, left - line.count(None) + 1)
            low = max(low, left) if line.count(None) == 1 else low
        return range(low, high + 1)


def possible(grid: Grid, position: tuple[int, int], value: int, cap: int = CAP) -> bool:
    i, j = position
    guess = [list(row) for row in grid]
    guess[i][j] = value
    return Reader(guess, cap).completes()


def worked_out(grid: Grid, position: tuple[int, int], cap: int = CAP) -> tuple[int, int]:
    """The lowest and the highest value the reader cannot rule out, trying all up to the cap."""
    low = next(value for value in range(1, cap + 1) if possible(grid, position, value, cap))
    high = next(value for value in range(cap, 0, -1) if possible(grid, position, value, cap))
    return low, high


tiny_tables = st.tuples(st.integers(1, 2), st.integers(1, 3)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 6), min_size=size[1], max_size=size[1]).map(tuple),
        min_size=size[0],
        max_size=size[0],
    ).map(lambda rows: table(*rows))
)
small_tables = st.tuples(st.integers(1, 2), st.integers(1, 3)).flatmap(
    lambda size: st.lists(
        st.lists(st.one_of(st.integers(0, 4), st.integers(0, 14)), min_size=size[1], max_size=size[1]).map(
            tuple
        ),
        min_size=size[0],
        max_size=size[0],
    ).map(lambda rows: table(*rows))
)
any_tables = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda size: st.lists(
        st.lists(
            st.one_of(st.integers(0, 3), st.integers(0, 15), st.integers(0, 400)),
            min_size=size[1],
            max_size=size[1],
        ).map(tuple),
        min_size=size[0],
        max_size=size[0],
    ).map(lambda rows: table(*rows))
)


@settings(max_examples=60)
@given(small_tables)
def test_a_reader_who_tries_everything_works_out_no_hidden_number(counts: CountTable) -> None:
    grid = whole_grid(mask(counts))
    for position in hidden_in(grid):
        value = true_grid(counts)[position[0]][position[1]]
        assert possible(grid, position, value), "the truth is never ruled out"
        low = next(v for v in range(1, CAP + 1) if possible(grid, position, v))
        assert any(possible(grid, position, v) for v in range(low + 10, low + 25)), (position, low)


@settings(max_examples=100)
@given(tiny_tables, st.data())
def test_the_computed_interval_is_what_a_reader_finds(counts: CountTable, data: st.DataObject) -> None:
    truth = true_grid(counts)
    places = [(i, j) for i, row in enumerate(truth) for j, value in enumerate(row) if value > 0]
    if not places:
        return
    hidden = data.draw(st.sets(st.sampled_from(places), min_size=1, max_size=4))
    grid: Grid = [[None if (i, j) in hidden else v for j, v in enumerate(row)] for i, row in enumerate(truth)]
    position = data.draw(st.sampled_from(sorted(hidden)))
    found = intervals(counts, hidden)[position]
    low, high = worked_out(grid, position)
    assert found.low == low
    if found.high is None:
        assert worked_out(grid, position, CAP + 15)[1] > high, "only the cap stops the reader"
    else:
        assert found.high == high


def test_hiding_small_counts_alone_would_give_them_away() -> None:
    counts = table((5, 12), (13, 14))
    alone: Grid = [[None, 12, 17], [13, 14, 27], [18, 26, 44]]
    assert worked_out(alone, (0, 0)) == (5, 5)
    assert intervals(counts, [(0, 0)]) == {(0, 0): Interval(5, 5)}
    grid = whole_grid(mask(counts))
    low, high = worked_out(grid, (0, 0))
    assert high - low >= 10


def test_a_reader_knows_that_what_is_hidden_is_not_zero() -> None:
    square = {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert intervals(table((2, 3), (4, 9)), square)[(0, 0)] == Interval(1, 4)
    assert worked_out([[None, None, 5], [None, None, 13], [6, 12, 18]], (0, 0)) == (1, 4)


def test_two_in_every_line_is_not_enough() -> None:
    counts = table((1, 2, 50), (2, 1, 60), (70, 80, 90))
    square = {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert intervals(counts, square)[(0, 0)] == Interval(1, 2)
    grid = whole_grid(mask(counts))
    assert square < hidden_in(grid)


# --- on any table


@given(any_tables, st.booleans())
def test_no_small_number_is_shown_and_every_number_shown_is_true(
    counts: CountTable, keep_totals: bool
) -> None:
    grid = whole_grid(mask(counts, keep_totals=keep_totals))
    for row, truth in zip(grid, true_grid(counts), strict=True):
        for value, true in zip(row, truth, strict=True):
            assert value is None or (value == true and not is_small(value))


@given(any_tables)
def test_every_hidden_number_keeps_eleven_possibilities_and_no_zero_is_hidden(counts: CountTable) -> None:
    masked = mask(counts)
    assert not masked.withheld
    hidden = hidden_in(whole_grid(masked))
    truth = true_grid(counts)
    assert all(truth[i][j] > 0 for i, j in hidden)
    for interval in intervals(counts, hidden).values():
        assert interval.high is None or interval.high - interval.low >= 10


@given(any_tables)
def test_a_table_that_must_keep_its_totals_keeps_them_or_is_withheld_whole(counts: CountTable) -> None:
    masked = mask(counts, keep_totals=True)
    grid = whole_grid(masked)
    if masked.withheld:
        assert all(value is None for row in grid for value in row)
        assert masked.reason
    else:
        assert None not in (*masked.row_totals, *masked.column_totals, masked.grand_total)
        assert all(interval.is_safe for interval in intervals(counts, hidden_in(grid)).values())


@given(any_tables)
def test_nothing_is_hidden_where_nothing_is_small(counts: CountTable) -> None:
    large = table(*(tuple(0 if v == 0 else v + 10 for v in row) for row in counts.counts))
    masked = mask(large)
    assert whole_grid(masked) == true_grid(large)


@given(any_tables)
def test_the_same_table_is_always_masked_the_same(counts: CountTable) -> None:
    assert mask(counts) == mask(counts)


# --- by hand


def test_counts_are_hidden_before_totals() -> None:
    masked = mask(table((5, 20, 30), (40, 50, 60), (70, 80, 90)))
    assert None not in (*masked.row_totals, *masked.column_totals, masked.grand_total)
    assert masked.cells == ((None, None, 30), (None, None, 60), (70, 80, 90))


def test_totals_are_hidden_when_counts_alone_cannot_protect_the_grand_total_last() -> None:
    masked = mask(table((5, 0), (0, 40)))
    assert whole_grid(masked) == [[None, 0, None], [0, None, None], [None, None, 45]]
    assert whole_grid(mask(table((5, 0), (0, 0)))) == [[None, 0, None], [0, 0, 0], [None, 0, None]]


def test_a_table_whose_totals_cannot_be_hidden_is_withheld() -> None:
    masked = mask(table((5, 0), (0, 40)), keep_totals=True)
    assert masked.withheld
    assert hidden_in(whole_grid(masked)) == set(product(range(3), range(3)))


def test_a_small_grand_total_hides_all_but_zeros() -> None:
    masked = mask(table((1, 0), (0, 2)))
    assert whole_grid(masked) == [[None, 0, None], [0, None, None], [None, None, None]]


def test_an_empty_table_shows_its_zeros() -> None:
    assert whole_grid(mask(table((0, 0)))) == [[0, 0, 0], [0, 0, 0]]


def test_one_word_stands_for_every_hidden_number() -> None:
    assert {
        shown(value) for row in whole_grid(mask(table((5, 20), (30, 40)))) for value in row if value is None
    } == {NOT_SHOWN}
    assert (shown(0), shown(1234), NOT_SHOWN) == ("0", "1,234", "not shown")


@pytest.mark.parametrize("counts", [(), ((),), ((1, 2), (3,)), ((-1, 2), (3, 4))])
def test_what_is_no_table_is_refused(counts: tuple[tuple[int, ...], ...]) -> None:
    columns = ("a", "b") if counts and counts[0] else ()
    with pytest.raises(ValueError, match=r"table|count"):
        CountTable(tuple("row" for _ in counts), columns, counts)


# --- series and rates


@given(st.lists(st.one_of(st.integers(0, 12), st.integers(0, 200)), min_size=1, max_size=8))
def test_a_series_hides_what_its_total_would_give_away(counts: list[int]) -> None:
    masked = mask_series(tuple(str(i) for i in range(len(counts))), tuple(counts))
    hidden = [count for count, value in zip(counts, masked.values, strict=True) if value is None]
    assert all(v is None or (v == c and not is_small(v)) for v, c in zip(masked.values, counts, strict=True))
    assert all(hidden)
    if masked.total is not None:
        # Of k hidden numbers that add up to s, each can be anything from 1 to s - k + 1.
        assert not is_small(masked.total)
        assert not hidden or sum(hidden) - len(hidden) >= 10


def test_a_series_keeps_its_total_where_it_can() -> None:
    masked = mask_series(("a", "b", "c"), (4, 30, 20))
    assert masked.values == (None, 30, None)
    assert masked.total == 54
    assert mask_series(("a", "b"), (4, 0)).total is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [(11, 22, 50), (0, 40, 0), (40, 40, 100), (11, 1000, 1), (25, 1000, 3), (24, 1000, 2), (0, 0, None)],
)
def test_a_rate_of_large_numbers_is_shown(numerator: int, denominator: int, percent: int | None) -> None:
    assert mask_rate(numerator, denominator) == MaskedRate(numerator, denominator, percent)


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_rate_is_hidden_when_any_of_its_numbers_is_small(one: int, rest: int) -> None:
    small = any(0 < number < 11 for number in (one, rest, one + rest))
    assert (mask_rate(one, one + rest) == MaskedRate(None, None, None)) is small


def test_more_than_all_is_refused() -> None:
    for numerator, denominator in ((12, 11), (-1, 5)):
        with pytest.raises(ValueError, match="some of all"):
            mask_rate(numerator, denominator)
