"""The two database roles: an owner who changes tables, and the application, which only reads and writes rows.

Neither is a superuser and neither may step over row-level security. The web and the workers hold the
application's address alone; migrations hold the owner's.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
import psycopg2.errors
from psycopg2 import sql

from cseccase.embedded.folders import write_private
from cseccase.embedded.refusals import StartRefused

OWNER = "cseccase_owner"
APP = "cseccase_app"
DATABASE = "cseccase"
ROLES_LOCK = 0x5EC7  # two starts at once take turns


class RoleUrls(NamedTuple):
    """The owner's and the application's address of one database."""

    owner: str
    app: str


class RolesRefused(StartRefused):
    """The server's roles are not what the product may run with; the message says how to mend it."""


class Passwords(Protocol):
    """Where the two roles' passwords are remembered."""

    def remembered(self, role: str) -> str | None: ...
    def remember(self, role: str, password: str) -> None: ...


class PasswordFiles:
    """One file a role in a private folder, readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _file(self, role: str) -> Path:
        return self.folder / f"{role}.password"

    def remembered(self, role: str) -> str | None:
        return self._file(role).read_text().strip() if self._file(role).exists() else None

    def remember(self, role: str, password: str) -> None:
        write_private(self._file(role), password + "\n")


def ensure_roles(admin_url: str, *, passwords: Passwords | None, database: str = DATABASE) -> RoleUrls:
    """Makes the two roles and their database where they are missing, and returns the two addresses.

    Harmless when repeated. `passwords=None` is for a server that trusts its socket. Raises RolesRefused when
    a role exists whose password nobody remembers, or one that could step over the walls.
    """
    chosen: dict[str, str] = {}
    with _Admin(admin_url) as admin:
        admin.run("SELECT pg_advisory_lock(%s)", [ROLES_LOCK])
        for role, createdb in ((OWNER, True), (APP, False)):
            chosen[role] = _role_ensure(admin, role, createdb=createdb, passwords=passwords)
        if not admin.one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            admin.run(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
        if not admin.one("SELECT 1 FROM pg_database WHERE datname = %s", [database]):
            admin.run(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(database), sql.Identifier(OWNER)
                )
            )
    urls = RoleUrls(*(role_url(admin_url, role, chosen[role], database) for role in (OWNER, APP)))
    _database_close(role_url(admin_url, None, None, database), database)
    return urls


def role_url(url: str, role: str | None, password: str | None, database: str) -> str:
    """The same server's address for another role (None keeps the administrator) and another database."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    who = parts.netloc.rpartition("@")[0]
    if role is not None:
        who = quote(role, safe="") + (f":{quote(password, safe='')}" if password else "")
    netloc = f"{who}@{place}" if who else place
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{quote(database, safe='')}"))


class _Admin:
    """An administrator's connection, each statement on its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> _Admin:
        self.connection = psycopg2.connect(self.url)
        self.connection.autocommit = True
        return self

    def __exit__(self, *raised: object) -> None:
        self.connection.close()

    def run(self, statement: str | sql.Composable, values: list[object] | None = None) -> None:
        with self.connection.cursor() as cursor:
            try:
                cursor.execute(statement, values)
            except psycopg2.errors.InsufficientPrivilege as refused:
                raise RolesRefused(
                    f"The user of DATABASE_URL may not make the two roles ({refused.diag.message_primary}). "
                    f"Give the address of an administrator of the server, or both DATABASE_URL (for {APP}) "
                    f"and DATABASE_OWNER_URL (for {OWNER})."
                ) from refused

    def one(self, statement: str, values: list[object] | None = None) -> object:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone()
        return row[0] if row else None


def _role_ensure(admin: _Admin, role: str, *, createdb: bool, passwords: Passwords | None) -> str:
    password = (passwords.remembered(role) if passwords else None) or ""
    name = sql.Identifier(role)
    if not admin.one("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]):
        words = sql.SQL("CREATE ROLE {} LOGIN").format(name)
        if passwords:
            password = password or secrets.token_urlsafe(32)
            passwords.remember(role, password)  # before the role is made: a crash between locks nobody out
            words += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
        admin.run(words)
    elif passwords and not password:
        raise RolesRefused(
            f"The role {role} is on this server already, and this installation does not know its password. "
            f"Give both addresses yourself (DATABASE_URL for {APP}, DATABASE_OWNER_URL for {OWNER}), "
            f"or, if nothing else uses these roles, drop them and start again."
        )
    if admin.one("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role]):
        raise RolesRefused(
            f"The role {role} could step over the walls between the agencies. An administrator runs: "
            f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS"
        )
    if bool(admin.one("SELECT rolcreatedb FROM pg_roles WHERE rolname = %s", [role])) is not createdb:
        admin.run(sql.SQL("ALTER ROLE {} {}").format(name, sql.SQL("CREATEDB" if createdb else "NOCREATEDB")))
    return password


def _database_close(url: str, database: str) -> None:
    """Only the two roles enter the database, and only the owner makes anything in it."""
    owner, app, name = sql.Identifier(OWNER), sql.Identifier(APP), sql.Identifier(database)
    with _Admin(url) as admin:
        for statement in (
            sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC"),
            sql.SQL("GRANT CONNECT ON DATABASE {name} TO {app}"),
            sql.SQL("GRANT ALL ON DATABASE {name} TO {owner}"),
            sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
            sql.SQL("GRANT ALL ON SCHEMA public TO {owner}"),
            sql.SQL("REVOKE ALL ON SCHEMA public FROM {app}"),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {app}"),
        ):
            admin.run(statement.format(owner=owner, app=app, name=name))
