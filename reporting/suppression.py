"""Counts that cannot be traced back to a child: which numbers of a table are hidden before anyone sees it.

Rules (CalHHS Data De-Identification Guidelines, Edition 2.0, 4.4 and 5.6.2, for children in welfare and
victims of crime): a count of 1 to 10 is never shown, a zero is, and enough other counts are hidden with it
that sums do not give it away. A hidden count is safe when a reader who knows every number shown, that counts
add up, and that what is hidden is not zero, can narrow it down to no less than eleven whole numbers in a row:
never exactly, never to "below eleven". That interval is computed exactly, not estimated: a table with its
totals is a flow network, so how far a count can rise or fall is a maximum flow through the hidden cells, and
flows of whole numbers are whole numbers.

One word stands for every hidden number and never says why it is hidden. A page, a chart, a CSV and a PDF are
all made from the same masked object; the counts it was made from are not in it.

What this does not do: it looks at one table at a time. Tables that share counts, and periods that overlap,
are kept apart by the fixed catalogue of reports and by closed periods.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

SMALLEST_SHOWN: Final = 11
NEEDED_WIDTH: Final = 10
"""Highest less lowest value a reader must be left with: eleven whole numbers in a row."""

NOT_SHOWN: Final = "not shown"
WITHHELD: Final = "This table is not shown. Choose a longer period or fewer groups."

Position = tuple[int, int]
Arc = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts of children by two answers; totals follow. Raises `ValueError` when it is no table."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if not self.rows or not self.columns:
            raise ValueError("A table has at least one row and one column.")
        if len(self.counts) != len(self.rows) or any(len(row) != len(self.columns) for row in self.counts):
            raise ValueError("A table has one count for each row and column.")
        if any(count < 0 for row in self.counts for count in row):
            raise ValueError("A count is zero or more.")


@dataclass(frozen=True, slots=True)
class MaskedTable:
    """A table fit to be seen: `None` stands for every hidden number. A withheld table shows none at all."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    grand_total: int | None
    withheld: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MaskedSeries:
    """Counts along one answer, and their total, fit to be seen."""

    labels: tuple[str, ...]
    values: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class MaskedRate:
    """So many of so many, fit to be seen: all three numbers, or none of them."""

    numerator: int | None
    denominator: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class Interval:
    """What a reader can work out about one hidden count: from `low` to `high` (`None`: no limit)."""

    low: int
    high: int | None

    @property
    def is_safe(self) -> bool:
        return self.high is None or self.high - self.low >= NEEDED_WIDTH


def is_small(count: int) -> bool:
    """Whether a count is never shown: 1 to 10. A zero is shown."""
    return 0 < count < SMALLEST_SHOWN


def shown(value: int | None) -> str:
    """A number as a page prints it, or the one word for a hidden one."""
    return NOT_SHOWN if value is None else f"{value:,}"


def mask(table: CountTable, *, keep_totals: bool = False) -> MaskedTable:
    """The table as it may be seen: small counts hidden, and of the rest as little as makes them safe.

    Other counts are hidden before totals. With `keep_totals` no total may be hidden (another report prints
    it), and a table that would need it is withheld whole.
    """
    grid = _grid(table)
    hidden = {position for position, count in grid.items() if is_small(count)}
    last = (len(table.rows), len(table.columns))
    for position in sorted(hidden):
        if not _is_safe(grid, hidden, last, position):
            complement = _cheapest_cycle(grid, hidden, last, position, keep_totals=keep_totals)
            if complement is None:
                return _withheld(table)
            hidden |= complement
    hides_total = any(position[0] == last[0] or position[1] == last[1] for position in hidden)
    is_safe = all(_is_safe(grid, hidden, last, position) for position in hidden)
    if not is_safe or (keep_totals and hides_total):
        return _withheld(table)
    return _masked(table, grid, hidden)


def intervals(table: CountTable, hidden: Iterable[Position]) -> dict[Position, Interval]:
    """What a reader can work out about each hidden number when exactly these are hidden.

    A position is (row, column); the row after the last is the column totals, the column after the last the
    row totals. Hidden numbers are not zero.
    """
    grid, positions = _grid(table), set(hidden)
    last = (len(table.rows), len(table.columns))
    return {position: _interval(grid, positions, last, position) for position in sorted(positions)}


def mask_series(labels: tuple[str, ...], counts: tuple[int, ...]) -> MaskedSeries:
    """Counts along one answer as they may be seen, with their total.

    Raises `ValueError` when there is not one count for each label.
    """
    masked = mask(CountTable(rows=("all",), columns=labels, counts=(counts,)))
    return MaskedSeries(labels=labels, values=masked.cells[0], total=masked.row_totals[0])


def mask_rate(numerator: int, denominator: int) -> MaskedRate:
    """So many of so many as it may be seen, in whole percent; half a percent is rounded up.

    Nothing is shown when either number, or what lies between them, is small: each gives the other away. A
    rate of nothing has no percent. Raises `ValueError` when the numerator is negative or more than the
    denominator.
    """
    if not 0 <= numerator <= denominator:
        raise ValueError("A rate counts some of all: from zero up to the denominator.")
    if is_small(numerator) or is_small(denominator) or is_small(denominator - numerator):
        return MaskedRate(None, None, None)
    percent = (200 * numerator + denominator) // (2 * denominator) if denominator else None
    return MaskedRate(numerator, denominator, percent)


def _grid(table: CountTable) -> dict[Position, int]:
    """Every number of the table with its totals, by position."""
    height, width = len(table.rows), len(table.columns)
    grid = {(i, j): table.counts[i][j] for i in range(height) for j in range(width)}
    grid |= {(i, width): sum(table.counts[i]) for i in range(height)}
    grid |= {(height, j): sum(row[j] for row in table.counts) for j in range(width)}
    grid[(height, width)] = sum(sum(row) for row in table.counts)
    return grid


def _ends(position: Position, last: Position) -> tuple[int, int]:
    """The two sums a number stands in, as the arc it is in the network: from where to where its value flows.

    Rows are nodes 0 to `last[0]`, columns follow. A count flows from its row to its column, a total back,
    so at every node what comes in goes out, which says exactly that the counts add up.
    """
    row, column = position[0], last[0] + 1 + position[1]
    is_side_total = (position[0] == last[0]) != (position[1] == last[1])
    return (column, row) if is_side_total else (row, column)


def _interval(
    grid: dict[Position, int], hidden: set[Position], last: Position, position: Position
) -> Interval:
    tail, head = _ends(position, last)
    value = grid[position]
    others = [(*_ends(other, last), grid[other]) for other in sorted(hidden) if other != position]
    rise = _max_flow(others, head, tail)
    fall = _max_flow(others, tail, head)
    most_fall = value - 1  # zeros are shown, so what is hidden is at least one
    low = value - (most_fall if fall is None else min(most_fall, fall))
    return Interval(low, None if rise is None else value + rise)


def _is_safe(grid: dict[Position, int], hidden: set[Position], last: Position, position: Position) -> bool:
    """Whether the number keeps its room; what its interval would say, found as soon as it is sure."""
    tail, head = _ends(position, last)
    others = [(*_ends(other, last), grid[other]) for other in hidden if other != position]
    rise = _max_flow(others, head, tail, enough=NEEDED_WIDTH)
    if rise is None or rise >= NEEDED_WIDTH:
        return True
    fall = _max_flow(others, tail, head, enough=NEEDED_WIDTH)
    most_fall = grid[position] - 1
    return rise + (most_fall if fall is None else min(most_fall, fall)) >= NEEDED_WIDTH


def _max_flow(arcs: list[Arc], source: int, sink: int, enough: int | None = None) -> int | None:
    """How much can move from source to sink by raising and lowering hidden numbers; `None` without limit.

    Stops looking for more once it has found `enough`.
    """
    values = [value for _, _, value in arcs]
    touching: defaultdict[int, list[int]] = defaultdict(list)
    for index, (tail, head, _) in enumerate(arcs):
        touching[tail].append(index)
        touching[head].append(index)
    moved = 0
    while enough is None or moved < enough:
        path = _augmenting_path(arcs, touching, values, source, sink)
        if path is None:
            break
        limits = [values[index] - 1 for index, raises in path if not raises]
        if not limits:
            return None
        step = min(limits)
        for index, raises in path:
            values[index] += step if raises else -step
        moved += step
    return moved


def _augmenting_path(
    arcs: list[Arc], touching: Mapping[int, list[int]], values: list[int], source: int, sink: int
) -> list[tuple[int, bool]] | None:
    """A shortest way along which something can move: the arcs to raise (no limit) and to lower (to one)."""
    reached: dict[int, tuple[int, int, bool]] = {}
    waiting = deque([source])
    while waiting and sink not in reached:
        node = waiting.popleft()
        for index in touching.get(node, ()):
            tail, head, _ = arcs[index]
            if tail == node and head not in reached and head != source:
                reached[head] = (node, index, True)
                waiting.append(head)
            elif head == node and tail not in reached and tail != source and values[index] > 1:
                reached[tail] = (node, index, False)
                waiting.append(tail)
    if sink not in reached:
        return None
    path: list[tuple[int, bool]] = []
    node = sink
    while node != source:
        node, index, raises = reached[node]
        path.append((index, raises))
    return path


def _cheapest_cycle(
    grid: dict[Position, int], hidden: set[Position], last: Position, position: Position, *, keep_totals: bool
) -> set[Position] | None:
    """What else to hide so that this number could be ten higher: the cheapest cycle of numbers through it.

    Every number on the cycle gains the same room, so what is newly hidden is safe as well. `None` when there
    is none.
    """
    tail, head = _ends(position, last)
    best: dict[int, tuple[int, ...]] = {}
    waiting: list[tuple[tuple[int, ...], int, tuple[Position, ...]]] = [((0, 0), head, ())]
    while waiting:
        cost, node, used = heappop(waiting)
        if node == tail:
            return set(used) - hidden
        if node in best and best[node] <= cost:
            continue
        best[node] = cost
        for other, value in grid.items():
            if value == 0 or other == position:
                continue
            start, end = _ends(other, last)
            if start == node:
                following = end
            elif end == node and value > NEEDED_WIDTH:
                following = start
            else:
                continue
            price = (0, 0) if other in hidden else _price(other, value, last)
            if keep_totals and price[0] > 1:
                continue
            total = tuple(a + b for a, b in zip(cost, price, strict=True))
            heappush(waiting, (total, following, (*used, other)))
    return None


def _price(position: Position, value: int, last: Position) -> tuple[int, int]:
    """What hiding a number costs the reader: totals most, the grand total above all; then larger numbers."""
    totals = (position[0] == last[0]) + (position[1] == last[1])
    return ((1, 1_000, 1_000_000)[totals], value)


def _masked(table: CountTable, grid: dict[Position, int], hidden: set[Position]) -> MaskedTable:
    height, width = len(table.rows), len(table.columns)

    def line(positions: Iterator[Position]) -> tuple[int | None, ...]:
        return tuple(None if position in hidden else grid[position] for position in positions)

    return MaskedTable(
        rows=table.rows,
        columns=table.columns,
        cells=tuple(line((i, j) for j in range(width)) for i in range(height)),
        row_totals=line((i, width) for i in range(height)),
        column_totals=line((height, j) for j in range(width)),
        grand_total=line(iter([(height, width)]))[0],
    )


def _withheld(table: CountTable) -> MaskedTable:
    height, width = len(table.rows), len(table.columns)
    return MaskedTable(
        rows=table.rows,
        columns=table.columns,
        cells=((None,) * width,) * height,
        row_totals=(None,) * height,
        column_totals=(None,) * width,
        grand_total=None,
        withheld=True,
        reason=WITHHELD,
    )
