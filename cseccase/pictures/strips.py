"""Clocks that began together, as a strip: along the page on a wide screen, upright on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import ceil
from textwrap import wrap

from cseccase.pictures.tables import Line

STATES = (
    "overdue",
    "past_target",
    "at_once",
    "today",
    "later",
    "waiting",
    "done",
    "dropped",
    "empty_seat",
    "open",
)

# The now-line keeps this share of a step away from both of its neighbours, so that its flag covers no label.
NOW_MARGIN = 0.2


@dataclass(frozen=True, kw_only=True)
class Step:
    """One clock on a strip.

    `label` its span ("24 h"), `title` what must happen ("Police told"), `note` the due time or result
    ("Wed, 9:40 a.m."), `state` one of STATES. The rest feeds the table twin: `due_words`, `left_words`,
    `force` ("law"/"practice"/""), `citation`, `evidence`.
    """

    label: str
    title: str
    note: str
    state: str
    due_words: str = ""
    left_words: str = ""
    force: str = ""
    citation: str = ""
    evidence: str = ""

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(
                f"A clock cannot be drawn in the state {self.state!r}; use one of {', '.join(STATES)}."
            )


@dataclass(frozen=True, kw_only=True)
class Node:
    """A clock's mark and its texts, placed."""

    step: Step
    x: float
    y: float
    mark_x: float
    mark_y: float
    label_y: float
    titles: tuple[Line, ...]
    note_y: float


@dataclass(frozen=True, kw_only=True)
class StripShape:
    """One drawing of a strip: its size, its nodes, and where the start and the now-line stand."""

    width: float
    height: float
    track_from: float
    track_to: float
    now: float
    flag_from: float
    nodes: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class ClockStrip:
    """Clocks that began together, in the order they fall due, with equal steps between them (not a time scale)."""

    uid: str
    summary: str
    start_words: str
    start_note: str
    now_words: str
    steps: tuple[Step, ...]
    across: StripShape
    upright: StripShape
    table_open: bool = False


def place_of_now(starts_at: datetime, due_ats: Sequence[datetime], now: datetime) -> float:
    """How many steps of a strip have passed: 0 at the start, 1.5 half-way between the first and second limits.

    Never more than half a step past the last limit.
    """
    marks = [starts_at, *due_ats]
    if sorted(marks) != marks:
        raise ValueError(
            "Limits on one strip must be given in the order they fall due, none before the start."
        )
    if now <= starts_at:
        return 0.0
    for index, (before, after) in enumerate(pairwise(marks)):
        if now < after:
            return index + (now - before) / (after - before)
    return len(due_ats) + 0.5


def clock_strip(
    *,
    uid: str,
    summary: str,
    start_words: str,
    start_note: str,
    now_words: str,
    now_place: float,
    steps: Sequence[Step],
    table_open: bool = False,
) -> ClockStrip:
    """The strip for these clocks; `uid` is unique on its page, `summary` says the picture in one sentence.

    `now_place` counts steps (see `place_of_now`). Raises ValueError without a step or with a place off the strip.
    """
    if not steps:
        raise ValueError("A strip needs at least one clock.")
    if not 0 <= now_place <= len(steps) + 0.5:
        raise ValueError("The present must lie between the start and half a step past the last clock.")
    place = _kept_apart(now_place)
    return ClockStrip(
        uid=uid,
        summary=summary,
        start_words=start_words,
        start_note=start_note,
        now_words=now_words,
        steps=tuple(steps),
        across=_across(tuple(steps), place),
        upright=_upright(tuple(steps), place),
        table_open=table_open,
    )


def _kept_apart(place: float) -> float:
    step, within = divmod(place, 1)
    return step + min(max(within, NOW_MARGIN), 1 - NOW_MARGIN)


ACROSS_WIDTH = 1000.0
ACROSS_EDGE = 92.0
ACROSS_TRACK = 92.0
FLAG_ACROSS = 150.0


def _across(steps: tuple[Step, ...], place: float) -> StripShape:
    # Past the last limit the track goes on for one step more, so that the now-line has somewhere to stand.
    steps_wide = max(len(steps), ceil(place))
    pace = (ACROSS_WIDTH - 2 * ACROSS_EDGE) / steps_wide
    titles = [wrap(step.title, width=max(8, int(pace / 8.2))) or [""] for step in steps]
    lines = max(len(title) for title in titles)
    nodes = []
    for index, (step, title) in enumerate(zip(steps, titles, strict=True), start=1):
        x = ACROSS_EDGE + index * pace
        nodes.append(
            Node(
                step=step,
                x=round(x, 1),
                y=ACROSS_TRACK,
                mark_x=round(x - 14, 1),
                mark_y=ACROSS_TRACK - 14,
                label_y=ACROSS_TRACK - 24,
                titles=tuple(
                    Line(y=ACROSS_TRACK + 36 + 18 * row, words=words) for row, words in enumerate(title)
                ),
                note_y=ACROSS_TRACK + 37 + 18 * len(title),
            )
        )
    now = ACROSS_EDGE + place * pace
    return StripShape(
        width=ACROSS_WIDTH,
        height=ACROSS_TRACK + 46 + 18 * lines,
        track_from=ACROSS_EDGE,
        track_to=round(ACROSS_EDGE + steps_wide * pace, 1),
        now=round(now, 1),
        flag_from=round(min(max(now - FLAG_ACROSS / 2, 0), ACROSS_WIDTH - FLAG_ACROSS), 1),
        nodes=tuple(nodes),
    )


UPRIGHT_WIDTH = 326.0
UPRIGHT_TOP = 24.0
UPRIGHT_PACE = 62.0
FLAG_HEIGHT = 26.0


def _upright(steps: tuple[Step, ...], place: float) -> StripShape:
    # The step that holds the now-line is longer, so that the flag stands clear of the words above and below it.
    now_step = int(place)
    titles = [wrap(step.title, width=26) or [""] for step in steps]
    nodes = []
    y, now = UPRIGHT_TOP, UPRIGHT_TOP
    lines_before = 1
    for index, step in enumerate(steps):
        down = UPRIGHT_PACE + 18 * (lines_before - 1)
        if index == now_step:
            now = y + down - 6
            down += FLAG_HEIGHT + 14
        y += down
        title = titles[index]
        nodes.append(
            Node(
                step=step,
                x=60,
                y=y,
                mark_x=60 - 14,
                mark_y=y - 14,
                label_y=y + 5,
                titles=tuple(Line(y=y + 18 * row, words=words) for row, words in enumerate(title)),
                note_y=y + 19 + 18 * (len(title) - 1),
            )
        )
        lines_before = len(title)
    end = y
    if now_step >= len(steps):
        now = y + UPRIGHT_PACE + 18 * (lines_before - 1) - 6
        end = now
    return StripShape(
        width=UPRIGHT_WIDTH,
        height=max(end + 30, y + 30 + 18 * (lines_before - 1)),
        track_from=UPRIGHT_TOP,
        track_to=end,
        now=now,
        flag_from=now - FLAG_HEIGHT / 2,
        nodes=tuple(nodes),
    )
