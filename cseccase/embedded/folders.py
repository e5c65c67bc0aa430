"""Where one installation keeps its database, its queue, its secrets and its logs."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cseccase.embedded.refusals import StartRefused

# A Unix socket's address holds 107 bytes; PostgreSQL's socket has the longest name in the folder.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")


class FolderRefused(StartRefused):
    """A folder that must be ours alone belongs to somebody else."""


@dataclass(frozen=True)
class DataFolder:
    """The folder of one installation: `var/` in the repository, or the one `CSECCASE_DATA` names."""

    path: Path

    @classmethod
    def of(cls, repository: Path) -> DataFolder:
        named = os.environ.get("CSECCASE_DATA")
        return cls(Path(named).expanduser().absolute() if named else repository / "var")

    @property
    def logs(self) -> Path:
        return private_folder(self.path / "log")

    @property
    def secrets(self) -> Path:
        return private_folder(self.path / "secrets")

    @property
    def sockets(self) -> Path:
        """A 0700 folder short enough for sockets: in the data, else under /tmp by a hash of the long path."""
        near = private_folder(self.path) / "run"
        if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER:
            return private_folder(near)
        digest = hashlib.sha256(os.fsencode(self.path.resolve())).hexdigest()[:16]
        return private_folder(Path("/tmp") / f"cseccase-{os.geteuid()}-{digest}")


def private_folder(path: Path) -> Path:
    """Makes the folder with mode 0700; refuses one that is a link or belongs to another user."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise FolderRefused(f"{path} is not a folder of the user who runs this command; choose another.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)
    return path


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner reads, never visible half-written."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
