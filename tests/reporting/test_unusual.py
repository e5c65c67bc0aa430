"""The rules that say which looks deserve a question."""

from __future__ import annotations

from datetime import time
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.unusual import (
    KNOWN_DAYS,
    LABELS,
    LEAST,
    MISSES,
    UNKNOWN_MOST,
    CaseLooks,
    PersonDay,
    Why,
    is_night,
    reasons_of,
    same_family_name,
    usual_most,
)

NOON = time(12)
CASE = UUID(int=1)


def looks(case: UUID = CASE, *, at: time = NOON, has_tie: bool = True, **common: bool) -> CaseLooks:
    return CaseLooks(case, (at,), has_tie=has_tie, **common)


def whys(day: PersonDay) -> set[Why]:
    return {reason.why for reason in reasons_of(day)}


def test_an_ordinary_day_asks_for_no_question() -> None:
    assert reasons_of(PersonDay(cases=(looks(),))) == []
    assert reasons_of(PersonDay(cases=())) == []


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (PersonDay((looks(has_tie=False),)), Why.NO_TIE),
        (PersonDay((looks(same_name=True),)), Why.NAME),
        (PersonDay((looks(same_address=True),)), Why.ADDRESS),
        (PersonDay((looks(at=time(2, 14)),)), Why.NIGHT),
        (PersonDay((), refused=MISSES), Why.MISSES),
        (PersonDay(tuple(looks(uuid4()) for _ in range(UNKNOWN_MOST + 1))), Why.VOLUME),
        (PersonDay(tuple(looks(uuid4()) for _ in range(LEAST + 1)), usual_most=2), Why.VOLUME),
    ],
    ids=lambda value: value.value if isinstance(value, Why) else "",
)
def test_each_reason_stands_alone_and_says_itself_in_words(day: PersonDay, why: Why) -> None:
    (reason,) = reasons_of(day)
    assert reason.why is why
    assert reason.words.endswith(".")
    assert LABELS[why]


@pytest.mark.parametrize(
    "day",
    [
        PersonDay((looks(at=time(2, 14)),), works_nights=True),
        PersonDay((), refused=MISSES - 1),
        PersonDay(tuple(looks(uuid4()) for _ in range(UNKNOWN_MOST))),
        PersonDay(tuple(looks(uuid4()) for _ in range(LEAST)), usual_most=2),
        PersonDay(tuple(looks(uuid4()) for _ in range(30)), usual_most=30),
    ],
)
def test_at_the_edge_nothing_is_asked(day: PersonDay) -> None:
    assert reasons_of(day) == []


@pytest.mark.parametrize(
    ("moment", "night"),
    [(time(21, 59), False), (time(22), True), (time(0), True), (time(5, 59), True), (time(6), False)],
)
def test_night_is_from_ten_to_six(moment: time, night: bool) -> None:
    assert is_night(moment) is night


@pytest.mark.parametrize(
    ("staff", "child", "same"),
    [
        ("Ana Muñoz", "Munoz", True),
        ("Ana Lopez", "Garcia-Lopez", True),
        ("Ana de la CRUZ", "Cruz Vega", True),
        ("Ana Cruz", "", False),
        ("Ana", "Ana", False),
        ("Cruz Ana", "Cruz", False),
        ("", "", False),
    ],
)
def test_a_family_name_in_common_is_found_across_accents_case_and_double_names(
    staff: str, child: str, same: bool
) -> None:
    assert same_family_name(staff, child) is same


@given(st.lists(st.integers(min_value=1, max_value=400), max_size=90))
def test_what_is_usual_holds_on_nineteen_of_twenty_days(counts: list[int]) -> None:
    most = usual_most(counts)
    if len(counts) < KNOWN_DAYS:
        assert most is None
    else:
        assert most in counts
        assert sum(count <= most for count in counts) >= 0.95 * len(counts)
        assert sum(count < most for count in counts) < 0.95 * len(counts)


@given(
    st.lists(
        st.builds(
            CaseLooks, st.uuids(), st.lists(st.times(), max_size=3).map(tuple), st.booleans(), st.booleans()
        ),
        max_size=30,
    ),
    st.integers(min_value=0, max_value=9),
)
def test_more_looks_never_take_a_reason_away_and_the_weightiest_comes_first(
    cases: list[CaseLooks], refused: int
) -> None:
    fewer = whys(PersonDay(tuple(cases[:-1]), refused=refused))
    all_of_them = reasons_of(PersonDay(tuple(cases), refused=refused))
    assert fewer <= {reason.why for reason in all_of_them}
    order = [list(Why).index(reason.why) for reason in all_of_them]
    assert order == sorted(order)
