"""A published table, before anybody draws it: lines of numbers, of which some are not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Value = int | str | None
"""A number, a word where there is no number to give ("none owed"), or None for every number not shown."""

NONE_OWED: Final = "none owed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a published table; `force` marks duties of law or of county practice."""

    head: str
    values: tuple[Value, ...]
    note: str = ""
    force: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One published table with its definition. Columns whose name ends in "%" hold whole percents."""

    key: str
    caption: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    definition: str
