"""PostgreSQL and Valkey of the storm's own, with the settings of an installation, so that they may be killed too."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import redis
from django.db import connections

from cseccase.database import database_of
from cseccase.embedded.folders import DataFolder
from cseccase.embedded.postgres import EmbeddedPostgres, find_binaries
from cseccase.embedded.roles import APP, OWNER, ensure_roles
from cseccase.embedded.valkey import EmbeddedValkey

KEPT = ("django_content_type", "django_migrations", "auth_permission")
EMPTY, STORM = "test_storm_empty", "test_storm"
SETTINGS = ("ALTER SYSTEM SET track_commit_timestamp = on", "ALTER SYSTEM SET fsync = off")
"""The checker asks when a transaction was committed, whatever moment it wrote down. The machine itself does not fail in
a storm, only processes do, so nothing need reach the disk; a commit is waited for as in an installation."""


@dataclass
class Servers:
    """The two servers of one storm. Whoever works on them finds them in `environment`."""

    folder: Path
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey

    @classmethod
    def of(cls, folder: Path) -> Servers:
        data = DataFolder(folder)
        return cls(folder, EmbeddedPostgres(data), EmbeddedValkey(data))

    def environment(self) -> dict[str, str]:
        """What a process needs to work on the storm's database, as the application."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "cseccase.settings.demo",
            "DATABASE_URL": self.postgres.url(user=APP, database=STORM),
            "DATABASE_OWNER_URL": self.postgres.url(user=OWNER, database=STORM),
            "REDIS_URL": self.valkey.url,
            "SWEEP_SECONDS": "0.3",
        }

    def prepare(self, migrated: str) -> None:
        """Both servers run, with a copy of an empty database that is migrated already (its owner's address)."""
        self.postgres.start()
        self.valkey.start()
        ensure_roles(self.postgres.url(), passwords=None, database=EMPTY)
        self.administer(*SETTINGS)
        self.postgres_restart()
        programs, copy = find_binaries(), self.folder / "empty.sql"
        dump = [programs / "pg_dump", "--dbname", migrated, "--file", copy]
        into = [
            programs / "psql",
            "--quiet",
            "--no-psqlrc",
            "--set",
            "ON_ERROR_STOP=1",
            "--output",
            os.devnull,
        ]
        into += ["--dbname", self.postgres.url(database=EMPTY), "--file", copy]
        for part in (["--schema-only"], ["--data-only", *(f"--table={name}" for name in KEPT)]):
            subprocess.run([*dump, *part], check=True)
            subprocess.run(into, check=True)

    def administer(self, *statements: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs these as the server's administrator, each on its own; the rows of the last one."""
        admin = psycopg2.connect(self.postgres.url(database=database))
        admin.autocommit = True
        try:
            with admin.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            admin.close()

    def database_afresh(self) -> None:
        self.administer(
            f"DROP DATABASE IF EXISTS {STORM} WITH (FORCE)", f"CREATE DATABASE {STORM} TEMPLATE {EMPTY}"
        )

    def backends_terminate(self, share: float) -> int:
        """The database ends this share of the sessions in it, whatever they do just now."""
        return len(
            self.administer(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                f"WHERE datname = '{STORM}' AND pid <> pg_backend_pid() AND random() < {share}"
            )
        )

    def postgres_restart(self) -> None:
        """Immediate mode: every process of the server ends without tidying up, and the next start recovers."""
        child = self.postgres.child
        assert child is not None
        child.process.send_signal(signal.SIGQUIT)
        child.process.wait(timeout=30)
        self.postgres.start()

    def queue_drop(self, seconds: float) -> None:
        """The queue is killed and stays away for a while."""
        child = self.valkey.child
        assert child is not None
        child.process.kill()
        child.process.wait(timeout=10)
        time.sleep(seconds)
        self.valkey.start()

    def queue_flush(self) -> None:
        client = redis.Redis(unix_socket_path=str(self.valkey.socket))
        with suppress(redis.ConnectionError):
            client.flushall()
        client.close()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """This process works on the storm's database, as the application."""
        connections.close_all()
        settings = connections["default"].settings_dict
        before = dict(settings)
        settings.update(database_of(self.postgres.url(user=APP, database=STORM)))
        try:
            yield
        finally:
            connections.close_all()
            settings.clear()
            settings.update(before)

    def end(self) -> None:
        self.valkey.stop()
        self.postgres.stop()
        self.postgres.destroy()
