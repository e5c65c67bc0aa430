"""The secrets of a deployment with containers: made once, one file each, mounted where they are needed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cseccase.embedded.folders import private_folder
from cseccase.embedded.refusals import StartRefused
from cseccase.embedded.roles import APP, DATABASE, OWNER
from cseccase.encryption.keyring import keyring_new, keyring_text
from cseccase.outbox.webpush import push_key_new


class SecretUnreadable(StartRefused):
    """A secret's file is missing or closed to the user who runs this command."""


def secret_given(name: str) -> str:
    """The value of `NAME`, or the content of the file that `NAME_FILE` names; empty when neither is given.

    Raises SecretUnreadable.
    """
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return os.environ.get(name, "")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as refused:
        raise SecretUnreadable(
            f"{name}_FILE names {file}, which cannot be read: {refused.strerror}."
        ) from refused


@dataclass(frozen=True)
class GivenPasswords:
    """The two roles' passwords as the operator wrote them into the two addresses."""

    by_role: dict[str, str]

    @classmethod
    def of_environment(cls) -> GivenPasswords | None:
        """Read from `DATABASE_OWNER_URL` and `DATABASE_URL` (or their files); None unless both carry one."""
        found = {}
        for role, name in ((OWNER, "DATABASE_OWNER_URL"), (APP, "DATABASE_URL")):
            parts = urlsplit(secret_given(name))
            if unquote(parts.username or "") == role and parts.password:
                found[role] = unquote(parts.password)
        return cls(found) if len(found) == 2 else None

    def remembered(self, role: str) -> str | None:
        return self.by_role[role]

    def remember(self, role: str, password: str) -> None:
        """They are the operator's already."""


def secrets_write(folder: Path, *, database_host: str = "db", queue_host: str = "queue") -> Iterator[str]:
    """Makes every missing secret of `docker-compose.yml` and says which; never changes one that is there.

    The folder is 0700; the files in it are readable, for a container sees each with the host's owner and
    mode, and the product runs there as a user without rights.
    """
    private_folder(folder.absolute())
    passwords = {name: secrets.token_urlsafe(32) for name in ("admin", OWNER, APP, "queue")}
    server = f"{database_host}:5432"
    contents = {
        "postgres_password": passwords["admin"],
        "database_admin_url": f"postgresql://postgres:{passwords['admin']}@{server}/postgres",
        "database_owner_url": f"postgresql://{OWNER}:{passwords[OWNER]}@{server}/{DATABASE}",
        "database_url": f"postgresql://{APP}:{passwords[APP]}@{server}/{DATABASE}",
        "queue.conf": _queue_settings(passwords["queue"]),
        "redis_url": f"redis://:{passwords['queue']}@{queue_host}:6379/0",
        "secret_key": secrets.token_urlsafe(64),
        "keyring": keyring_text(keyring_new()).rstrip(),
        "email_host_password": "",  # the operator's mail server knows it; empty where none is asked for
        "sms_gateway_token": "",  # the county's text gateway knows it; empty where there is none
        "push_key": push_key_new(),  # changed, every device has to be turned on again
        # A log that is sealed already, under a key from `secret_key`, must go on verifying: an empty file says so.
        "audit_seal_keys": "" if (folder / "secret_key").exists() else secrets.token_urlsafe(48),
    }
    groups = (
        ("postgres_password", "database_admin_url", "database_owner_url", "database_url"),
        ("queue.conf", "redis_url"),
        ("secret_key",),
        ("keyring",),  # without it nothing that is encrypted opens: keep a copy apart from the backups
        ("email_host_password",),
        ("sms_gateway_token",),
        ("push_key",),
        ("audit_seal_keys",),
    )
    for group in groups:  # secrets that repeat one another are made together or not at all
        there = [name for name in group if (folder / name).exists()]
        if there and len(there) < len(group):
            missing = ", ".join(sorted(set(group) - set(there)))
            yield f"missing beside {there[0]}: {missing}. Remove all of them to make them anew."
            continue
        for name in group:
            if not there:
                (folder / name).write_text(contents[name] + "\n")
                (folder / name).chmod(0o444)
            yield f"{'kept' if there else 'made'}  {folder / name}"


def _queue_settings(password: str) -> str:
    settings = {
        "bind": "0.0.0.0",  # the container's own network; nothing is published
        "port": "6379",
        "dir": "/data",
        "appendonly": "yes",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
        "requirepass": password,
    }
    return "\n".join(f"{name} {value}" for name, value in settings.items())
