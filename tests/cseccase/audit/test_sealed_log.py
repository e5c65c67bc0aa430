"""The access log is sealed in order, holds up nobody, and names the first entry that is not as it was sealed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from cseccase.audit import sealing, tasks
from cseccase.audit.models import AccessEntry, AccessSeal
from cseccase.audit.sealing import log_seal
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.audit.verifying import LATE, Verdict, log_verify
from cseccase.confidentiality.context import viewing_as
from cseccase.database import become_owner

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
WHY = "test"


def entries_write(count: int, *, at: datetime = NOW) -> None:
    with viewing_as(None):
        for number in range(count):
            record(
                Verb.CASE_VIEWED,
                viewer=None,
                at=at,
                subject_kind="case_file",
                subject=uuid4(),
                facts={"count": number, "ids": [str(uuid4())]},
            )


def verdict(now: datetime = NOW) -> Verdict:
    return log_verify(now=now)


@pytest.fixture
def sealed_log(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Twelve entries under three seals; their positions."""
    monkeypatch.setattr(sealing, "BATCH", 4)
    entries_write(12)
    assert log_seal(now=NOW) == 12
    with viewing_as(None, because=WHY):
        assert AccessSeal.objects.count() == 3
        return list(AccessEntry.objects.order_by("position").values_list("position", flat=True))


@contextmanager
def as_owner(*statements: str, **values: Any) -> Iterator[None]:
    """The owner changes the log with every protection switched off; given back afterwards."""
    with become_owner(), transaction.atomic(), connection.cursor() as cursor:
        for table in ("audit_accessentry", "audit_accessseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement, values)
            assert cursor.rowcount != 0, statement
        yield
        transaction.set_rollback(True)
    assert verdict().holds


def test_a_log_as_it_was_written_holds_and_what_waits_is_counted(sealed_log: list[int]) -> None:
    entries_write(2)
    found = verdict()
    assert (found.seals, found.entries, found.waiting, found.fault) == (3, 12, 2, None)
    assert log_seal(now=NOW) == 2
    assert log_seal(now=NOW) == 0
    assert verdict().entries == 14


TAMPERINGS = {
    "a changed value": (
        ["UPDATE audit_accessentry SET person_name = 'Nobody' WHERE position = %(sixth)s"],
        "sixth",
        "was changed",
    ),
    "a changed fact": (
        ["UPDATE audit_accessentry SET facts = facts || '{\"count\": 99}' WHERE position = %(sixth)s"],
        "sixth",
        "was changed",
    ),
    "a removed entry": (["DELETE FROM audit_accessentry WHERE position = %(sixth)s"], "sixth", "was removed"),
    "the last entry removed": (
        ["DELETE FROM audit_accessentry WHERE position = %(last)s"],
        "last",
        "was removed",
    ),
    "two entries exchanged": (
        [
            "UPDATE audit_accessentry SET position = -1 WHERE position = %(fifth)s",
            "UPDATE audit_accessentry SET position = %(fifth)s WHERE position = %(sixth)s",
            "UPDATE audit_accessentry SET position = %(sixth)s WHERE position = -1",
        ],
        "fifth",
        "was changed",
    ),
}


def test_what_the_owner_does_to_an_entry_is_named(sealed_log: list[int]) -> None:
    at = {"fifth": sealed_log[4], "sixth": sealed_log[5], "last": sealed_log[-1]}
    for name, (statements, place, words) in TAMPERINGS.items():
        with as_owner(*statements, **at):
            fault = verdict().fault
            assert fault is not None, name
            assert fault.position == at[place], name
            assert words in fault.words, name
            assert ("removed" in words) == (fault.entry is None), name


def test_an_entry_put_in_later_is_named(sealed_log: list[int]) -> None:
    """Also one put where a rolled-back act had left a gap."""
    with transaction.atomic():
        entries_write(1)
        transaction.set_rollback(True)
    entries_write(1)
    log_seal(now=NOW)
    copied = (
        "INSERT INTO audit_accessentry "
        "(position, id, at, verb, person_name, agency_name, subject_kind, category, basis, facts) "
        "SELECT %(gap)s, gen_random_uuid(), at, verb, 'x', '', subject_kind, '', '', '{}' "
        "FROM audit_accessentry WHERE position = %(like)s"
    )
    with as_owner(copied, gap=sealed_log[-1] + 1, like=sealed_log[0]):
        fault = verdict().fault
        assert fault is not None and fault.position == sealed_log[-1] + 1 and "was put in" in fault.words
    exchanged = ("DELETE FROM audit_accessentry WHERE position = %(gap)s", copied)
    with as_owner(*exchanged, gap=sealed_log[5], like=sealed_log[0]):
        fault = verdict().fault
        assert fault is not None and fault.position == sealed_log[5] and "was changed" in fault.words


SEALS = {
    "a seal dropped": ("DELETE FROM audit_accessseal WHERE number = 2", 2, "is missing"),
    "a seal moved": (
        "UPDATE audit_accessseal SET last_position = last_position + 1 WHERE number = 3",
        3,
        "was changed",
    ),
    "a seal emptied": ("UPDATE audit_accessseal SET leaves = '' WHERE number = 2", 2, "was changed"),
    "a seal signed by somebody else": (
        "UPDATE audit_accessseal SET signature = sha256('x') WHERE number = 1",
        1,
        "signature",
    ),
    "a seal of an unknown key": ("UPDATE audit_accessseal SET key = 'x' WHERE number = 1", 1, "not known"),
}


def test_what_the_owner_does_to_a_seal_is_named(sealed_log: list[int], settings: Any) -> None:
    for name, (statement, number, words) in SEALS.items():
        with as_owner(statement):
            fault = verdict().fault
            assert fault is not None and fault.seal == number and words in fault.words, name
    real = settings.AUDIT_SEAL_KEYS
    everything = (
        "DELETE FROM audit_accessseal",
        "DELETE FROM audit_accessentry WHERE position = %(last)s",
    )
    with as_owner(*everything, last=sealed_log[-1]):  # and sealed anew, without the key
        settings.AUDIT_SEAL_KEYS = ["a key of the owner's own"]
        sealing._seals_write(sealed_log[-1], NOW)
        settings.AUDIT_SEAL_KEYS = real
        fault = verdict().fault
        assert fault is not None and fault.seal == 1 and "not known" in fault.words


def test_a_newer_key_signs_and_the_older_still_verifies(sealed_log: list[int], settings: Any) -> None:
    settings.AUDIT_SEAL_KEYS = ["newer", *settings.AUDIT_SEAL_KEYS]
    entries_write(1)
    assert log_seal(now=NOW) == 1
    assert verdict().holds
    with viewing_as(None, because=WHY):
        assert AccessSeal.objects.values("key").distinct().count() == 2


def test_seals_taken_from_the_end_are_missed_when_their_entries_have_waited_too_long(
    sealed_log: list[int],
) -> None:
    with as_owner("DELETE FROM audit_accessseal WHERE number = 3"):
        assert verdict().holds
        fault = verdict(NOW + LATE + timedelta(seconds=1)).fault
        assert fault is not None and "have no seal" in fault.words


def test_a_log_cut_short_is_found_by_what_was_noted_outside(
    sealed_log: list[int], settings: Any, tmp_path: Path
) -> None:
    settings.AUDIT_HEADS_FILE = str(tmp_path / "heads")
    entries_write(1)
    log_seal(now=NOW)
    cut = (
        "DELETE FROM audit_accessseal WHERE number = 4",
        "DELETE FROM audit_accessentry WHERE position > %(last)s",
    )
    with as_owner(*cut, last=sealed_log[-1]):
        fault = verdict().fault
        assert fault is not None and fault.seal == 4 and "cut short" in fault.words
        settings.AUDIT_HEADS_FILE = ""
        assert verdict().holds, "without a note outside, nobody can know"
        settings.AUDIT_HEADS_FILE = str(tmp_path / "heads")


def test_the_sealer_waits_for_an_older_transaction_and_nobody_waits_for_the_sealer() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow_request() -> None:
        try:
            with transaction.atomic():
                entries_write(1)
                begun.set()
                go_on.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=slow_request)
    slow.start()
    assert begun.wait(10)
    entries_write(3)  # later positions, committed earlier
    assert log_seal(now=NOW, patience=0.1) == 0
    go_on.set()
    slow.join()
    assert log_seal(now=NOW) == 4
    assert verdict().entries == 4


def test_two_sealers_at_once_seal_once_and_a_rollback_leaves_a_gap() -> None:
    entries_write(2)
    with transaction.atomic():
        entries_write(3)
        transaction.set_rollback(True)
    entries_write(2)
    counts: list[int] = []

    def seal() -> None:
        try:
            counts.append(log_seal(now=NOW))
        finally:
            connection.close()

    sealers = [threading.Thread(target=seal) for _ in range(4)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    assert sum(counts) + log_seal(now=NOW) == 4
    assert verdict().entries == 4
    with viewing_as(None, because=WHY):
        first, last = AccessEntry.objects.order_by("position").values_list("position", flat=True)[0:4:3]
        assert last - first == 6


def test_the_table_draws_the_position_whatever_the_writer_says() -> None:
    with viewing_as(None):
        for _ in range(2):
            AccessEntry(position=7, at=NOW, verb=Verb.REFUSED, subject_kind="page").save(force_insert=True)
    with viewing_as(None, because=WHY):
        positions = list(AccessEntry.objects.values_list("position", flat=True))
    assert len(set(positions)) == 2
    with pytest.raises(DatabaseError), viewing_as(None, because=WHY), connection.cursor() as cursor:
        cursor.execute("SELECT setval('audit_position', 1)")


def test_nobody_changes_a_seal_or_empties_the_log_the_chronology_or_a_history(sealed_log: list[int]) -> None:
    changes = ("UPDATE audit_accessseal SET entries = 0", "DELETE FROM audit_accessseal")
    for statement in changes:
        with pytest.raises(DatabaseError), viewing_as(None, because=WHY), connection.cursor() as cursor:
            cursor.execute(statement)
    tables = ("audit_accessentry", "audit_accessseal", "referrals_caseevent", "referrals_historicalchild")
    with become_owner(), connection.cursor() as cursor:
        for statement in (*changes, *(f"TRUNCATE {table} CASCADE" for table in tables)):
            with pytest.raises(DatabaseError, match="append-only"):
                cursor.execute(statement)


def test_the_command_seals_verifies_and_names_what_is_broken(sealed_log: list[int]) -> None:
    said = StringIO()
    call_command("audit", "seal", stdout=said)
    call_command("audit", "verify", stdout=said)
    assert "0 entries sealed" in said.getvalue()
    assert "12 entries under 3 seals hold" in said.getvalue()
    assert tasks.log_seal() == 0
    assert tasks.log_verify()
    broken = f"seal 2, position {sealed_log[5]}: the entry was removed"
    removed = as_owner("DELETE FROM audit_accessentry WHERE position = %(sixth)s", sixth=sealed_log[5])
    with removed:
        assert not tasks.log_verify()
        with pytest.raises(CommandError, match=broken):
            call_command("audit", "verify")
