"""Sealing and opening: AES-256-GCM with a random nonce, bound to table, column and object id.

A sealed text is `version (1 byte) | key id (4) | nonce (12) | cipher text and tag`. The place where it stands is
authenticated with it, so a sealed text moved to another row, column or table does not open. Nothing is stored for
nothing: an empty text stays empty.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cseccase.encryption.keyring import ID_BYTES, keyring

VERSION = 1
NONCE_BYTES = 12
HEADER_BYTES = 1 + ID_BYTES
LEAST_BYTES = HEADER_BYTES + NONCE_BYTES + 16


class SealBroken(RuntimeError):
    """A sealed text was changed, moved, or is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the record's table (of the record itself, also for its history), column and object id."""

    table: str
    column: str
    object_id: UUID

    @property
    def words(self) -> bytes:
        return f"{self.table}|{self.column}|{self.object_id}".encode()


def header_of(key_id: str) -> bytes:
    """What every text begins with that is sealed under this key."""
    return bytes([VERSION]) + bytes.fromhex(key_id)


def key_id_of(sealed: bytes) -> str:
    """Under which key a text is sealed. Raises `SealBroken`."""
    if len(sealed) < LEAST_BYTES or sealed[0] != VERSION:
        raise SealBroken("This is not a sealed text.")
    return sealed[1:HEADER_BYTES].hex()


def seal(plain: bytes, place: Place) -> bytes:
    """Seals under the current key; the empty text stays empty."""
    if not plain:
        return b""
    keys = keyring().seal
    header, nonce = header_of(keys.current), os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(keys.secret(keys.current)).encrypt(nonce, plain, header + place.words)


def unseal(sealed: bytes, place: Place) -> bytes:
    """Opens what was sealed for exactly this place. Raises `SealBroken`, or `KeyMissing`."""
    if not sealed:
        return b""
    key = keyring().seal.secret(key_id_of(sealed))
    header, rest = sealed[:HEADER_BYTES], sealed[HEADER_BYTES:]
    try:
        return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], header + place.words)
    except InvalidTag:
        raise SealBroken(f"A sealed text does not open at {place.table}.{place.column}.") from None
