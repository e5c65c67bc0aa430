"""Real Celery workers with beat, as processes of their own, on the test's database and Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import redis
from django.conf import settings
from django.db import connection


def environment() -> dict[str, str]:
    """What a worker needs to work on the database that this test runs on, as the application role."""
    parts = urlsplit(settings.DATABASE_URL)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cseccase.settings.demo",
        "DATABASE_URL": urlunsplit(parts._replace(path="/" + connection.settings_dict["NAME"])),
        "REDIS_URL": settings.REDIS_URL,
        "SWEEP_SECONDS": "0.5",
    }


class Worker:
    """One worker with its beat, in a process group of its own."""

    def __init__(self, folder: Path, **environs: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "cseccase", "worker", "--beat", "--concurrency", "1"),
                *(
                    "--schedule",
                    str(folder / "beat"),
                    "--loglevel",
                    "warning",
                    "--without-gossip",
                    "--without-mingle",
                ),
            ],
            env={**environment(), **environs},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("ab"),
        )

    def kill(self) -> None:
        """SIGKILL to worker, child and beat at once: nothing gets a chance to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=10)
        if self.process.poll() is None:
            self.kill()


@contextmanager
def worker_running(folder: Path, **environs: str) -> Iterator[Worker]:
    worker = Worker(folder, **environs)
    try:
        yield worker
    finally:
        worker.stop()


@contextmanager
def watch_running(folder: Path, **environs: str) -> Iterator[subprocess.Popen[bytes]]:
    """The loop `manage.py watch`, sweeping twice a second and reconciling each second."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "watch.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "django", "watch"),
                *("--every", "0.5", "--reconcile-every", "1"),
            ],
            env={**environment(), **environs},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(timeout=10)


def broker_flush() -> None:
    """Redis forgets everything."""
    address = settings.REDIS_URL
    if address.startswith("redis+socket://"):
        client = redis.Redis(unix_socket_path=address.removeprefix("redis+socket://").split("?")[0])
    else:
        client = redis.Redis.from_url(address)
    client.flushall()
    client.close()


def eventually(true: Callable[[], bool], *, seconds: float = 60, what: str = "it") -> None:
    """Waits until something has become true. Raises AssertionError with its name when it did not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.2)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} s")
