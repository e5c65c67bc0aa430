from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cseccase.database import database_of
from cseccase.embedded.deployment import GivenPasswords, SecretUnreadable, secret_given, secrets_write
from cseccase.embedded.roles import APP, OWNER
from cseccase.settings.limits import LIMITS


def test_secrets_are_made_once_and_never_changed(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    made = list(secrets_write(folder))
    contents = {file.name: file.read_text() for file in folder.iterdir()}
    assert len(made) == len(contents) == 12
    assert all(line.startswith("kept") for line in secrets_write(folder))
    assert {file.name: file.read_text() for file in folder.iterdir()} == contents
    assert folder.stat().st_mode & 0o777 == 0o700


def test_secrets_that_repeat_one_another_are_never_made_apart(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    list(secrets_write(folder))
    (folder / "redis_url").unlink()
    assert any("missing beside queue.conf: redis_url" in line for line in secrets_write(folder))
    assert not (folder / "redis_url").exists()
    (folder / "queue.conf").unlink()
    list(secrets_write(folder))
    password = (folder / "redis_url").read_text().split("@")[0].rpartition(":")[2]
    assert f"requirepass {password}" in (folder / "queue.conf").read_text()


def test_a_log_that_was_sealed_before_keeps_the_key_it_was_sealed_with(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    list(secrets_write(folder))
    assert len((folder / "audit_seal_keys").read_text().split()) == 1
    (folder / "audit_seal_keys").unlink()
    list(secrets_write(folder))
    assert (folder / "audit_seal_keys").read_text().split() == []


def test_the_compose_file_hands_on_every_limit_and_mounts_every_secret(tmp_path: Path) -> None:
    compose = (Path(__file__).parents[3] / "docker-compose.yml").read_text()
    assert [limit.variable for limit in LIMITS if f"{limit.variable}: " not in compose] == []
    list(secrets_write(tmp_path / "secrets"))
    for file in (tmp_path / "secrets").iterdir():
        assert f"/run/secrets/{file.name}" in compose
        assert f"  {file.name}: {{file: " in compose


def test_the_compose_file_hands_on_whatever_the_settings_ask_the_environment_for() -> None:
    root = Path(__file__).parents[3]
    compose = (root / "docker-compose.yml").read_text()
    asked: set[str] = set()
    for name in ("base", "production"):
        text = (root / "cseccase" / "settings" / f"{name}.py").read_text()
        asked |= set(re.findall(r'(?:env\.\w+|secret|secret_given)\(\s*"([A-Z_]+)"', text))
    assert {"ALLOWED_HOSTS", "PUSH_SERVICES", "SECRET_KEY"} <= asked
    not_for_a_county = {"STATIC_ROOT", "EMAIL_BACKEND", "SWEEP_SECONDS", "AUDIT_SEAL_SECONDS"}
    handed_on = set(re.findall(r"^ +([A-Z_]+): ", compose, re.MULTILINE))
    handed_on |= {name.removesuffix("_FILE") for name in handed_on}
    assert asked - handed_on == not_for_a_county


@pytest.mark.parametrize(
    ("said", "services"),
    [
        (None, 4),
        ("", 4),  # as compose hands on what nobody set
        ("https://updates.push.services.mozilla.com", 1),
    ],
)
def test_no_push_services_said_are_those_of_the_browsers(said: str | None, services: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PUSH_SERVICES"}
    if said is not None:
        environment["PUSH_SERVICES"] = said
    code = "from django.conf import settings; print(len(settings.PUSH_SERVICES))"
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == str(services)


def test_the_two_roles_passwords_are_read_from_the_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(secrets_write(tmp_path / "secrets"))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secrets" / name.lower()))
    given = GivenPasswords.of_environment()
    assert given is not None
    assert given.remembered(APP) == database_of(secret_given("DATABASE_URL"))["PASSWORD"]
    assert given.remembered(OWNER) == database_of(secret_given("DATABASE_OWNER_URL"))["PASSWORD"]
    assert given.remembered(APP) != given.remembered(OWNER)
    monkeypatch.delenv("DATABASE_OWNER_URL_FILE")
    monkeypatch.setenv("DATABASE_OWNER_URL", f"postgresql://{OWNER}@db/cseccase")
    assert GivenPasswords.of_environment() is None


def test_an_unreadable_secret_is_named_without_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "redis_url"
    monkeypatch.setenv("REDIS_URL_FILE", str(file))
    with pytest.raises(SecretUnreadable, match=r"REDIS_URL_FILE names .*/redis_url"):
        secret_given("REDIS_URL")
    file.write_text("redis://queue/0\n")
    assert secret_given("REDIS_URL") == "redis://queue/0"
