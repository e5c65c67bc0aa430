"""Both walls say of every record what the policy says, each of them also alone.

A world is one child's case with its own random facts; the cases of a round stand in one database, so a wall that mixed
them up would show. `manage.py test --proof walls [--full]` grows 1,000 of them; a short form runs with every change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from agencies.viewers import viewer_of, viewer_with_emergencies
from cseccase.confidentiality.context import acting_because, reading_summaries, viewing_as
from cseccase.confidentiality.viewer import Viewer
from tests.access.oracle import FULL, NOTHING, SUMMARY, may_know, of_the_record, policy_read
from tests.access.planting import Bed, sectioned_models
from tests.access.random_worlds import Case, Land, case_grow, land_make
from tests.access.walls import database_wall_down, query_wall_down

ROUND, ALONE, PARTS = 40, 4, 5
"""Worlds that stand in one database together; one person in so many looks with one wall down."""
WALLS = {"both": nullcontext, "query down": query_wall_down, "database down": database_wall_down}


def by_query(viewer: Viewer) -> tuple[set[UUID], set[UUID]]:
    """Ids seen in full, and ids of summaries, by the first wall's own words."""
    whole, *others = [
        model.objects.visible_to(viewer).order_by().values_list("pk", flat=True)  # type: ignore[attr-defined]
        for model in sectioned_models()
    ]
    reduced: set[UUID] = set()
    for model in sectioned_models():
        rows: Any = model.objects  # type: ignore[attr-defined]
        reduced.update(row["id"] for row in rows.summarised_to(viewer).summaries())
    return set(whole.union(*others, all=True)), reduced


def by_database() -> tuple[set[UUID], set[UUID], set[UUID]]:
    """The same, with plain SQL and no condition at all; and whole versions in the history."""
    tables = [model._meta.db_table for model in sectioned_models()]
    past = [model.history.model._meta.db_table for model in sectioned_models()]  # type: ignore[attr-defined]
    full = _ids(tables)
    with reading_summaries():
        some = _ids(tables)
    return full, some, _ids(past)


def _ids(tables: list[str]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f'SELECT id FROM "{table}"' for table in tables))
        return {pk for (pk,) in cursor.fetchall()}


def compare(
    land: Land, cases: list[Case], bed: Bed, now: datetime, found: Counter[str], every: int
) -> list[str]:
    """Every person against every record; what each wall lets through, and what the policy says."""
    policy, wrong = policy_read(), []
    told = {section: (case.told, shelf) for case in cases for section, shelf in case.shelves.items()}
    called_out = {look.person for case in cases for look in case.told.looks}
    looking = [(reader, person, viewer_of(person, now=now)) for reader, person in land.readers[::every]]
    looking += [
        (replace(reader, reads_in_emergency=True), person, in_emergency(viewer, now))
        for reader, person, viewer in looking
        if reader.person in called_out
    ]
    for number, (reader, person, viewer) in enumerate(looking):
        answers = {
            section: may_know(reader, facts, shelf, now, policy=policy)
            for section, (facts, shelf) in told.items()
        }
        known = {
            pk: of_the_record(answers[one.section], one.kind, reader, told[one.section][1])
            for pk, one in bed.records.items()
        }
        full = {pk for pk, answer in known.items() if answer == FULL}
        some = {pk for pk, answer in known.items() if answer != NOTHING}
        summarised = {pk for pk in some if bed.records[pk].kind in SUMMARISED}
        found["opened in full"] += len(full)
        found["opened in summary"] += len(some) - len(full)
        found["kept back"] += len(bed.records) - len(some)
        for name, wall in WALLS.items():
            if name != "both" and (number + found["worlds"] // ROUND) % ALONE:
                continue
            with wall(), viewing_as(viewer):
                seen = by_query(viewer)
                pairs = [("visible_to", seen[0], full), ("summaries", seen[1], summarised)]
                if name == "both":
                    plain = by_database()
                    pairs += [("rows", plain[0], full), ("rows for summaries", plain[1], some)]
                    pairs += [("history", plain[2], full)]
            for what, got, right in pairs:
                found["comparisons"] += 1
                for pk in got ^ right:
                    planted = bed.records[pk]
                    facts, shelf = told[planted.section]
                    way = "LEAK" if pk in got else "REFUSED"
                    found[way] += 1
                    wrong.append(
                        f"{way} {name}/{what}: {reader.role} {person} {planted.kind} in {shelf}; {facts}"
                    )
    return wrong


def in_emergency(viewer: Viewer, now: datetime) -> Viewer:
    """The same person on a page that only reads, holding open what they broke the glass of."""
    with acting_because("proof"):
        return viewer_with_emergencies(viewer, now=now, only_reads=True)


def _summarised() -> frozenset[str]:
    return frozenset(model.__name__ for model in sectioned_models() if model.SUMMARY_FIELDS)  # type: ignore[attr-defined]


SUMMARISED = _summarised()
assert SUMMARY and "CaseEvent" in SUMMARISED


def rounds(
    number: int,
    *,
    seed: int,
    worlds: int = ROUND,
    every: int = 1,
    say: Callable[[str], None] = lambda words: None,
) -> tuple[Counter[str], list[str]]:
    """Rounds of random worlds, each rolled back after it was looked at by everybody."""
    chance, found, wrong = Random(seed), Counter[str](), list[str]()
    land = land_make()
    for _ in range(number):
        with transaction.atomic():
            bed, now = Bed(), datetime.now(UTC)
            cases = [case_grow(land, chance, bed, policy=policy_read(), now=now) for _ in range(worlds)]
            found["worlds"] += len(cases)
            wrong += compare(land, cases, bed, now, found, every)
            say(f"{found['worlds']:,} worlds")
            transaction.set_rollback(True)
    return found, wrong


@pytest.mark.django_db
def test_both_walls_and_each_alone_say_what_the_policy_says() -> None:
    found, wrong = rounds(1, seed=5, worlds=4, every=2)
    assert wrong[:3] == []
    assert found["opened in full"] and found["opened in summary"] and found["kept back"]


@pytest.mark.proof("walls")
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.django_db
def test_walls_over_many_worlds(
    part: int, proof_is_full: bool, proof_counts: dict[str, int], proof_says: Callable[[str], None]
) -> None:
    found, wrong = rounds(
        5 if proof_is_full else 1, seed=6 + part, worlds=ROUND if proof_is_full else 8, say=proof_says
    )
    proof_counts.update({name.replace(" ", "_"): count for name, count in sorted(found.items())})
    proof_counts.update(leaks=found["LEAK"], refused=found["REFUSED"])
    assert not wrong, "\n".join(wrong[:: max(1, len(wrong) // 20)])
