from __future__ import annotations

import re
from pathlib import Path

import pytest

from cseccase.embedded import bootstrap

REPOSITORY = Path(__file__).resolve().parents[3]
LOCK = (REPOSITORY / "requirements.lock").read_text()


def names(part: str) -> set[str]:
    return set(re.findall(r"(?m)^([a-z0-9][a-z0-9._-]*)==", part))


def test_the_product_installs_without_the_tools_of_its_tests() -> None:
    product, everything = (names(bootstrap.wanted_part(LOCK, tools=tools)) for tools in (False, True))
    assert {"django", "celery", "gunicorn", "weasyprint"} <= product
    assert product < everything
    assert {"pytest", "playwright", "mypy"} <= everything - product
    assert "uv" not in everything
    assert names(LOCK.partition(bootstrap.INSTALLER)[2]) == {"uv"}


@pytest.mark.parametrize("fetches", [True, False])
def test_packages_are_fetched_by_the_installer_and_by_pip_where_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetches: bool
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "_works", lambda command: asked.append(command) or fetches)
    monkeypatch.setattr(bootstrap, "_run", asked.append)
    lock = f"django==1 --hash=sha256:0\n{bootstrap.DEVELOPMENT}\npytest==1\n{bootstrap.INSTALLER}\nuv==1\n"
    bootstrap._requirements_install(tmp_path, lock, tools=False)
    by = ["uv" if "uv" in command else "pip" for command in asked]
    assert by == (["pip", "uv"] if fetches else ["pip", "pip"])
    assert all("--require-hashes" in command and "--no-deps" in command for command in asked)
    assert (tmp_path / "requirements.txt").read_text() == "django==1 --hash=sha256:0\n"
    assert (
        bootstrap._digest(bootstrap.wanted_part(lock, tools=False))
        in (tmp_path / ".requirements.sha256").read_text()
    )


def test_every_locked_package_is_held_by_its_hash_and_by_no_address() -> None:
    entries = re.split(r"(?m)^(?=[a-z0-9])", LOCK)[1:]
    assert len(entries) == len(names(LOCK))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_a_changed_lock_makes_the_environment_incomplete(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.touch()
    (tmp_path / ".requirements.sha256").write_text(bootstrap._digest("django==1\n") + "\n")
    assert bootstrap._is_complete(tmp_path, "django==1\n")
    assert not bootstrap._is_complete(tmp_path, "django==2\n")
    python.unlink()
    assert not bootstrap._is_complete(tmp_path, "django==1\n")


def test_a_missing_library_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "PDF_LIBRARIES", {"libnowhere1": "libnowhere.so.1", "libc6": "libc.so.6"})
    monkeypatch.setenv("CSECCASE_CHROMIUM", "/usr/bin/true")
    monkeypatch.setattr(bootstrap, "BROWSER_LIBRARIES", {})
    assert bootstrap.missing_packages("up", environment_exists=True) == ["libnowhere1"]
    assert bootstrap.missing_packages("migrate", environment_exists=True) == []


def test_someone_without_rights_is_told_the_line_for_the_administrator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="apt-get install --no-install-recommends libnowhere1"):
        bootstrap._system_packages_ensure(["libnowhere1"])
    bootstrap._system_packages_ensure([])


def test_a_container_is_taken_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSECCASE_NO_BOOTSTRAP", "1")
    bootstrap.enter(tmp_path, ["manage.py", "up"])
    assert list(tmp_path.iterdir()) == []
