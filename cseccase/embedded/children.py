"""Processes that live and die with the one that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cseccase.embedded.refusals import StartRefused

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534
LARGEST_LOG = 10_000_000  # bytes; an older log keeps the name `.log.1`

if sys.platform == "linux":
    _libc = ctypes.CDLL(None, use_errno=True)


class ChildFailed(StartRefused):
    """A server did not start, or stopped by itself; the message names its log."""


@dataclass
class Child:
    """One running program, the signal that asks it to stop, and how long it may take (seconds)."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    patience: float
    log: Path

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.running:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Asks, waits, and after its patience kills the program with its whole session."""
        self.ask_to_stop()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self, lines: int = 12) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def child_start(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    patience: float = 10,
    env: dict[str, str] | None = None,
    as_nobody: Callable[[], dict[str, Any]] | None = None,
    user_namespace: bool = False,
) -> Child:
    """Starts a program in a session of its own, so that a terminal's Ctrl-C reaches only its parent.

    Must be called from the main thread: Linux sends the death signal when the starting *thread* ends.
    """
    parent = os.getpid()

    def prepare() -> None:
        if user_namespace:
            enter_user_namespace()
        if sys.platform == "linux":  # after the namespace: a change of credentials clears the death signal
            _libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))
            if os.getppid() not in {parent, 0}:
                os._exit(1)

    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=prepare,
            env=env,
            **(as_nobody() if as_nobody else {}),
        )
    return Child(name, process, stop_signal, patience, log)


def enter_user_namespace() -> None:
    """Root becomes nobody in a namespace of its own; outside, its files stay root's.

    Raises OSError where the system refuses namespaces.
    """
    if _libc.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "user namespaces are refused here")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1")


def user_namespaces_work() -> bool:
    """Whether `enter_user_namespace` would succeed, tried in a child that ends at once."""
    if sys.platform != "linux":
        return False
    child = os.fork()
    if child == 0:
        try:
            enter_user_namespace()
            os._exit(0)
        finally:  # whatever happens, the copy of this process ends here
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0
