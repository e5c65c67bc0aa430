from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import psycopg2.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cseccase.database import database_of
from cseccase.embedded.folders import DataFolder
from cseccase.embedded.postgres import EmbeddedPostgres
from cseccase.embedded.roles import (
    APP,
    OWNER,
    PasswordFiles,
    RolesRefused,
    RoleUrls,
    ensure_roles,
    role_url,
)
from tests.cseccase.embedded.statements import answer, execute

RIGHTS = """
SELECT (rolsuper, rolbypassrls, rolcreaterole, rolcreatedb)::text FROM pg_roles WHERE rolname = current_user
"""


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="cseccase-own-"))
    server = EmbeddedPostgres(DataFolder(folder), throw_away=True)
    server.start()
    yield server
    server.destroy()
    shutil.rmtree(folder)


@pytest.fixture
def postgres(server: EmbeddedPostgres) -> Iterator[EmbeddedPostgres]:
    """A server without our roles and database, before and after each test."""
    yield server
    with closing(psycopg2.connect(server.url())) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("DROP DATABASE IF EXISTS cseccase WITH (FORCE)")
        for role in (APP, OWNER, "clerk", "manager"):
            cursor.execute(f"DROP ROLE IF EXISTS {role}")


@pytest.fixture
def roles(postgres: EmbeddedPostgres) -> RoleUrls:
    return ensure_roles(postgres.url(), passwords=None)


def rights(url: str) -> object:
    return answer(url, RIGHTS)


def test_neither_role_can_step_over_the_walls(roles: RoleUrls) -> None:
    assert rights(roles.owner) == "(f,f,f,t)"  # only the test runner's databases need CREATEDB
    assert rights(roles.app) == "(f,f,f,f)"


def test_the_owner_makes_tables_and_the_application_cannot(roles: RoleUrls) -> None:
    execute(roles.owner, "CREATE TABLE ground (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        execute(roles.app, "CREATE TABLE hole (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        execute(roles.app, "CREATE TEMPORARY TABLE hole (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        execute(roles.app, "CREATE SCHEMA hole")


def test_the_application_reads_only_what_it_was_granted(roles: RoleUrls) -> None:
    execute(roles.owner, "CREATE TABLE ground (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        answer(roles.app, "SELECT count(*) FROM ground")
    execute(roles.owner, f"GRANT SELECT ON ground TO {APP}")
    assert answer(roles.app, "SELECT count(*) FROM ground") == 0


def test_the_application_cannot_become_the_owner(roles: RoleUrls) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        execute(roles.app, f"SET ROLE {OWNER}")


def test_the_owner_may_add_the_extensions_searching_needs(roles: RoleUrls) -> None:
    execute(roles.owner, "CREATE EXTENSION pg_trgm")
    assert answer(roles.owner, "SELECT similarity('abc', 'abc')") == 1


def test_making_the_roles_again_changes_nothing(postgres: EmbeddedPostgres, data: DataFolder) -> None:
    passwords = PasswordFiles(data.secrets)
    first = ensure_roles(postgres.url(), passwords=passwords)
    execute(first.owner, "CREATE TABLE kept AS SELECT 7 AS number")
    verifier = answer(postgres.url(), f"SELECT rolpassword FROM pg_authid WHERE rolname = '{APP}'")
    again = ensure_roles(postgres.url(), passwords=passwords)
    assert again == first
    assert answer(again.owner, "SELECT number FROM kept") == 7
    assert answer(postgres.url(), f"SELECT rolpassword FROM pg_authid WHERE rolname = '{APP}'") == verifier


def test_passwords_are_long_different_and_kept_for_their_owner_alone(
    postgres: EmbeddedPostgres, data: DataFolder
) -> None:
    urls = ensure_roles(postgres.url(), passwords=PasswordFiles(data.secrets))
    owner, app = (urlsplit(url).password or "" for url in urls)
    assert owner != app
    assert min(len(owner), len(app)) >= 40
    files = sorted(data.secrets.iterdir())
    assert [file.name for file in files] == [f"{APP}.password", f"{OWNER}.password"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_role_whose_password_nobody_remembers_is_left_alone(
    postgres: EmbeddedPostgres, data: DataFolder
) -> None:
    ensure_roles(postgres.url(), passwords=PasswordFiles(data.secrets))
    for file in data.secrets.iterdir():
        file.unlink()
    with pytest.raises(RolesRefused, match="DATABASE_OWNER_URL"):
        ensure_roles(postgres.url(), passwords=PasswordFiles(data.secrets))


@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS"])
def test_a_role_with_power_over_the_walls_is_refused(postgres: EmbeddedPostgres, power: str) -> None:
    execute(postgres.url(), f"CREATE ROLE {APP} LOGIN {power}")
    with pytest.raises(RolesRefused, match="NOSUPERUSER NOBYPASSRLS"):
        ensure_roles(postgres.url(), passwords=None)
    execute(postgres.url(), f"ALTER ROLE {APP} NOSUPERUSER NOBYPASSRLS")
    assert rights(ensure_roles(postgres.url(), passwords=None).app) == "(f,f,f,f)"


def test_an_address_without_an_administrators_rights_is_told_so(postgres: EmbeddedPostgres) -> None:
    execute(postgres.url(), "CREATE ROLE clerk LOGIN")
    with pytest.raises(RolesRefused, match="administrator"):
        ensure_roles(postgres.url(user="clerk"), passwords=None)


def test_an_administrator_without_superuser_rights_suffices(postgres: EmbeddedPostgres) -> None:
    execute(postgres.url(), "CREATE ROLE manager LOGIN CREATEROLE CREATEDB")
    urls = ensure_roles(postgres.url(user="manager"), passwords=None)
    execute(urls.owner, "CREATE TABLE ground (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        execute(urls.app, "CREATE TABLE hole (id int)")
    assert ensure_roles(postgres.url(user="manager"), passwords=None) == urls


@given(password=st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_password_and_place_survive_the_address(password: str) -> None:
    near = database_of(role_url("postgresql://admin@/postgres?host=/var/run/x", APP, password, "cseccase"))
    far = database_of(role_url("postgresql://admin:a%40b@db.example:6432/x", APP, password, "cseccase"))
    assert (near["USER"], near["PASSWORD"], near["HOST"], near["NAME"]) == (
        APP,
        password,
        "/var/run/x",
        "cseccase",
    )
    assert (far["PASSWORD"], far["HOST"], far["PORT"]) == (password, "db.example", "6432")
