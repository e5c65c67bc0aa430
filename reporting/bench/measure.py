"""How a benchmark measures and what it prints."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter

from django.conf import settings
from django.db import connection

from cseccase.database import become, become_owner, database_of

ROUNDS = 15


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: `value` and `floor` in `unit`, their ratio, and the goal the ratio is held to, if any."""

    name: str
    value: float
    unit: str
    floor: float
    ratio: float
    goal: float | None

    def line(self) -> str:
        return json.dumps(asdict(self))


def compare(
    name: str,
    *,
    measured: Callable[[], float],
    floor: Callable[[], float],
    goal: float | None,
    rounds: int = ROUNDS,
) -> Figure:
    """Medians of interleaved rounds in milliseconds; each callable runs one round and returns its seconds."""
    measured(), floor()
    values, floors = [], []
    for _ in range(rounds):
        values.append(measured())
        floors.append(floor())
    value, bottom = median(values) * 1000, median(floors) * 1000
    return Figure(name, round(value, 3), "ms", round(bottom, 3), round(value / bottom, 2), goal)


def timed(act: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = perf_counter()
    act()
    return perf_counter() - start


@contextmanager
def scratch_database() -> Iterator[None]:
    """An empty migrated database on the same server, read and written as the application role, dropped afterwards."""
    name = connection.settings_dict["NAME"]
    application = database_of(settings.DATABASE_URL)
    with become_owner():
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        scratch = connection.settings_dict["NAME"]
        try:
            become(application["USER"], application["PASSWORD"])
            yield
        finally:
            become(settings.DATABASE_OWNER["USER"], settings.DATABASE_OWNER["PASSWORD"])
            connection.settings_dict["NAME"] = scratch
            connection.creation.destroy_test_db(name, verbosity=0)


@contextmanager
def as_owner() -> Iterator[None]:
    """The floor's connection: the tables' owner, whom no wall slows down."""
    with become_owner():
        yield
