"""Keys change while people work: nothing is lost, nothing fails to open, no key is forgotten while something needs it."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.database import become_owner
from cseccase.encryption import rotation
from cseccase.encryption.keyring import KeyMissing, keyring
from referrals.models import Child, ChildToken, Referral
from referrals.selectors.index import index_search
from referrals.services.referral import ChildSaid
from tests.worlds import World, county_make, referral_make

WHY = "test"
CHILDREN, WRITERS = 8, 3


@pytest.fixture
def own_keyring(tmp_path: Path, settings: Any) -> None:
    settings.KEYRING_FILE = str(tmp_path / "keyring.json")


@pytest.fixture
def world(own_keyring: None, transactional_db: None) -> World:
    world = county_make()
    for number in range(CHILDREN):
        said = ChildSaid(given_name=f"Child {number}", family_name="Marker", born_on=date(2010, 4, 12))
        referral_make(world, child=said, narrative="Words.", ago=timedelta(minutes=5))
    return world


def keys(*words: str) -> str:
    out = StringIO()
    call_command("keys", *words, stdout=out)
    return out.getvalue()


def held(key_id: str) -> int:
    with become_owner():
        return sum(rotation.held_by(key_id).values())


def names() -> dict[UUID, str]:
    with acting_because(WHY):
        return {row.pk: row.given_name for row in Child.objects.unrestricted(because=WHY)}


class Writers:
    """Threads that change children's names and read them, each through a connection of its own."""

    def __init__(self, children: list[UUID]) -> None:
        self.children, self.stop, self.ready = children, threading.Event(), threading.Barrier(WRITERS + 1)
        self.last: dict[UUID, str] = {}
        self.written, self.problems = 0, list[BaseException]()
        self.threads = [threading.Thread(target=self._write, args=[n]) for n in range(WRITERS)]

    def __enter__(self) -> Writers:
        for thread in self.threads:
            thread.start()
        self.ready.wait(30)
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(30)

    def _write(self, number: int) -> None:
        chance = random.Random(number)
        try:
            with acting_because(WHY):
                list(
                    Child.objects.unrestricted(because=WHY)[:1]
                )  # the connection is the application's from here on
            self.ready.wait(30)
            while not self.stop.is_set():
                self._write_one(chance.choice(self.children), f"{number} {chance.random()}")
        except BaseException as problem:  # noqa: BLE001  # handed to the test
            self.problems.append(problem)
        finally:
            connection.close()

    def _write_one(self, pk: UUID, name: str) -> None:
        with transaction.atomic(), acting_because(WHY):
            row = Child.objects.unrestricted(because=WHY).select_for_update().get(pk=pk)
            assert row.given_name == self.last.get(pk, row.given_name), "an edit was lost"
            row.given_name = name
            row.save()
            self.last[pk] = name  # the row is locked until this transaction ends
            self.written += 1


def test_rotation_under_load_loses_no_edit_and_leaves_nothing_behind(world: World) -> None:
    before, old = names(), keyring().seal.current
    with Writers(list(before)) as writers:
        said = keys("rotate")
    assert writers.problems == [] and writers.written > 0
    assert "sealed anew" in said
    assert names() == before | writers.last
    assert held(old) == 0 and keyring().seal.current != old
    assert f"Retired {old}" in keys("retire", old)
    assert names() == before | writers.last
    with acting_because(WHY):
        assert {row.given_name for row in Child.history.unrestricted(because=WHY)} >= set(before.values())
        assert {row.narrative for row in Referral.objects.unrestricted(because=WHY)} == {"Words."}


def test_a_stopped_rotation_goes_on_under_the_same_key(world: World) -> None:
    old = keyring().seal.current
    with become_owner():
        rotation.key_turn(rotation.key_add())
        next(rotation.reseal_all())  # and then the machine stops
    half, new = held(old), keyring().seal.current
    assert half > 0 and held(new) > 0
    keys("rotate")
    assert (keyring().seal.current, held(old)) == (new, 0)


def test_a_key_is_not_forgotten_while_anything_needs_it(world: World) -> None:
    old = keyring().seal.current
    with pytest.raises(CommandError, match="current"):
        keys("retire", old)
    added = keys("add").split()[1].rstrip(".")
    assert keyring().seal.current == old
    with become_owner():
        rotation.key_turn(added)
    with pytest.raises(CommandError, match=r"referrals_child\.given_name"):
        keys("retire", old)
    assert old in keyring().seal.secrets
    with pytest.raises(CommandError, match="no key"):
        keys("rotate", "00000000")
    assert f"{added}  0 values  current" in keys()


def test_a_transaction_that_is_still_running_holds_the_old_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, finish = threading.Event(), threading.Event()
    pk, old = next(iter(names())), keyring().seal.current

    def slow() -> None:
        with transaction.atomic(), acting_because(WHY):
            row = Child.objects.unrestricted(because=WHY).get(pk=pk)
            row.tribe = "Written slowly"
            row.save(update_fields=["tribe"])
            started.set()
            finish.wait(30)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    started.wait(30)
    with become_owner():
        rotation.key_turn(rotation.key_add())
        with pytest.raises(rotation.KeyInUse, match="running"):
            rotation.others_wait(0.3)
    threading.Timer(0.5, finish.set).start()
    keys("rotate")
    thread.join(30)
    assert held(old) == 0


def test_the_index_moves_to_a_new_key_and_finds_everybody(world: World) -> None:
    viewer, old = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE), keyring().index.current
    with acting_because(WHY):
        before = set(ChildToken.objects.values_list("token", flat=True))
    assert f"{CHILDREN} children" in keys("reindex")
    assert old not in keyring().index.secrets
    with acting_because(WHY):
        assert before.isdisjoint(ChildToken.objects.values_list("token", flat=True))
    with viewing_as(viewer):
        found = index_search(viewer=viewer, name="Marker", now=datetime.now(UTC))
    assert len(found.entries) == CHILDREN


@pytest.fixture(autouse=True)
def keyring_is_own(own_keyring: None) -> Iterator[None]:
    yield
    with pytest.raises(KeyMissing):
        keyring().seal.secret("00000000")
