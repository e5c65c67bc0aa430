"""What both drawings share: a placed line of text, and the table that says the same as a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of text at a height of the drawing."""

    y: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of a table twin. `shown` False is drawn hatched with one neutral word and never tells why."""

    words: str
    shown: bool = True
    number: bool = True


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One row of a table twin: its heading and the cells beside it; `is_total` draws it as the sum row."""

    head: str
    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """The same numbers as a drawing, as a table. `head` has one more entry than a row has cells."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) + 1 != len(self.head):
                raise ValueError(
                    f"The row {row.head!r} has {len(row.cells)} cells for {len(self.head) - 1} columns."
                )

    @property
    def columns(self) -> tuple[tuple[str, bool], ...]:
        """Each column's heading, and whether it holds numbers (and so stands to the right)."""
        first = self.rows[0].cells if self.rows else ()
        numbers = [False, *(cell.number for cell in first)]
        numbers += [False] * (len(self.head) - len(numbers))
        return tuple(zip(self.head, numbers, strict=True))
