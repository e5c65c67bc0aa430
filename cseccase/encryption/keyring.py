"""The keys: a small file outside the database, read again whenever it has changed.

Two rings stand in it. `seal` encrypts fields (AES-256-GCM); `index` makes blind tokens (HMAC-SHA-256). Each ring names
its current key; the others only open what is still sealed under them, until `manage.py keys retire`.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from django.conf import settings

KEY_BYTES = 32
ID_BYTES = 4
Ring = Literal["seal", "index"]
RINGS: tuple[Ring, ...] = ("seal", "index")


class KeyringUnusable(RuntimeError):
    """The keyring file is missing, unreadable, or not a keyring."""


class KeyMissing(RuntimeError):
    """Something is sealed under a key that the keyring does not hold."""


@dataclass(frozen=True, slots=True)
class Keys:
    """One ring: keys by id, one of them current."""

    current: str
    secrets: Mapping[str, bytes]

    def secret(self, key_id: str) -> bytes:
        """Raises `KeyMissing`."""
        try:
            return self.secrets[key_id]
        except KeyError:
            raise KeyMissing(f"The keyring holds no key {key_id}.") from None

    def added(self, key_id: str) -> Keys:
        return replace(self, secrets={**self.secrets, key_id: secrets.token_bytes(KEY_BYTES)})

    def turned_to(self, key_id: str) -> Keys:
        self.secret(key_id)
        return replace(self, current=key_id)

    def without(self, key_id: str) -> Keys:
        """Raises `KeyMissing`, or ValueError for the current key."""
        self.secret(key_id)
        if key_id == self.current:
            raise ValueError("The current key cannot be retired; rotate to another first.")
        return replace(self, secrets={name: key for name, key in self.secrets.items() if name != key_id})


@dataclass(frozen=True, slots=True)
class Keyring:
    """Both rings, as one reading of the file found them."""

    seal: Keys
    index: Keys

    def ring(self, name: Ring) -> Keys:
        return self.seal if name == "seal" else self.index


def new_key_id() -> str:
    return secrets.token_hex(ID_BYTES)


def _new_keys() -> Keys:
    key_id = new_key_id()
    return Keys(key_id, {key_id: secrets.token_bytes(KEY_BYTES)})


def keyring_new() -> Keyring:
    """Fresh keys for a new installation."""
    return Keyring(seal=_new_keys(), index=_new_keys())


def keyring_text(keyring: Keyring) -> str:
    """The file's content."""
    content = {
        name: {
            "current": keyring.ring(name).current,
            "keys": {
                key_id: base64.b64encode(key).decode() for key_id, key in keyring.ring(name).secrets.items()
            },
        }
        for name in RINGS
    }
    return json.dumps(content, indent=1) + "\n"


def keyring_parse(text: str) -> Keyring:
    """Raises `KeyringUnusable` without ever repeating a key."""
    try:
        content = json.loads(text)
        return Keyring(**{name: _keys_parse(content[name]) for name in RINGS})
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise KeyringUnusable(
            "The keyring file is damaged. Restore it from where it is kept; without its keys nothing opens."
        ) from None


def _keys_parse(content: Mapping[str, object]) -> Keys:
    found = content["keys"]
    if not isinstance(found, dict):
        raise KeyringUnusable("The keyring file is damaged: a ring without keys.")
    keys = {str(key_id): base64.b64decode(key, validate=True) for key_id, key in found.items()}
    if any(len(bytes.fromhex(key_id)) != ID_BYTES or len(key) != KEY_BYTES for key_id, key in keys.items()):
        raise ValueError
    current = str(content["current"])
    if current not in keys:
        raise ValueError
    return Keys(current, keys)


def keyring_path() -> Path:
    return Path(settings.KEYRING_FILE)


def keyring_make(path: Path, *, mode: int = 0o600) -> bool:
    """Writes fresh keys unless the file is there already; two processes that start together agree on one file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    _write(draft, keyring_text(keyring_new()), mode)
    try:
        os.link(draft, path)  # refuses when it exists
    except FileExistsError:
        return False
    else:
        return True
    finally:
        draft.unlink()


def keyring_change(change: Callable[[Keyring], Keyring]) -> Keyring:
    """Rewrites the file, whole or not at all, while no other command does."""
    path = keyring_path()
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        changed = change(keyring_parse(_read(path)))
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        _write(draft, keyring_text(changed), path.stat().st_mode & 0o777)
        draft.replace(path)
    return changed


def _write(path: Path, text: str, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(mode)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as refused:
        why = getattr(refused, "strerror", None) or "not text"
        raise KeyringUnusable(
            f"KEYRING_FILE names {path}, which cannot be read: {why}. `manage.py secrets` makes one."
        ) from None


_known: dict[tuple[str, int, int, int], Keyring] = {}


def keyring() -> Keyring:
    """The keyring as the file says it now; outside production a missing one is made. Raises `KeyringUnusable`.

    One `stat` a call: a process that runs for weeks learns a new key with the next thing it seals or opens.
    """
    name = str(settings.KEYRING_FILE)  # asked for every value that is opened: no Path is made for it
    try:
        found = os.stat(name)
    except OSError:
        if settings.PRODUCTION:
            _read(keyring_path())
        keyring_make(keyring_path())
        found = os.stat(name)
    stamp = (name, found.st_ino, found.st_mtime_ns, found.st_size)
    known = _known.get(stamp)
    if known is None:
        known = keyring_parse(_read(keyring_path()))
        _known.clear()
        _known[stamp] = known
    return known
