"""Every database test runs as the application role, behind the walls; only making and emptying the database is the owner's."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright

from agencies.services import session
from cseccase import clock
from cseccase.database import become, become_owner, database_of
from reporting.practice.county import PracticeCounty, county_set_up
from reporting.practice.story import story_tell

hypothesis_settings.register_profile("house", hypothesis_settings.default, deadline=None)
hypothesis_settings.load_profile("house")
"""How long an example takes is a matter of the machine, which may be busy."""


def _only_test_databases(sender: Any, connection: Any, **kwargs: Any) -> None:
    name = connection.settings_dict["NAME"]
    assert connection.alias == "__no_db__" or name.startswith("test_") or name == "postgres", (
        f"not a test database: {name}"
    )


KEPT = ("django_content_type", "django_migrations", "auth_permission")


def _tables_emptied() -> None:
    """Empties the tables that hold something. Walls stay where they stand: putting all of them up anew takes seconds."""
    tables = [name for name in connection.introspection.django_table_names() if name not in KEPT]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables
            )  # names of our own tables
        )
        filled = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
        if not filled:
            return
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'refuse_truncate'")
        guarded = [name for (name,) in cursor.fetchall()]
        guards = "; ".join(f"ALTER TABLE {name} {{0}} TRIGGER refuse_truncate" for name in guarded)
        cursor.execute(guards.format("DISABLE"))
        cursor.execute(f"TRUNCATE {filled} CASCADE")
        cursor.execute(guards.format("ENABLE"))


@pytest.fixture(scope="session", autouse=True)
def tidied_seldom() -> None:
    """What was imported stays: looking through it for garbage again and again took a quarter of every request's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django made and migrated the database as its owner; from here on we are the application."""
    connection_created.connect(_only_test_databases)
    application = database_of(settings.DATABASE_URL)
    settings.DATABASE_APP_ROLE = application["USER"]
    flush = TransactionTestCase._fixture_teardown

    def flush_as_owner(self: TransactionTestCase) -> None:
        with become_owner():
            _tables_emptied()

    TransactionTestCase._fixture_teardown = flush_as_owner
    with django_db_blocker.unblock():
        become(application["USER"], application["PASSWORD"])
    yield
    TransactionTestCase._fixture_teardown = flush
    with django_db_blocker.unblock():
        become(settings.DATABASE_OWNER["USER"], settings.DATABASE_OWNER["PASSWORD"])
    connection.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module; each test opens windows of its own in it.

    Its driver runs an event loop in this thread, beside which Django keeps connections of its own: closed here.
    The loop ends with the module, because a second driver in the same thread refuses to start beside it.
    """
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=os.environ.get("CSECCASE_CHROMIUM", "/usr/bin/chromium"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
            ],
        )
        yield chromium
        chromium.close()
        connections.close_all()


@pytest.fixture(autouse=True)
def steady_session(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever counts what a page costs counts the page: a session notes every ten seconds that somebody is there."""
    if "cost" in request.node.name:
        monkeypatch.setattr(session, "SEEN_EVERY", timedelta(days=1))


@pytest.fixture(scope="session")
def practice_made(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, PracticeCounty]]:
    """The practice county in a database of its own, told once for all tests of a process, and that database's name."""
    with django_db_blocker.unblock(), _copied("practice") as own:
        with _database(own):
            county = county_set_up(now=clock.now())
            story_tell(county)
        yield own, county


@pytest.fixture(scope="module")
def practice(practice_made: tuple[str, PracticeCounty], django_db_blocker: Any) -> Iterator[PracticeCounty]:
    """The tests of this module stand in the practice county; each test's own transaction takes its changes back."""
    name, county = practice_made
    with django_db_blocker.unblock(), _database(name):
        yield deepcopy(county)


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """An empty database for this one test, for what leaves tables and indexes behind."""
    with django_db_blocker.unblock(), _copied("own") as name, _database(name):
        yield


@contextmanager
def _copied(suffix: str) -> Iterator[str]:
    """A copy of the empty test database, by its name."""
    tests, own = connection.settings_dict["NAME"], f"{connection.settings_dict['NAME']}_{suffix}"
    connections.close_all()
    _sessions_end(tests)
    _as_administrator(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
    _as_administrator(f'CREATE DATABASE "{own}" TEMPLATE "{tests}"')
    try:
        yield own
    finally:
        _as_administrator(f'DROP DATABASE "{own}" WITH (FORCE)')


def _sessions_end(database: str) -> None:
    """Nobody may be in a database while it is copied; each role may end its own sessions only, and waits for their end."""
    ended = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        f"WHERE datname = '{database}' AND usename = current_user AND pid <> pg_backend_pid()"
    )
    with connection._nodb_cursor() as cursor:
        cursor.execute(ended)
    _as_administrator(ended)


@contextmanager
def _database(name: str) -> Iterator[None]:
    """The default connection in another database of the same server."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _as_administrator(statement: str) -> None:
    with become_owner(), connection._nodb_cursor() as cursor:
        cursor.execute(statement)
