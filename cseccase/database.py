"""Two database roles: the owner changes tables, the application reads and writes rows behind the walls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.db import connection


def database_of(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name` or `…@/name?host=/socket/folder`.

    Raises ValueError when the address is not PostgreSQL's or names no database.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("The database address must begin with postgresql://")
    name = parts.path.lstrip("/")
    if not name:
        raise ValueError("The database address names no database.")
    query = parse_qs(parts.query)
    options = {key: values[-1] for key, values in query.items() if key not in {"host", "port"}}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[-1],
        "PORT": str(query.get("port", [parts.port or ""])[-1]),
        "OPTIONS": options,
    }


def become(user: str, password: str) -> None:
    """Reconnects the default connection as another role; the database stays the same."""
    if connection.settings_dict["USER"] == user:
        return
    connection.close()
    connection.settings_dict.update(USER=user, PASSWORD=password)


@contextmanager
def become_owner() -> Iterator[None]:
    """The tables' owner, for the length of a migration."""
    before = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    owner = settings.DATABASE_OWNER
    become(owner["USER"], owner["PASSWORD"])
    try:
        yield
    finally:
        become(*before)


def database_now() -> datetime:
    """The present moment by the database's clock, which alone decides what is due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
