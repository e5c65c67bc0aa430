"""Whoever keeps the deadlines is killed, frozen and cut off while clocks start and stop: nothing is lost, nothing told twice.

The storm has a PostgreSQL and a Valkey of its own. The checker reads the database alone. 60 kills in every run;
`manage.py test --proof storm [--full]` for 2,000, and for a crash at every statement of every act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from cseccase.embedded.roles import role_url
from tests.proofs.storm import acts
from tests.proofs.storm.boundaries import ACTS, crash_everywhere
from tests.proofs.storm.servers import STORM, Servers
from tests.proofs.storm.weather import Act, storm

EACH = 16

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def servers_standing(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    servers = Servers.of(tmp_path_factory.mktemp("storm"))
    try:
        servers.prepare(role_url(settings.DATABASE_OWNER_URL, None, None, connection.settings_dict["NAME"]))
        yield servers
    finally:
        servers.end()


@pytest.fixture
def servers(servers_standing: Servers, django_db_blocker: Any) -> Iterator[Servers]:
    """The storm's servers with an empty database, which this process works on."""
    servers_standing.database_afresh()
    with django_db_blocker.unblock(), servers_standing.entered():
        yield servers_standing


def wrong(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: what[:5] for name, what in found.items() if what}


def test_killed_frozen_and_cut_off_nothing_is_lost_and_nothing_told_twice(
    servers: Servers, tmp_path: Path
) -> None:
    after = storm(servers, tmp_path, kills=60, seed=datetime.now(UTC).toordinal())
    assert wrong(after.wrong) == {}
    assert after.counted["kills"] >= 60
    assert after.counted["notices"] > 50
    assert after.counted["clocks started"] > 1
    assert after.counted["clocks stopped"] > 1


@pytest.mark.parametrize(
    ("taken", "expected", "mostly"),
    [
        ("unique constraint", "doubled", acts.glass_break),
        ("row lock", "after stop", acts.arrival_record),
        ("outbox", "without letter", None),
    ],
)
def test_the_storm_is_noticed_when_a_guard_is_taken_away(
    servers: Servers, tmp_path: Path, taken: str, expected: str, mostly: Act | None
) -> None:
    if taken == "unique constraint":
        servers.administer("ALTER TABLE agencies_notice DROP CONSTRAINT notice_exactly_once", database=STORM)
        taken = ""
    # It ends as soon as something is found: after some ten kills mostly, and late only on a day without luck.
    after = storm(servers, tmp_path, kills=1_000, seed=2, without=taken, expected=expected, mostly=mostly)
    assert after.wrong[expected]


def test_a_crash_between_any_two_statements_loses_and_doubles_nothing(
    servers: Servers, tmp_path: Path
) -> None:
    """Every sixteenth place, another sixteenth each day; all of them in the full proof."""
    dying = crash_everywhere(servers, tmp_path, step=EACH, offset=datetime.now(UTC).toordinal() % EACH)
    assert dying.wrong == {}
    assert set(dying.crashes) == set(ACTS)
    assert sum(dying.crashes.values()) > 8


@pytest.mark.proof("storm")
def test_a_crash_at_every_statement(
    servers: Servers,
    tmp_path: Path,
    proof_is_full: bool,
    proof_counts: dict[str, int],
    proof_says: Callable[[str], None],
) -> None:
    dying = crash_everywhere(servers, tmp_path, step=1 if proof_is_full else EACH, says=proof_says)
    proof_counts["crashes_at_statements"] = sum(dying.crashes.values())
    proof_counts["crashes_that_left_something"] = len(dying.wrong)
    assert dying.wrong == {}


@pytest.mark.proof("storm")
def test_a_long_storm(
    servers: Servers,
    tmp_path: Path,
    proof_is_full: bool,
    proof_counts: dict[str, int],
    proof_says: Callable[[str], None],
) -> None:
    after = storm(servers, tmp_path, kills=2000 if proof_is_full else 200, seed=11, says=proof_says)
    proof_counts.update({name.replace(" ", "_"): count for name, count in sorted(after.counted.items())})
    proof_counts.update({name.replace(" ", "_"): len(what) for name, what in after.wrong.items()})
    assert wrong(after.wrong) == {}
