"""What is sealed opens in its own place only, unchanged, under its own key."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from cseccase.encryption.keyring import KeyMissing, Keyring, keyring, keyring_change, new_key_id
from cseccase.encryption.seal import Place, SealBroken, key_id_of, seal, unseal

HERE = Place("referrals_child", "given_name", uuid4())


@pytest.fixture(autouse=True)
def own_keyring(tmp_path: Path, settings: Any) -> None:
    settings.KEYRING_FILE = str(tmp_path / "keyring.json")


@given(plain=st.binary(max_size=300))
@profile(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_what_is_sealed_opens_again_and_no_two_seals_are_alike(plain: bytes) -> None:
    first, second = seal(plain, HERE), seal(plain, HERE)
    assert unseal(first, HERE) == unseal(second, HERE) == plain
    assert not plain or first != second
    assert len(plain) < 8 or plain not in first


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("referrals_child", "given_name", uuid4()),
        Place("referrals_child", "family_name", HERE.object_id),
        Place("referrals_reporter", "given_name", HERE.object_id),
    ],
)
def test_a_seal_moved_to_another_row_column_or_table_does_not_open(elsewhere: Place) -> None:
    sealed = seal(b"Ana", HERE)
    assert unseal(sealed, HERE) == b"Ana"
    with pytest.raises(SealBroken):
        unseal(sealed, elsewhere)


def test_every_changed_bit_is_noticed() -> None:
    sealed = seal(b"Ana Ruiz", HERE)
    for position in range(len(sealed) * 8):
        broken = bytearray(sealed)
        broken[position // 8] ^= 1 << position % 8
        with pytest.raises((SealBroken, KeyMissing)):
            unseal(bytes(broken), HERE)
    for length in range(1, len(sealed)):
        with pytest.raises(SealBroken):
            unseal(sealed[:length], HERE)


def test_old_seals_open_after_rotation_until_their_key_is_gone() -> None:
    sealed, old, new = seal(b"Ana", HERE), keyring().seal.current, new_key_id()
    keyring_change(lambda ring: Keyring(ring.seal.added(new).turned_to(new), ring.index))
    assert key_id_of(seal(b"Ana", HERE)) == new
    assert unseal(sealed, HERE) == b"Ana"
    keyring_change(lambda ring: Keyring(ring.seal.without(old), ring.index))
    with pytest.raises(KeyMissing, match=old):
        unseal(sealed, HERE)
