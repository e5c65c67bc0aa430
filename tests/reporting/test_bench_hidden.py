"""The measure by which hidden and absent are told apart."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting.bench.hidden import told_apart

TIMES = st.lists(st.floats(0.001, 1.0), min_size=1, max_size=15)


def test_the_same_times_are_a_coin_toss_and_times_apart_are_certain() -> None:
    assert told_apart([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]) == 0.5
    assert told_apart([1.0, 2.0], [3.0, 4.0]) == told_apart([3.0, 4.0], [1.0, 2.0]) == 1.0


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(TIMES, TIMES)
def test_it_never_says_less_than_chance_and_does_not_care_which_is_which(
    some: list[float], others: list[float]
) -> None:
    assert 0.5 <= told_apart(some, others) <= 1.0
    assert abs(told_apart(some, others) - told_apart(others, some)) < 1e-9
