"""Every database test runs as the application role, behind the walls; only making and emptying the database is the owner's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase

from cseccase.database import become, become_owner, database_of


def _only_test_databases(sender: Any, connection: Any, **kwargs: Any) -> None:
    name = connection.settings_dict["NAME"]
    assert connection.alias == "__no_db__" or name.startswith("test_") or name == "postgres", (
        f"not a test database: {name}"
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django made and migrated the database as its owner; from here on we are the application."""
    connection_created.connect(_only_test_databases)
    application = database_of(settings.DATABASE_URL)
    settings.DATABASE_APP_ROLE = application["USER"]
    flush = TransactionTestCase._fixture_teardown

    def flush_as_owner(self: TransactionTestCase) -> None:
        with become_owner():
            flush(self)

    TransactionTestCase._fixture_teardown = flush_as_owner
    with django_db_blocker.unblock():
        become(application["USER"], application["PASSWORD"])
    yield
    TransactionTestCase._fixture_teardown = flush
    with django_db_blocker.unblock():
        become(settings.DATABASE_OWNER["USER"], settings.DATABASE_OWNER["PASSWORD"])
    connection.close()
