"""Throw-away PostgreSQL and Valkey for one test run, started before pytest-django reads the settings.

Loaded by `-p tests.services_plugin` in `pyproject.toml`, so that plain `pytest` works as `manage.py test`.
With `DATABASE_URL` (an administrator's, or both roles' addresses) and `REDIS_URL`, those servers are used.
Under pytest-xdist the controller starts the servers and its workers inherit the addresses.

Marker `proof(name)`: a long proof; left out unless `PROOF` names it (`manage.py test --proof NAME [--full]`).
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cseccase.embedded.bootstrap import find_browser
from cseccase.embedded.folders import DataFolder
from cseccase.embedded.refusals import StartRefused
from cseccase.embedded.servers import servers_thrown_away

REPOSITORY = Path(__file__).resolve().parent.parent
PREFIX = "cseccase-test-"
LOOKING_ONLY = frozenset({"--help", "-h", "--version", "-V", "--markers", "--fixtures"})
COUNTS: dict[str, int] = {}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    os.environ.setdefault(
        "DJANGO_ALLOW_ASYNC_UNSAFE", "1"
    )  # the browser's driver runs an event loop beside us
    if browser := find_browser():
        os.environ.setdefault("CSECCASE_CHROMIUM", browser)
    if "PYTEST_XDIST_WORKER" not in os.environ and not LOOKING_ONLY & set(args):
        _servers_start()
    return (yield)


def _servers_start() -> None:
    signal.signal(signal.SIGTERM, _interrupt)
    _leftovers_remove()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    at_end = ExitStack()
    atexit.register(at_end.close)
    lock = at_end.enter_context((folder / "lock").open("w"))
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        at_end.enter_context(servers_thrown_away(folder, remembered=DataFolder.of(REPOSITORY)))
    except StartRefused as refused:
        raise pytest.UsageError(str(refused)) from refused


def _interrupt(number: int, frame: object) -> None:
    """A termination signal ends the run as Ctrl-C does, with everything put away."""
    raise KeyboardInterrupt


def _leftovers_remove() -> None:
    """Folders of runs that were killed outright: nobody holds their lock any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        lock = folder / "lock"
        if folder.stat().st_uid != os.geteuid() or not lock.exists():
            continue
        with lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(folder, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "proof(name): a long proof, run by `manage.py test --proof NAME [--full]`"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Ordinary runs leave the proofs out; a proof runs alone."""
    wanted = os.environ.get("PROOF", "")
    names = {item: _proof_of(item) for item in items}
    kept = [item for item in items if names[item] == wanted]
    known = sorted({name for name in names.values() if name})
    if wanted and not kept and "PYTEST_XDIST_WORKER" not in os.environ:
        raise pytest.UsageError(f"There is no proof named {wanted!r}. Known: {', '.join(known) or 'none'}")
    left_out = [item for item in items if names[item] != wanted]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _proof_of(item: pytest.Item) -> str:
    marker = item.get_closest_marker("proof")
    return str(marker.args[0]) if marker else ""


@pytest.fixture
def proof_is_full() -> bool:
    """Whether the proof runs at full length (`--full`) or in the short form of every change."""
    return os.environ.get("PROOF_FULL") == "1"


@pytest.fixture
def proof_says(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """A line on the terminal while a long proof runs."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def say(words: str) -> None:
        with capture.global_and_fixture_disabled():
            print(
                f"{datetime.now(UTC):%H:%M:%S} UTC {words}", file=sys.__stderr__, flush=True
            )  # heard from workers too

    return say


@pytest.fixture
def proof_counts(request: pytest.FixtureRequest) -> Iterator[dict[str, int]]:
    """What a proof counted; shown in the last lines of the run."""
    counts: dict[str, int] = {}
    yield counts
    request.node.user_properties += [(f"proof:{name}", number) for name, number in counts.items()]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "teardown":
        for name, number in report.user_properties:
            if name.startswith("proof:"):
                COUNTS[name] = COUNTS.get(name, 0) + int(str(number))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if COUNTS:
        counted = " ".join(f"{name.removeprefix('proof:')}={number}" for name, number in COUNTS.items())
        terminalreporter.write_line(f"PROOF {os.environ.get('PROOF', '')}: {counted}")
