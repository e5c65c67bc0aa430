"""Every benchmark runs to its end, one after another in one small county; what it measures there is nobody's figure."""

from __future__ import annotations

from importlib import import_module

import pytest

from reporting.management.commands.bench import BENCHES

FILES = 60


@pytest.mark.usefixtures("own_database")
def test_every_benchmark_names_each_figure_with_its_floor() -> None:
    for name in BENCHES:
        figures = list(import_module(f"reporting.bench.{name}").figures(scale=FILES))
        assert figures, name
        for figure in figures:
            assert figure.name and figure.value > 0 and figure.floor > 0, figure
