"""Every benchmark runs to its end on a small county; what it measures there is nobody's figure."""

from __future__ import annotations

from importlib import import_module

import pytest

from reporting.management.commands.bench import BENCHES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_database")]
FILES = 240  # one in twenty is the other agency’s, by chance: enough that it has some


@pytest.mark.parametrize("name", BENCHES)
def test_a_benchmark_names_each_figure_with_its_floor(name: str) -> None:
    figures = list(import_module(f"reporting.bench.{name}").figures(scale=FILES))
    assert figures
    assert all(figure.name and figure.value > 0 and figure.floor > 0 for figure in figures)


def test_benchmarks_run_one_after_another_in_the_same_county() -> None:
    for name in BENCHES:
        assert list(import_module(f"reporting.bench.{name}").figures(scale=FILES)), name
