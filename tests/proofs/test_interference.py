"""Every list, count, filter, search and page answers as on a database from which the invisible rows were deleted.

In a random world somebody looks at everything they can reach; then every record, section, grant and case file that the
policy keeps from them is deleted, and they look again: the same bytes. `manage.py test --proof interference [--full]`
does it in 1,000 worlds, in parts that can run beside one another (`-n 2`); each asks every list and search, and some of the
pages of each case. Left out on purpose: the county's own counts, which are of everybody and masked for all alike; the shared
index for those who receive reports (WIC 18961.5), which is county-wide by law; and until when a team of two may share, which
its members must know though it is counted from reports that not all of them may read (WIC 18961.7(c)).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from agencies.models import Person
from cseccase.confidentiality.context import acting_because
from referrals.models import CaseFile, FileSection, SeatFact, SectionGroupGrant, SectionUserGrant
from tests.access.oracle import NOTHING, Reader, may_know, policy_read
from tests.access.planting import Bed, sectioned_models
from tests.access.random_worlds import Case, case_grow, land_make
from tests.pages import BACKEND
from tests.proofs.test_access import plain, still, text_of

WHY = "proof"
LISTS = (
    "/cases/", "/duties/", "/duties/?team=1", "/meetings/", "/meetings/?which=past", "/actions/", "/notices/",
    "/api/cases", "/api/referrals", "/api/duties", "/api/meetings",
)  # fmt: skip
OF_A_CASE = (
    "/cases/{case}", "/cases/{case}/timeline", "/cases/{case}/reports", "/cases/{case}/status", "/cases/{case}/history",
    "/cases/{case}/meetings", "/cases/{case}/safety-plan", "/cases/{case}/sharing", "/api/cases/{case}/events",
    "/api/cases/{case}/duties",
)  # fmt: skip
PAGES_A_CASE, CASES, PARTS = 4, 2, 4
WINDOW = re.compile(r", (may share|shared) until [^<]+")
"""What a page says of how long a team of two may share, or one that falls to two."""


@contextmanager
def deleting_allowed() -> Iterator[None]:
    """For this proof alone the application may delete; row-level security still asks for a reason."""
    tables = ", ".join(f'"{model._meta.db_table}"' for model in (*sectioned_models(), FileSection, CaseFile))
    as_owner(f"GRANT DELETE ON {tables} TO {settings.DATABASE_APP_ROLE}")
    try:
        yield
    finally:
        as_owner(f"REVOKE DELETE ON {tables} FROM {settings.DATABASE_APP_ROLE}")


def as_owner(statement: str) -> None:
    owner, given = settings.DATABASE_OWNER, connection.get_connection_params()
    link = psycopg2.connect(
        **{key: given[key] for key in ("dbname", "host", "port") if key in given},
        user=owner["USER"],
        password=owner["PASSWORD"],
    )
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(statement)
    link.close()


def invisible(reader: Reader, cases: list[Case], now: datetime) -> set[UUID]:
    """Sections of which the policy lets this person know nothing, on no page: not even one that an emergency opens."""
    policy, reader = policy_read(), replace(reader, reads_in_emergency=True)
    return {
        section
        for case in cases
        for section, shelf in case.shelves.items()
        if may_know(reader, case.told, shelf, now, policy=policy) == NOTHING
    }


def seats_keep(sections: set[UUID]) -> None:
    """Who sits on a team stands in the index, for the sharing rule; its members know it as they know its minutes.

    So that it does not go with an index that a member may not read, it moves to the minutes that this person reads.
    """
    with acting_because(WHY), connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{SeatFact._meta.db_table}" seat SET section_id = minutes.id '
            f'FROM "{FileSection._meta.db_table}" minutes WHERE minutes.case_file_id = seat.case_file_id '
            "AND minutes.meeting = seat.meeting AND NOT minutes.id = ANY(%s::uuid[])",
            [list(sections)],
        )


def erase(sections: set[UUID]) -> int:
    """Deletes them with everything in them, and files of which nothing is left. Returns how many rows went."""
    gone, ids = 0, [list(sections)]
    with acting_because(WHY), connection.cursor() as cursor:
        for model in sectioned_models():
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE section_id = ANY(%s::uuid[])', ids)
            gone += cursor.rowcount
        for grant in (SectionGroupGrant, SectionUserGrant):
            cursor.execute(
                f'DELETE FROM "{grant._meta.db_table}" WHERE content_object_id = ANY(%s::uuid[])', ids
            )
        cursor.execute(f'DELETE FROM "{FileSection._meta.db_table}" WHERE id = ANY(%s::uuid[])', ids)
        cursor.execute(
            f'DELETE FROM "{CaseFile._meta.db_table}" f WHERE NOT EXISTS '
            f'(SELECT 1 FROM "{FileSection._meta.db_table}" s WHERE s.case_file_id = f.id)'
        )
        return gone + cursor.rowcount


def questions(chance: Random, cases: list[UUID]) -> list[str]:
    """Every list, and of each case some of its addresses."""
    asked = [*LISTS]
    for case in cases:
        asked += [address.format(case=case) for address in chance.sample(OF_A_CASE, PAGES_A_CASE)]
    return asked


def read(answer: Any) -> tuple[int, bytes]:
    """The answer to the byte, but for how long a team of two may share."""
    text = text_of(answer)
    if WINDOW.search(text):
        text = WINDOW.sub("", text)
        del answer.headers["Content-Length"]
    return plain(answer, text)


def everything_asked(client: Client, paths: list[str], names: list[str]) -> dict[str, Any]:
    """The answer to every question that this person puts to lists, searches and cases."""
    found = {}
    for path in paths:
        with transaction.atomic():
            answer = client.get(path)
            found[path] = read(answer)
            transaction.set_rollback(True)
    for name in names:
        with transaction.atomic():
            answer = client.post("/find", {"q": name})
            found[f"search {name}"] = read(answer)
            transaction.set_rollback(True)
    return found


def looked_at(
    worlds: int, *, seed: int, say: Callable[[str], None] = lambda words: None
) -> tuple[Counter[str], list[str]]:
    chance, found, wrong = Random(seed), Counter[str](), list[str]()
    land = land_make()
    with deleting_allowed(), still(datetime.now(UTC)):
        for number in range(worlds):
            if number % 50 == 0:
                say(f"{number} worlds")
            reader, person = chance.choice(land.readers)
            with transaction.atomic():
                wrong += one_world(land, chance, reader, person, found)
                transaction.set_rollback(True)
            found["worlds"] += 1
    return found, wrong


def one_world(land: Any, chance: Random, reader: Reader, person: Person, found: Counter[str]) -> list[str]:
    bed, now = Bed(), datetime.now(UTC)
    cases = [case_grow(land, chance, bed, policy=policy_read(), now=now) for _ in range(CASES)]
    ids = sorted({planted.case for planted in bed.marks.values()})
    receives = reader.role in {"CW", "PO"} and reader.works_cases
    names = [] if receives else [
        mark for mark, planted in bed.marks.items() if (planted.kind, planted.field) == ("Child", "family_name")
    ]  # fmt: skip
    client = Client(raise_request_exception=False)
    if person.is_active:
        client.force_login(person, backend=BACKEND)
    paths = questions(chance, ids)
    before = everything_asked(client, paths, names)
    hidden = invisible(reader, cases, now)
    seats_keep(hidden)
    found["rows erased"] += erase(hidden)
    after = everything_asked(client, paths, names)
    found["answers compared"] += len(before)
    found["answers that opened"] += sum(status < 300 for status, _ in before.values())
    return [
        f"{reader.role} {person}: {path} {before[path][0]} then {after[path][0]}"
        for path in before
        if before[path] != after[path] or before[path][0] >= 500
    ]


@pytest.mark.django_db
def test_answers_do_not_depend_on_what_is_invisible() -> None:
    found, wrong = looked_at(2, seed=8)
    assert wrong == []
    assert found["rows erased"] and found["answers that opened"]


@pytest.mark.proof("interference")
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.django_db
def test_answers_do_not_depend_on_what_is_invisible_in_many_worlds(
    part: int, proof_is_full: bool, proof_counts: dict[str, int], proof_says: Callable[[str], None]
) -> None:
    found, wrong = looked_at((1_000 if proof_is_full else 32) // PARTS, seed=9 + part, say=proof_says)
    proof_counts.update({name.replace(" ", "_"): count for name, count in sorted(found.items())})
    proof_counts["different"] = len(wrong)
    assert not wrong, "\n".join(wrong[:20])
