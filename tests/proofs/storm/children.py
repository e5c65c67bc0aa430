"""The nursery from outside: real processes are born in a moment, killed, frozen and buried."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.proofs.storm.servers import Servers


@dataclass
class Child:
    """One process of the storm, with the group it leads."""

    pid: int
    kind: str
    skew: float

    def signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def signal_one(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(self.pid, number)

    def started(self) -> list[int]:
        """Processes that this one started, as a worker's pool."""
        with suppress(OSError):
            return [
                int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            ]
        return []


@dataclass
class Nursery:
    """Bears and buries; everything it bore dies with it. Logs lie in its folder."""

    servers: Servers
    folder: Path
    without: str = ""
    process: subprocess.Popen[str] = field(init=False)
    _numbers: Iterator[int] = field(default_factory=count, init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.proofs.storm.nursery"],
            env={**self.servers.environment(), "STORM_POSTBOX": str(self.postbox)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._heard()

    @property
    def postbox(self) -> Path:
        """Where every message that was sent left its id."""
        return self.folder / "postbox"

    def _heard(self) -> dict[str, int]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the nursery is gone"
        heard: dict[str, int] = json.loads(line)
        return heard

    def _ask(self, **order: Any) -> dict[str, int]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self._heard()

    def bear(self, kind: str, *, skew: float = 0, slow: float = 0, **how: Any) -> Child:
        """A process of this kind, at work within moments."""
        name = f"{kind}{next(self._numbers)}"
        if kind in {"worker", "beat"}:
            how["name"] = name
        if kind == "beat":
            how["folder"] = str(self.folder)
        log = str(self.folder / f"{kind}.log")
        heard = self._ask(do="bear", kind=kind, log=log, skew=skew, slow=slow, without=self.without, **how)
        return Child(heard["pid"], kind, skew)

    def bury(self, child: Child) -> int:
        """Waits until it has ended. Minus the signal that killed it, or its exit code."""
        ended = self._ask(do="bury", pid=child.pid)["ended"]
        child.signal(signal.SIGKILL)  # whoever is left of its group
        return ended

    def kill(self, child: Child) -> None:
        """SIGKILL to the process and all it started: nothing gets a chance to tidy up."""
        child.signal(signal.SIGKILL)
        self.bury(child)

    def act(self, what: str, *, about: str = "", boundary: int = 0) -> list[str]:
        """One act in a process of its own. What came of it and how many statements it took; empty when it died."""
        answer = self.folder / "answer"
        answer.unlink(missing_ok=True)
        ended = self.bury(self.bear("act", what=what, about=about, boundary=boundary, answer=str(answer)))
        if boundary and ended == -signal.SIGKILL:
            return []
        assert ended == 0, (self.folder / "act.log").read_text()
        return answer.read_text().split()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)


@contextmanager
def nursery_open(servers: Servers, folder: Path, *, without: str = "") -> Iterator[Nursery]:
    nursery = Nursery(servers, folder, without)
    try:
        yield nursery
    finally:
        nursery.close()
