"""The command lines of the product's three programs, the same on a laptop and in a container."""

from __future__ import annotations

import os
import sys
from pathlib import Path

WEB_PROCESSES = 2
WEB_THREADS = 4  # a browser's idle extra connection must not hold a whole process
WORKER_PROCESSES = 2


def web(bind: str) -> list[str]:
    """The web server. No access log: addresses of pages stay out of files."""
    return [
        *_module("gunicorn", "cseccase.wsgi"),
        *("--bind", bind, "--no-control-socket", "--worker-tmp-dir", _memory_folder()),
        *("--worker-class", "gthread", "--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS)),
        *("--timeout", "60", "--graceful-timeout", "8", "--log-level", "warning"),
    ]


def worker() -> list[str]:
    """The Celery worker that sends notices and sweeps deadlines."""
    return [
        *_module("celery", "-A", "cseccase", "worker"),
        *("--loglevel", "WARNING", "--concurrency", str(WORKER_PROCESSES), "--max-tasks-per-child", "500"),
    ]


def beat(schedule: Path) -> list[str]:
    """The clock that wakes the workers; it alone writes its schedule file."""
    return [
        *_module("celery", "-A", "cseccase", "beat"),
        *("--loglevel", "WARNING", "--schedule", str(schedule), "--pidfile", ""),
    ]


def watch() -> list[str]:
    """The loop that keeps deadlines, relays messages and raises alarms without the queue."""
    return _module("django", "watch")


def manage(repository: Path, *words: str) -> list[str]:
    """A management command in a process of its own, without preparing the environment again."""
    return [sys.executable, str(repository / "manage.py"), *words]


def _module(name: str, *words: str) -> list[str]:
    return [sys.executable, "-m", name, *words]


def _memory_folder() -> str:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else "/tmp"
