from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cseccase.pictures import (
    Bar,
    Cell,
    Step,
    Table,
    TableRow,
    bar_chart,
    clock_strip,
    count_ticks,
    place_of_now,
    svg_data_uri,
)
from cseccase.pictures.strips import ClockStrip

START = datetime(2026, 11, 16, 21, 40, tzinfo=UTC)
LIMITS = [START + timedelta(hours=hours) for hours in (2, 24, 36)]


def strip(place: float, titles: list[str]) -> ClockStrip:
    steps = [
        Step(label=f"{n} h", title=title, note="Wed", state="open") for n, title in enumerate(titles, start=1)
    ]
    return clock_strip(
        uid="c",
        summary="Clocks.",
        start_words="Start",
        start_note="Mon",
        now_words="Now",
        now_place=place,
        steps=steps,
    )


def test_now_is_placed_within_its_step_and_never_off_the_strip() -> None:
    assert place_of_now(START, LIMITS, START - timedelta(hours=1)) == 0
    assert place_of_now(START, LIMITS, START + timedelta(hours=1)) == 0.5
    assert place_of_now(START, LIMITS, START + timedelta(hours=13)) == 1.5
    assert place_of_now(START, LIMITS, START + timedelta(hours=24)) == 2
    assert place_of_now(START, LIMITS, START + timedelta(days=90)) == 3.5


def test_limits_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="in the order they fall due"):
        place_of_now(START, [LIMITS[1], LIMITS[0]], START)


titles = st.lists(st.text("abc defg", min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=8)


@given(titles=titles, share=st.floats(min_value=0, max_value=1))
def test_on_every_strip_the_now_line_stands_clear_of_its_neighbours_and_inside_the_drawing(
    titles: list[str], share: float
) -> None:
    drawn = strip(share * (len(titles) + 0.5), titles)
    for shape, axis in ((drawn.across, "x"), (drawn.upright, "y")):
        marks = [shape.track_from, *(getattr(node, axis) for node in shape.nodes)]
        assert all(abs(shape.now - mark) >= 15 for mark in marks)
        assert all(before < after for before, after in pairwise(marks))
    assert 0 <= drawn.across.flag_from <= drawn.across.width - 150
    assert all(0 < line.y < drawn.upright.height for node in drawn.upright.nodes for line in node.titles)
    assert all(node.note_y < drawn.across.height for node in drawn.across.nodes)
    assert all(node.note_y < drawn.upright.height for node in drawn.upright.nodes)
    assert drawn.upright.now < drawn.upright.height


@given(titles=titles)
def test_no_word_of_a_clock_is_left_out_of_either_drawing(titles: list[str]) -> None:
    drawn = strip(0.5, titles)
    for shape in (drawn.across, drawn.upright):
        for node in shape.nodes:
            assert " ".join(line.words for line in node.titles).replace(" ", "") == node.step.title.replace(
                " ", ""
            )


def test_a_clock_in_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be drawn in the state 'late'"):
        Step(label="2 h", title="Be there", note="", state="late")


def test_a_strip_needs_a_clock_and_a_present_it_can_show() -> None:
    with pytest.raises(ValueError, match="at least one clock"):
        strip(0, [])
    with pytest.raises(ValueError, match="half a step past"):
        strip(2.6, ["One", "Two"])


@given(fractions=st.lists(st.one_of(st.none(), st.floats(min_value=0, max_value=1)), min_size=1, max_size=12))
def test_bars_are_as_long_as_their_share_and_never_touch(fractions: list[float | None]) -> None:
    chart = bar_chart(
        uid="b", summary="Bars.", bars=[Bar(label="A long label " * 3, fraction=f) for f in fractions]
    )
    for shape in (chart.wide, chart.narrow):
        for placed in shape.bars:
            share = 1 if placed.bar.fraction is None else placed.bar.fraction
            assert placed.length == pytest.approx(shape.bars_wide * share, abs=0.06)
            assert shape.bars_from + placed.length <= shape.width
            assert placed.y + shape.bar_high <= shape.height
        assert all(before.y + shape.bar_high < after.y for before, after in pairwise(shape.bars))


def test_a_bar_whose_count_is_not_shown_has_the_same_length_whatever_it_hides() -> None:
    chart = bar_chart(
        uid="b", summary="Bars.", bars=[Bar(label="One", fraction=None), Bar(label="Two", fraction=None)]
    )
    assert chart.wide.bars[0].length == chart.wide.bars[1].length == chart.wide.bars_wide


def test_words_stand_inside_a_long_bar_and_beside_a_short_one() -> None:
    chart = bar_chart(
        uid="b",
        summary="Bars.",
        bars=[Bar(label="Long", fraction=0.8, words="80 %"), Bar(label="Short", fraction=0.01, words="1 %")],
    )
    assert [placed.words_inside for placed in chart.wide.bars] == [True, False]


@pytest.mark.parametrize("fraction", [-0.1, 1.01])
def test_a_bar_or_goal_off_the_scale_is_refused(fraction: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Bar(label="Off", fraction=fraction)
    with pytest.raises(ValueError, match="between 0 and 1"):
        bar_chart(uid="b", summary="Bars.", bars=[Bar(label="On", fraction=0.5)], goal=fraction)


@given(largest=st.integers(min_value=0, max_value=10**7))
def test_the_scale_of_counts_ends_at_a_round_number_that_holds_the_largest(largest: int) -> None:
    top, ticks = count_ticks(largest)
    assert largest <= top <= max(4, largest * 5)
    assert [share for share, _ in ticks] == [0, 0.25, 0.5, 0.75, 1]
    assert ticks[-1][1] == f"{top:,}"


def test_a_table_whose_row_does_not_fit_its_head_is_refused() -> None:
    row = TableRow(head="One", cells=(Cell(words="1"),))
    assert Table(caption="Counts", head=("What", "Count"), rows=(row,)).columns == (
        ("What", False),
        ("Count", True),
    )
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        Table(caption="Counts", head=("What", "Count", "Share"), rows=(row,))


def test_a_drawing_becomes_an_address_that_needs_no_connection() -> None:
    assert svg_data_uri("<svg/>") == "data:image/svg+xml;base64,PHN2Zy8+"
