"""The keyring: made once, read again when it changes, never repeated in an error."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from cseccase.encryption.checks import keyring_is_usable
from cseccase.encryption.keyring import (
    KeyMissing,
    Keyring,
    KeyringUnusable,
    keyring,
    keyring_change,
    keyring_make,
    keyring_parse,
    new_key_id,
)


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    settings.KEYRING_FILE = str(tmp_path / "secrets" / "keyring.json")
    return Path(settings.KEYRING_FILE)


def test_a_missing_keyring_is_made_for_practice_and_refused_in_earnest(file: Path, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(KeyringUnusable, match="KEYRING_FILE"):
        keyring()
    assert [error.id for error in keyring_is_usable(None)] == ["encryption.E002"]
    settings.PRODUCTION = False
    assert keyring().seal.current != keyring().index.current
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    settings.PRODUCTION = True
    assert keyring_is_usable(None) == []


def test_two_processes_that_start_together_agree_on_one_file(file: Path) -> None:
    assert keyring_make(file)
    before = keyring()
    assert not keyring_make(file)
    assert keyring() == before


def test_a_running_process_learns_a_new_key(file: Path) -> None:
    old, new = keyring(), new_key_id()
    keyring_change(lambda ring: Keyring(ring.seal.added(new).turned_to(new), ring.index))
    assert keyring().seal.current == new
    assert keyring().seal.secret(old.seal.current) == old.seal.secret(old.seal.current)
    assert keyring().index == old.index


def test_the_current_key_and_an_unknown_one_cannot_be_dropped(file: Path) -> None:
    ring = keyring().seal
    with pytest.raises(ValueError, match="current"):
        ring.without(ring.current)
    with pytest.raises(KeyMissing):
        ring.without("00000000")
    with pytest.raises(KeyMissing):
        ring.turned_to("00000000")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.pop("index"),
        lambda content: content["seal"].update(current="ffffffff"),
        lambda content: content["seal"]["keys"].update(zz="AA=="),
        lambda content: content["seal"].update(keys=[]),
        lambda content: content["seal"]["keys"].update({"00000000": "c2hvcnQ="}),
    ],
)
def test_a_damaged_keyring_says_so_and_repeats_no_key(file: Path, damage: Any) -> None:
    keyring()
    content = json.loads(file.read_text())
    key = content["seal"]["keys"][content["seal"]["current"]]
    damage(content)
    with pytest.raises(KeyringUnusable) as refused:
        keyring_parse(json.dumps(content))
    assert key not in str(refused.value)
    with pytest.raises(KeyringUnusable):
        keyring_parse("not json")


def test_a_keyring_that_others_may_write_is_an_error(file: Path) -> None:
    keyring()
    file.chmod(0o666)
    assert [error.id for error in keyring_is_usable(None)] == ["encryption.E003"]
    os.chmod(file, 0o440)
    assert keyring_is_usable(None) == []
