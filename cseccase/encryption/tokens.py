"""Blind indexes: equal words give equal tokens, and a token says nothing without the index key.

A token is the first 64 bits of HMAC-SHA-256 over a scope (a county) and a word of the index. Whoever holds the table
alone learns which rows share a token and how often one occurs, no more; the index key is none of the sealing keys.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from uuid import UUID

from cseccase.encryption.keyring import Keys, keyring

TOKEN_BYTES = 8


def index_key_number(key_id: str) -> int:
    """An index key's id as the signed number that stands beside its tokens."""
    return int.from_bytes(bytes.fromhex(key_id), "big", signed=True)


def index_key_id(number: int) -> str:
    return number.to_bytes(4, "big", signed=True).hex()


def tokens_of(words: Iterable[str], *, scope: UUID) -> tuple[int, set[int]]:
    """The current index key's number, and the tokens of these words under it."""
    keys = keyring().index
    return index_key_number(keys.current), {_token(keys, keys.current, scope, word) for word in words}


def tokens_to_ask(words: Mapping[str, int], *, scope: UUID) -> dict[int, int]:
    """The tokens under which words may stand, each with its word's weight; under every key while a new one comes in."""
    keys = keyring().index
    return {
        _token(keys, key_id, scope, word): weight for word, weight in words.items() for key_id in keys.secrets
    }


def _token(keys: Keys, key_id: str, scope: UUID, word: str) -> int:
    digest = hmac.digest(keys.secret(key_id), scope.bytes + word.encode(), "sha256")
    return int.from_bytes(digest[:TOKEN_BYTES], "big", signed=True)
