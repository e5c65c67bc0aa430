"""The whole product in the foreground: servers, tables, demo people, web, worker, clock, watchman; Ctrl-C stops it."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from celery import Celery

from cseccase.embedded import programs
from cseccase.embedded.children import Child, ChildFailed, child_start
from cseccase.embedded.deployment import secret_given
from cseccase.embedded.folders import DataFolder, write_private
from cseccase.embedded.refusals import StartRefused
from cseccase.embedded.servers import EmbeddedServers, servers_held

READY_WITHIN = 60.0  # seconds
PATIENCE = 35.0  # seconds: a worker finishes the task in its hands
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})


class PortTaken(StartRefused):
    """Something else listens where the web server should."""


class StepFailed(StartRefused):
    """A step before the start (migrations, demo people) failed; its own words were shown."""


class StopAsked(Exception):
    """Somebody pressed Ctrl-C, closed the terminal or sent a termination signal."""


@dataclass(frozen=True)
class Place:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def bind(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def near_host(self) -> str:
        """The host under which this machine itself reaches the server."""
        return "127.0.0.1" if self.host in EVERYWHERE else self.host

    @property
    def address(self) -> str:
        near = Place(self.near_host, self.port)
        return f"http://{near.bind}/"


@dataclass
class Supervisor:
    """One run of the product on this machine."""

    repository: Path
    data: DataFolder
    place: Place
    demo: bool = True
    children: list[Child] = field(default_factory=list)

    def run(self) -> int:
        """Returns 0 after a clean stop; whatever hinders the start is raised as a StartRefused."""
        with _stop_signals():
            try:
                port_check(self.place)
                with servers_held(self.data) as servers:
                    self._run_with(servers)
            except StopAsked:
                _say("Stopped. Everything is kept.")
        return 0

    def _run_with(self, servers: EmbeddedServers) -> None:
        os.environ["SECRET_KEY"] = os.environ.get("SECRET_KEY") or secret_key(self.data)
        _say("Database and queue answer. Bringing the tables up to date.")
        self._step("migrate", "--verbosity", "0")
        try:
            self._start_programs()  # they come up while the practice county is made
            if self.demo:
                _say(
                    "Filling an empty database with the made-up practice county (leave it out with --no-demo)."
                )
                self._step("demo", "--if-empty")
            self._wait_until_served(servers)
            self._say_ready(servers)
            self._watch(servers)
        finally:
            _say("Stopping.")
            for child in self.children:
                child.ask_to_stop()
            for child in self.children:
                child.stop()

    def _step(self, *words: str) -> None:
        step = subprocess.Popen(programs.manage(self.repository, *words), start_new_session=True)
        try:
            if step.wait():
                raise StepFailed(f"`manage.py {' '.join(words)}` failed; its own words stand above.")
        except BaseException:
            step.terminate()
            step.wait()
            raise

    def _start_programs(self) -> None:
        commands = {
            "web": programs.web(self.place.bind),
            "worker": programs.worker(),
            "beat": programs.beat(self.data.path / "celerybeat-schedule"),
            "watch": programs.watch(),
        }
        for name, command in commands.items():
            log = self.data.logs / f"{name}.log"
            self.children.append(child_start(name, command, log=log, patience=PATIENCE))

    def _wait_until_served(self, servers: EmbeddedServers) -> None:
        until = time.monotonic() + READY_WITHIN
        while not (answers(self.place) and a_worker_answers(secret_given("REDIS_URL"))):
            self._refuse_the_fallen(servers)
            if time.monotonic() > until:
                logs = "\n".join(f"{child.log} ends:\n{child.last_words()}" for child in self.children)
                raise ChildFailed(f"The product was not ready in {READY_WITHIN:.0f} seconds. {logs}")
            time.sleep(0.1)

    def _watch(self, servers: EmbeddedServers) -> None:
        while True:
            self._refuse_the_fallen(servers)
            time.sleep(0.5)

    def _refuse_the_fallen(self, servers: EmbeddedServers) -> None:
        for child in [*servers.children, *self.children]:
            if not child.running:
                raise ChildFailed(f"{child.name} stopped by itself. {child.log} ends:\n{child.last_words()}")

    def _say_ready(self, servers: EmbeddedServers) -> None:
        _say(f"\nREADY  {self.place.address}")
        if os.environ.get("DJANGO_SETTINGS_MODULE") == "cseccase.settings.demo":
            _say(
                "Practice county: made-up people. Open the address and pick a person; no password is needed."
            )
        _say(f"Data and logs: {self.data.path}    Stop: Ctrl-C")
        if servers.postgres and servers.postgres.home != self.data.path:
            _say(f"Database: {servers.postgres.home} (root may not run it among its own files here)")


def port_check(place: Place) -> None:
    """Raises PortTaken when the place cannot be listened on."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as refused:
            raise PortTaken(
                f"Port {place.port} on {place.host} cannot be used ({refused.strerror}). "
                f"Stop what listens there, or choose another: python3 manage.py up --port {place.port + 1}"
            ) from refused


def answers(place: Place, *, named: str | None = None) -> bool:
    """Whether `/healthz` says that the product works; `named` is the host name the server goes by."""
    connection = http.client.HTTPConnection(place.near_host, place.port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": named} if named else {})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def a_worker_answers(broker: str, *, name: str | None = None) -> bool:
    """Whether a worker (or just the one of this name) listens to the queue."""
    with Celery(broker=broker) as asking:
        return bool(asking.control.ping(destination=[name] if name else None, timeout=0.5 if not name else 5))


def secret_key(data: DataFolder) -> str:
    """This installation's own signing key, made at the first start and kept with the data."""
    file = data.secrets / "secret_key"
    if not file.exists():
        write_private(file, secrets.token_urlsafe(64) + "\n")
    return file.read_text().strip()


@contextmanager
def _stop_signals() -> Iterator[None]:
    """Ctrl-C, a closed terminal and a termination signal all end the run the same way, once."""
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: object) -> None:
        for each in asked:
            signal.signal(each, signal.SIG_IGN)
        raise StopAsked

    before = {each: signal.signal(each, stop) for each in asked}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _say(words: str) -> None:
    """To the person at the terminal; a terminal that was closed does not hinder a clean stop."""
    with suppress(OSError):
        print(words, flush=True)
