"""Which database and which queue a command uses, and how several commands share the embedded ones.

`DATABASE_URL` and `REDIS_URL` name servers of your own. Where one is missing, the embedded server of the data
folder takes its place: a command that finds it running joins it; otherwise it starts it and stops it again.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from cseccase.embedded.children import Child
from cseccase.embedded.deployment import secret_given
from cseccase.embedded.folders import DataFolder, private_folder
from cseccase.embedded.postgres import EmbeddedPostgres
from cseccase.embedded.refusals import StartRefused
from cseccase.embedded.roles import APP, DATABASE, OWNER, PasswordFiles, RoleUrls, ensure_roles
from cseccase.embedded.valkey import EmbeddedValkey


class AlreadyRunning(StartRefused):
    """The product, or another command, holds the servers of this data folder."""


class OwnerMissing(StartRefused):
    """Only the application's address was given where tables must be changed."""


@dataclass
class EmbeddedServers:
    """The servers of one data folder that the environment does not name itself."""

    data: DataFolder
    throw_away: bool = False
    postgres: EmbeddedPostgres | None = field(init=False)
    valkey: EmbeddedValkey | None = field(init=False)

    def __post_init__(self) -> None:
        own_database, own_queue = secret_given("DATABASE_URL"), secret_given("REDIS_URL")
        self.postgres = None if own_database else EmbeddedPostgres(self.data, throw_away=self.throw_away)
        self.valkey = None if own_queue else EmbeddedValkey(self.data)

    @property
    def needed(self) -> bool:
        return self.postgres is not None or self.valkey is not None

    @property
    def children(self) -> list[Child]:
        return [server.child for server in (self.postgres, self.valkey) if server and server.child]

    def start(self) -> None:
        """Both servers answer and the two roles exist when this returns. Raises ChildFailed."""
        if self.postgres:
            self.postgres.start()
            ensure_roles(self.postgres.url(), passwords=None)
        if self.valkey:
            self.valkey.start()

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()

    def name_in_environment(self) -> None:
        """Tells this process and its children where the embedded servers are."""
        if self.postgres:
            os.environ["DATABASE_URL"] = self.postgres.url(user=APP, database=DATABASE)
            os.environ["DATABASE_OWNER_URL"] = self.postgres.url(user=OWNER, database=DATABASE)
        if self.valkey:
            os.environ["REDIS_URL"] = self.valkey.url


def own_server_roles(data: DataFolder, *, required: bool) -> None:
    """Makes the two addresses out of an administrator's, when `DATABASE_URL` is one and stands alone.

    `required` says that the command changes tables: then an application's address alone is refused
    (OwnerMissing). Otherwise an administrator's address is used only where this installation knows the roles.
    """
    url = secret_given("DATABASE_URL")
    if not url or secret_given("DATABASE_OWNER_URL"):
        return
    passwords = PasswordFiles(data.path / "secrets")
    administrators = unquote(urlsplit(url).username or "") != APP
    if required and not administrators:
        raise OwnerMissing(
            f"DATABASE_URL names the application's role {APP}, which may not change tables. "
            f"Give DATABASE_OWNER_URL too (the role {OWNER}), or an administrator's address as DATABASE_URL."
        )
    if administrators and (required or passwords.remembered(APP)):
        private_folder(data.path)
        urls: RoleUrls = ensure_roles(url, passwords=PasswordFiles(data.secrets))
        os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = urls.app, urls.owner
        os.environ.pop("DATABASE_URL_FILE", None)  # the administrator's; the settings would prefer it


@contextmanager
def servers_shared(data: DataFolder) -> Iterator[EmbeddedServers]:
    """For the length of one ordinary command: joins the running servers, or starts and stops them."""
    servers = EmbeddedServers(data)
    own_server_roles(data, required=False)
    if not servers.needed:
        yield servers
        return
    private_folder(data.path)
    with ExitStack() as at_end:
        users = at_end.enter_context(_lock_file(data, "users.lock"))
        holder = at_end.enter_context(_lock_file(data, "holder.lock"))
        with _turn(data):
            fcntl.flock(users, fcntl.LOCK_SH)  # waits for one that is stopping the servers just now
            if _lock(holder):
                fcntl.flock(users, fcntl.LOCK_UN)
                at_end.callback(_stop_after_others, servers, users)
                servers.start()
        servers.name_in_environment()
        yield servers


@contextmanager
def servers_held(data: DataFolder) -> Iterator[EmbeddedServers]:
    """For the whole product: the servers start now and stop at the end, whoever uses them.

    Raises AlreadyRunning when another command holds them.
    """
    servers = EmbeddedServers(data)
    own_server_roles(data, required=True)
    private_folder(data.path)
    with ExitStack() as at_end:
        holder = at_end.enter_context(_lock_file(data, "holder.lock"))
        with _turn(data):
            if not _lock(holder):
                raise AlreadyRunning(
                    f"The servers of {data.path} are in use: the product runs already, or another command "
                    f"does. Stop it first, or choose another folder with CSECCASE_DATA."
                )
            at_end.callback(servers.stop)
            servers.start()
        servers.name_in_environment()
        yield servers


@contextmanager
def servers_thrown_away(folder: Path, *, remembered: DataFolder) -> Iterator[EmbeddedServers]:
    """For one test run: fresh servers in a fresh folder, removed at the end with all they hold.

    With a server of your own, `remembered` keeps the two roles' passwords between runs.
    """
    servers = EmbeddedServers(DataFolder(folder), throw_away=True)
    own_server_roles(remembered, required=True)
    try:
        servers.start()
        servers.name_in_environment()
        yield servers
    finally:
        servers.stop()
        if servers.postgres:
            servers.postgres.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def _stop_after_others(servers: EmbeddedServers, users: IO[str]) -> None:
    """The one who started the servers leaves last."""
    if not _lock(users):
        print("Another command still uses the database; waiting for it.", file=sys.stderr, flush=True)
        fcntl.flock(users, fcntl.LOCK_EX)
    servers.stop()


@contextmanager
def _turn(data: DataFolder) -> Iterator[None]:
    """One command at a time decides whether the servers run; the kernel ends the turn of one that dies."""
    with _lock_file(data, "start.lock") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _lock_file(data: DataFolder, name: str) -> IO[str]:
    return (data.path / name).open("a")


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
