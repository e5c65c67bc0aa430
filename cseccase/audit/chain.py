"""What a seal says and how it is signed: pure, without a database.

A leaf is the position (8 bytes) and the SHA-256 (32 bytes) of one entry. A seal's chain value covers its number, its
stretch, its leaves and the chain value before it; the signature is an HMAC of it under a key that the database never sees.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

FORM = 1
"""The canonical form of an entry that new seals use; older seals keep theirs."""

LEAF = 40
FIRST = bytes(32)
"""What the first seal names as the one before it."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """One signing key and the name under which seals mention it."""

    secret: bytes

    @property
    def name(self) -> str:
        return hashlib.sha256(b"cseccase seal key name\n" + self.secret).hexdigest()[:16]

    def sign(self, chain: bytes) -> bytes:
        return hmac.digest(self.secret, chain, "sha256")


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one seal covers: every position after `after`, up to `last`."""

    number: int
    sealed_at: datetime
    form: int
    after: int
    last: int
    previous: bytes
    leaves: bytes

    @property
    def entries(self) -> int:
        return len(self.leaves) // LEAF

    def chain(self) -> bytes:
        """The value that the next seal repeats and the key signs."""
        moment = int(self.sealed_at.timestamp() * 1_000_000)
        head = struct.pack(">6q", self.number, moment, self.form, self.after, self.last, self.entries)
        leaves = hashlib.sha256(self.leaves).digest()
        return hashlib.sha256(b"cseccase access seal\n" + head + self.previous + leaves).digest()


@dataclass(frozen=True, slots=True)
class Difference:
    """The first entry at which the log is not what was sealed."""

    position: int
    words: str


def first_difference(sealed: bytes, found: bytes) -> Difference | None:
    """Where two runs of leaves part, and what must have happened there; None when they are the same."""
    if sealed == found:
        return None
    was, now = dict(leaves_of(sealed)), dict(leaves_of(found))
    for position in sorted(was.keys() | now.keys()):
        if position not in now:
            return Difference(position, "the entry was removed")
        if position not in was:
            return Difference(position, "an entry was put in after the sealing")
        if was[position] != now[position]:
            return Difference(position, "the entry was changed after the sealing")
    return Difference(0, "the order of the entries was changed")


def leaves_of(leaves: bytes) -> Iterator[tuple[int, bytes]]:
    """Each position and digest of a run of leaves."""
    for start in range(0, len(leaves), LEAF):
        yield int.from_bytes(leaves[start : start + 8], "big", signed=True), leaves[start + 8 : start + LEAF]
