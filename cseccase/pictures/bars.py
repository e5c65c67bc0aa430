"""Horizontal bars with a scale and a goal: beside their labels on a wide screen, under them on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from cseccase.pictures.tables import Line, Table


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar. `fraction` of the whole width, 0 to 1, or None where the count is not shown.

    `words` at the bar's end ("83 %"), `note` before the label ("24 h"), `beside` at the far right ("71 of 86"),
    `is_finding` marks the bar the page's title speaks of.
    """

    label: str
    fraction: float | None
    words: str = ""
    note: str = ""
    beside: str = ""
    is_finding: bool = False

    def __post_init__(self) -> None:
        if self.fraction is not None and not 0 <= self.fraction <= 1:
            raise ValueError(
                f"The bar {self.label!r} must be between 0 and 1 of the width, not {self.fraction}."
            )


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A line of the scale: where it stands and what it says."""

    words: str
    x: float


@dataclass(frozen=True, kw_only=True)
class PlacedBar:
    """A bar with its texts, placed. `words_inside` tells whether the bar is long enough to hold its words."""

    bar: Bar
    y: float
    length: float
    lines: tuple[Line, ...]
    words_x: float
    words_y: float
    words_inside: bool


@dataclass(frozen=True, kw_only=True)
class ChartShape:
    """One drawing of a bar chart: its size, scale, bars and goal line."""

    width: float
    height: float
    bars_from: float
    bars_wide: float
    bar_high: float
    scale_top: float
    ticks: tuple[Tick, ...]
    bars: tuple[PlacedBar, ...]
    goal_x: float | None
    goal_text_x: float


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Horizontal bars with a scale, at most one goal, and the same numbers as a table."""

    uid: str
    summary: str
    goal_words: str
    caption: str
    wide: ChartShape
    narrow: ChartShape
    has_notes: bool
    table: Table | None = None


SHARE_TICKS = ((0.0, "0 %"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1.0, "100 %"))


def count_ticks(largest: int) -> tuple[int, tuple[tuple[float, str], ...]]:
    """The scale for plain counts: the round number at its end, and its ticks; bars are count / that number."""
    if largest < 0:
        raise ValueError("A count cannot be negative.")
    power = 1
    while True:
        for pace in (1 * power, 2 * power, 5 * power):
            if pace * 4 >= largest:
                top = pace * 4
                return top, tuple((part / 4, f"{pace * part:,}") for part in range(5))
        power *= 10


def bar_chart(
    *,
    uid: str,
    summary: str,
    bars: Sequence[Bar],
    caption: str = "",
    goal: float | None = None,
    goal_words: str = "",
    ticks: Sequence[tuple[float, str]] = SHARE_TICKS,
    table: Table | None = None,
) -> BarChart:
    """The chart for these bars; `uid` is unique on its page, `summary` says the picture in one sentence.

    `caption` stands under the picture, `goal` is a share of the width with its words. Raises ValueError for no
    bars or a goal off the scale.
    """
    if not bars:
        raise ValueError("A chart needs at least one bar.")
    if goal is not None and not 0 <= goal <= 1:
        raise ValueError(f"The goal must be between 0 and 1 of the width, not {goal}.")
    has_notes = any(bar.note for bar in bars)
    return BarChart(
        uid=uid,
        summary=summary,
        goal_words=goal_words,
        caption=caption,
        wide=_wide(tuple(bars), ticks, goal, has_notes),
        narrow=_narrow(tuple(bars), ticks, goal),
        has_notes=has_notes,
        table=table,
    )


def _placed(
    bar: Bar, *, y: float, start: float, wide: float, high: float, lines: tuple[Line, ...]
) -> PlacedBar:
    length = round(wide * (1.0 if bar.fraction is None else bar.fraction), 1)
    inside = length > 12 + 10 * len(bar.words)
    return PlacedBar(
        bar=bar,
        y=y,
        length=length,
        lines=lines,
        words_x=round(start + (length - 10 if inside else length + 8), 1),
        words_y=y + high / 2 + 6,
        words_inside=inside,
    )


def _wide(
    bars: tuple[Bar, ...], ticks: Sequence[tuple[float, str]], goal: float | None, notes: bool
) -> ChartShape:
    width, start, wide, high, top = 1120.0, 330.0, 670.0, 28.0, 58.0
    placed = []
    row_top = top
    for bar in bars:
        texts = wrap(bar.label, width=32 if notes else 38) or [""]
        pace = max(44.0, 18.0 * len(texts) + 8)
        y = row_top + (pace - high) / 2
        first = y + 19 - 9 * (len(texts) - 1)
        lines = tuple(Line(y=first + 18 * row, words=words) for row, words in enumerate(texts))
        placed.append(_placed(bar, y=y, start=start, wide=wide, high=high, lines=lines))
        row_top += pace
    return ChartShape(
        width=width,
        height=row_top + 6,
        bars_from=start,
        bars_wide=wide,
        bar_high=high,
        scale_top=top,
        ticks=tuple(Tick(words=words, x=round(start + wide * share, 1)) for share, words in ticks),
        bars=tuple(placed),
        goal_x=None if goal is None else round(start + wide * goal, 1),
        goal_text_x=0 if goal is None else round(min(max(start + wide * goal, start + 60), width - 80), 1),
    )


def _narrow(bars: tuple[Bar, ...], ticks: Sequence[tuple[float, str]], goal: float | None) -> ChartShape:
    width, wide, high, top = 326.0, 326.0, 24.0, 46.0
    placed = []
    y = top
    for bar in bars:
        texts = wrap(f"{bar.note} {bar.label}".strip(), width=30 if bar.beside else 40) or [""]
        lines = tuple(Line(y=y + 20 + 17 * row, words=words) for row, words in enumerate(texts))
        y += 28 + 17 * (len(texts) - 1)
        placed.append(_placed(bar, y=y, start=0, wide=wide, high=high, lines=lines))
        y += high + 8
    return ChartShape(
        width=width,
        height=y + 6,
        bars_from=0,
        bars_wide=wide,
        bar_high=high,
        scale_top=top,
        ticks=tuple(
            Tick(words=words, x=round(wide * share, 1)) for share, words in ticks if share in (0, 0.5, 1)
        ),
        bars=tuple(placed),
        goal_x=None if goal is None else round(wide * goal, 1),
        goal_text_x=0 if goal is None else round(min(max(wide * goal, 70), width - 70), 1),
    )
