"""`manage.py keys`: which keys there are and what holds them; add, rotate, retire, without stopping the product."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cseccase.database import become_owner
from cseccase.encryption import rotation
from cseccase.encryption.keyring import (
    KeyMissing,
    Keyring,
    KeyringUnusable,
    keyring,
    keyring_change,
    new_key_id,
)
from cseccase.encryption.seal import SealBroken


class Command(BaseCommand):
    help = (
        "Keys of the encryption at rest. Without a word: lists them. `rotate` makes the newest added key (or a fresh "
        "one) current and seals everything anew; it may be stopped and started again. `reindex` does the same for the "
        "key of the blind index."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "act", nargs="?", default="list", choices=["list", "add", "rotate", "retire", "reindex"]
        )
        parser.add_argument("key", nargs="?", default="", help="a key's id; for rotate and retire")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with become_owner():
                getattr(self, f"_{options['act']}")(options["key"])
        except (KeyMissing, KeyringUnusable, rotation.KeyInUse, SealBroken, ValueError) as refused:
            raise CommandError(str(refused)) from None

    def _list(self, key: str) -> None:
        keys = keyring()
        for key_id in keys.seal.secrets:
            held = sum(rotation.held_by(key_id).values())
            self.stdout.write(f"seal   {key_id}  {held} values{'  current' * (key_id == keys.seal.current)}")
        for key_id in keys.index.secrets:
            self.stdout.write(f"index  {key_id}{'  current' * (key_id == keys.index.current)}")

    def _add(self, key: str) -> None:
        self.stdout.write(
            f"Added {rotation.key_add()}. Let every process read the file before you rotate to it."
        )

    def _rotate(self, key: str) -> None:
        """A rotation that was stopped goes on: without an id, only a fully sealed table is given a new key."""
        current = keyring().seal.current
        if key:
            rotation.key_turn(key)
        elif not self._is_unfinished(current):
            rotation.key_turn(rotation.key_add())
        for progress in rotation.reseal_all():
            again = f", {progress.changed_meanwhile} changed meanwhile" if progress.changed_meanwhile else ""
            self.stdout.write(f"{progress.table}.{progress.column}: {progress.resealed} sealed anew{again}")
        self.stdout.write(f"Everything is sealed under {keyring().seal.current}.")

    def _is_unfinished(self, current: str) -> bool:
        return any(rotation.held_by(key_id) for key_id in keyring().seal.secrets if key_id != current)

    def _retire(self, key: str) -> None:
        if not key:
            raise CommandError("Name the key to retire; `manage.py keys` lists them.")
        rotation.key_retire(key)
        self.stdout.write(
            f"Retired {key}. Destroy the copies of it, and the backups that need it, when their time has come."
        )

    def _reindex(self, key: str) -> None:
        before = keyring().index
        if len(before.secrets) == 1:
            key_id = new_key_id()
            keyring_change(lambda ring: Keyring(ring.seal, ring.index.added(key_id).turned_to(key_id)))
        written = apps.get_app_config("referrals").index_fill()  # type: ignore[attr-defined]  # stands above this floor
        keys = keyring().index
        for old in [key_id for key_id in keys.secrets if key_id != keys.current]:
            keyring_change(lambda ring, old=old: Keyring(ring.seal, ring.index.without(old)))  # type: ignore[misc]
        self.stdout.write(f"The index of {written} children stands under {keys.current}.")
