"""On time, by agency and month: what is hidden cannot be worked out from what is shown."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from referrals.deadlines.register import ALL_RULES
from reporting.duty_measures import (
    DUTIES,
    FOLLOW_ALL,
    FOLLOW_TIER,
    AgencyPart,
    Cells,
    duty_blocks,
    shares_mask,
)
from reporting.suppression import SMALLEST_SHOWN, is_small

A, B, C = ("Child Welfare", 0), ("Child Welfare", 1), ("Probation", 0)


@st.composite
def owed_and_on_time(draw: st.DrawFn) -> Cells:
    found: dict[AgencyPart, tuple[int, int]] = {}
    for line in draw(st.sampled_from([(A,), (A, B), (A, B, C)])):
        owed = draw(st.one_of(st.integers(0, 14), st.integers(11, 26)))
        found[line] = (owed, draw(st.one_of(st.just(owed), st.just(0), st.integers(0, owed))))
    return found


def readings(cells: Cells) -> dict[AgencyPart, set[int]]:
    """Every number late that each hidden line may have had, by a reader who tries them all.

    The reader is told how many were owed wherever that is eleven or more, and knows the sums where they are shown.
    """
    shares = shares_mask(cells)
    hidden = [line for line in sorted(cells) if shares.lines[line].numerator is None]
    possible: dict[AgencyPart, set[int]] = {line: set() for line in hidden}
    if shares.whole.denominator is None:
        top = sum(owed for owed, _ in cells.values())
        return {
            line: set(
                range((cells[line][0] if cells[line][0] >= SMALLEST_SHOWN else top + SMALLEST_SHOWN) + 1)
            )
            for line in hidden
        }
    assert shares.whole.numerator is not None
    late_left = shares.whole.denominator - shares.whole.numerator
    for line in set(cells) - set(hidden):
        late_left -= cells[line][0] - cells[line][1]
    tops = [cells[line][0] if cells[line][0] >= SMALLEST_SHOWN else late_left for line in hidden]
    for late in product(*(range(min(top, late_left) + 1) for top in tops)):
        if sum(late) == late_left:
            for line, number in zip(hidden, late, strict=True):
                possible[line].add(number)
    return possible


@given(owed_and_on_time())
def test_a_hidden_line_leaves_eleven_numbers_or_none_was_late(cells: Cells) -> None:
    for line, numbers in readings(cells).items():
        owed, on_time = cells[line]
        assert len(numbers) >= SMALLEST_SHOWN or numbers == {0} or numbers == {owed}, (line, cells)
        assert not is_small(owed - on_time) or len(numbers) > 1


@given(owed_and_on_time())
def test_no_small_number_is_shown_of_any_line_or_of_the_whole(cells: Cells) -> None:
    shares = shares_mask(cells)
    for rate in (shares.whole, *shares.lines.values()):
        if rate.denominator is not None and rate.numerator is not None:
            assert not any(
                map(is_small, (rate.denominator, rate.numerator, rate.denominator - rate.numerator))
            )


def test_one_small_line_takes_another_with_it_and_none_where_all_are_large() -> None:
    large = shares_mask({A: (40, 25), B: (30, 30), C: (20, 0)})
    assert [rate.numerator for rate in large.lines.values()] == [25, 30, 0]
    small = shares_mask({A: (40, 25), B: (30, 27), C: (26, 13)})
    assert [rate.numerator for rate in small.lines.values()] == [25, None, None]
    assert small.whole.numerator == 65


def test_every_duty_of_the_register_has_its_line_and_none_is_divided_that_nobody_owed() -> None:
    assert len(set(DUTIES.values())) == len(ALL_RULES)
    counts = {"missing-le-24h": {A: (44, 30)}, "return-debrief": {C: (20, 20)}}
    summary, by_agency = duty_blocks(
        counts, parts=["July", "August"], withheld=frozenset(), undivided=frozenset()
    )
    assert [line.head for line in summary.lines] == [DUTIES[rule.id] for rule in ALL_RULES]
    assert [found.caption for found in by_agency] == [
        "Police told a child is missing, by agency",
        "Talk with the returned child written down, by agency",
    ]
    assert [line.head for line in by_agency[0].lines] == ["Child Welfare, July", "Child Welfare, August"]
    assert by_agency[0].lines[1].values == (0, 0, 0, "none owed")


def test_a_duty_owed_for_every_referral_is_known_to_follow_their_number() -> None:
    of_every_referral = {rule.id for rule in ALL_RULES if "referral_received" in rule.starts_on}
    assert of_every_referral == FOLLOW_ALL | FOLLOW_TIER
