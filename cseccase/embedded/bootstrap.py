"""From a bare machine to the inside of the virtual environment. Standard library only.

The parts of `requirements.lock` are installed apart: the product's own packages for every command, and the tools of
development and tests (after the line `DEVELOPMENT`) for the commands that need them. What stands after the line
`INSTALLER` fetches them in a tenth of pip's time; where it cannot (no build for this machine, an address that only pip
was told of), pip does it.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

DEVELOPMENT = "# Development and tests"
INSTALLER = "# Installer"
TOOLED_WORDS = frozenset({"test", "lint"})
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# Debian package -> the library in it that proves it is there.
PDF_LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
BROWSER_LIBRARIES = {"libatomic1": "libatomic.so.1"}


def enter(repository: Path, argv: list[str]) -> None:
    """Returns inside a complete virtual environment, or replaces this process by one that will.

    `CSECCASE_NO_BOOTSTRAP=1` says that the environment is already right (containers). Exits with one clear
    sentence when something is missing that only an administrator can install.
    """
    if os.environ.get("CSECCASE_NO_BOOTSTRAP") == "1":
        return
    word = argv[1] if len(argv) > 1 else ""
    tools = word in TOOLED_WORDS
    venv = repository / ".venv"
    with (repository / "requirements.lock").open() as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)  # two commands started together install once
        lock = lock_file.read()
        complete = _is_complete(venv, wanted_part(lock, tools=tools))
        _system_packages_ensure(missing_packages(word, environment_exists=_python_of(venv).exists()))
        if not complete:
            _environment_make(venv)
            _requirements_install(venv, lock, tools=tools)
    if Path(sys.prefix).resolve() != venv.resolve():
        os.execv(_python_of(venv), [str(_python_of(venv)), *argv])


def wanted_part(lock: str, *, tools: bool) -> str:
    """The product's own packages, with the tools of development and tests when they are wanted too."""
    return lock.partition(INSTALLER if tools else DEVELOPMENT)[0]


def missing_packages(word: str, *, environment_exists: bool) -> list[str]:
    """Debian's names of what this command needs of the system and does not find."""
    wanted: dict[str, str] = {}
    missing: list[str] = []
    if not environment_exists and importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    if word in {"up", "test"}:
        wanted |= PDF_LIBRARIES
    if word == "test":
        wanted |= BROWSER_LIBRARIES
        if find_browser() is None:
            missing.append("chromium")
    if sys.platform == "linux":
        missing += [package for package, library in wanted.items() if not _loads(library)]
    return missing


def find_browser() -> str | None:
    """The Chromium that the browser tests drive: `CSECCASE_CHROMIUM`, or the first one on the path."""
    named = os.environ.get("CSECCASE_CHROMIUM")
    if named:
        return named
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def _stamp_of(venv: Path) -> Path:
    return venv / ".requirements.sha256"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_complete(venv: Path, part: str) -> bool:
    """Whether this very part of the lock was installed, by a Python that is still there."""
    stamp = _stamp_of(venv)
    return _python_of(venv).exists() and stamp.exists() and _digest(part) in stamp.read_text().split()


def _system_packages_ensure(packages: list[str]) -> None:
    if not packages:
        return
    line = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(
            f"This machine lacks what the command needs: {', '.join(packages)}.\n"
            f"On Debian or Ubuntu an administrator runs:\n\n    {line}\n\nThen start the same command again."
        )
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "-qq", "update"], env=quiet)
    _run(["apt-get", "-qq", "-y", *line.split()[1:]], env=quiet, stdout=subprocess.DEVNULL)


def _environment_make(venv: Path) -> None:
    if _python_of(venv).exists():
        return
    print(f"Making the virtual environment {venv}", flush=True)
    if venv.is_symlink() or venv.exists():  # the Python it was made with is gone
        shutil.rmtree(venv)
    base = getattr(sys, "_base_executable", sys.executable)
    _run([base, "-m", "venv", str(venv)])


def _requirements_install(venv: Path, lock: str, *, tools: bool) -> None:
    print("Installing the locked packages", flush=True)
    part = wanted_part(lock, tools=tools)
    chosen, installer = venv / "requirements.txt", venv / "installer.txt"
    chosen.write_text(part)
    installer.write_text(lock.partition(INSTALLER)[2])
    python = str(_python_of(venv))
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    uv = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python, *_held_to(chosen)]
    if not (_works([*pip, *_held_to(installer)]) and _works(uv)):
        print("Once more with pip (about a minute)", flush=True)
        _run([*pip, *_held_to(chosen)])
    done = {_digest(part), _digest(wanted_part(lock, tools=False))}
    _stamp_of(venv).write_text("\n".join(sorted(done)) + "\n")


def _held_to(requirements: Path) -> list[str]:
    """Exactly these packages, each by its hash."""
    return ["--require-hashes", "--no-deps", "--requirement", str(requirements)]


def _works(command: list[str]) -> bool:
    return subprocess.run(command).returncode == 0


def _run(command: Iterable[str], **options: object) -> None:
    finished = subprocess.run(list(command), **options)  # type: ignore[call-overload]
    if finished.returncode:
        sys.exit(f"This step failed (its own words stand above): {' '.join(command)}")
