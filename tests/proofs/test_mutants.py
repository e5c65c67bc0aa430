"""Faults seeded into the code that protects are all noticed, each by itself. The list is `tests/access/mutants.py`.

The same ground for all: one county with a case in every telling state, committed, because policies of the database are
changed too. `manage.py test --proof mutants --full` tries them all and `MUTANTS_TABLE=write` writes the result to
`tests/access/mutants.csv`; a share is tried with every change.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction

from agencies.choices import Duty, Role
from agencies.disclosure import CaseFacts, GrantDue, Matrix, SectionFact, grants_due
from agencies.models import Designation
from agencies.selectors.protocol import matrix_in_force
from agencies.viewers import viewer_of
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.encryption.fields import SealedFieldRefused
from referrals.models import CaseFile, CaseParty, SeatFact
from referrals.services.sharing import case_facts, sharing_settle
from tests.access import doors
from tests.access.mutants import MUTANTS, Mutant
from tests.access.oracle import FULL, NOTHING, SUMMARY, may_know, of_the_record, policy_read
from tests.access.planting import MARK, sectioned_models
from tests.access.states import Scene, Stage, settled_at, stage_make, told_of
from tests.access.walls import database_wall_down
from tests.proofs.test_access import Lines, Walk, still
from tests.proofs.test_walls import SUMMARISED, by_database, by_query, in_emergency
from tests.worlds import county_today, person_make

TABLE = Path("tests/access/mutants.csv")
WHY = "proof"
GROUND = (
    "everything", "seated", "ended", "revoked", "lapsed", "adult", "to come", "near misses", "restricted", "sealed",
    "looked", "looked over",
)  # fmt: skip
LOOKERS = ("worker", "untrained", "CW committee", "PO supervisor")
PAGE_PEOPLE = ("ED worker", "DA worker", "SM worker", "ADV worker", "CASA worker", "CW worker")
WITHDRAWN = frozenset({"r01", "r03"})


def _due(matrix: Matrix, facts: CaseFacts, sections: list[SectionFact], now: datetime) -> frozenset[GrantDue]:
    return grants_due(matrix=matrix, facts=facts, sections=sections, now=now)


class Court:
    """Judges whether what the code lets through is what the policy says; names the first thing that is not."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.policy = stage, policy_read()
        self.people = [p for p in stage.personas if p.person is not None and p.name.endswith(LOOKERS)]
        self.walk: Walk | None = None
        self.cases: list[tuple[Scene, Callable[[datetime], frozenset[GrantDue]]]] = []

    def judged(self, mutant: Mutant) -> str:
        """What is wrong under a mutant. A sealed field that refuses to be read out has noticed it too."""
        try:
            return next(iter(getattr(self, f"_by_{mutant.judge}")(mutant)), "")
        except SealedFieldRefused as refusal:
            return str(refusal).split(":")[0]

    def _by_rule(self, mutant: Mutant) -> Iterator[str]:
        """The grants that the rule calls for, against the policy; no database."""
        now = datetime.now(UTC)
        for scene, due in self._cases():
            at = settled_at(scene.state, now)
            grants = [g for g in due(at) if g.ends_at is None or g.ends_at > now]
            for persona in self.people:
                mine = [
                    g
                    for g in grants
                    if persona.reader.works_cases
                    and {g.agency, g.person} & {persona.reader.agency, persona.reader.person}
                ]
                opened = {(g.section, g.permission) for g in mine}
                for section, shelf in scene.shelves.items():
                    reader = replace(persona.reader, reads_in_emergency=True)
                    right = may_know(reader, scene.told, shelf, now, policy=self.policy)
                    got = (
                        FULL
                        if (section, "see") in opened
                        else SUMMARY
                        if (section, "see_summary") in opened
                        else NOTHING
                    )
                    if got != right:
                        yield f"{persona.name}, {scene.state}, {shelf.category}: {got} instead of {right}"
                        return

    def _cases(self) -> list[tuple[Scene, Callable[[datetime], frozenset[GrantDue]]]]:
        """For each case what the rule says of it at a moment; the facts are read once."""
        if not self.cases:
            with acting_because(WHY):
                for scene in self.stage.scenes:
                    file = CaseFile.objects.unrestricted(because=WHY).get(pk=scene.case_id)
                    sections = [
                        SectionFact(pk, s.category, s.custodian, s.author, s.meeting, s.sealed is not None)
                        for pk, s in scene.shelves.items()
                    ]
                    facts = case_facts(case_file=file, now=settled_at(scene.state, datetime.now(UTC)))
                    due = partial(
                        _due, matrix_in_force(file.county_id, now=datetime.now(UTC)), facts, sections
                    )
                    self.cases.append((scene, due))
        return self.cases

    def _by_settled(self, mutant: Mutant) -> Iterator[str]:
        """Grants written anew by the mutant, and once more after what opened them ended."""
        with transaction.atomic():
            now = datetime.now(UTC)
            with acting_because(WHY):
                for scene in self.stage.scenes:
                    file = CaseFile.objects.unrestricted(because=WHY).get(pk=scene.case_id)
                    sharing_settle(case_file=file, now=settled_at(scene.state, now))
            found = next(self._rows(self.stage.scenes, now, query=True), "")
            if not found:
                found = next(self._rows([self._everything_ends(now)], datetime.now(UTC), query=True), "")
            transaction.set_rollback(True)
        if found:
            yield found

    def _everything_ends(self, now: datetime) -> Scene:
        scene = next(one for one in self.stage.scenes if one.state == "seated")
        with acting_because(WHY):
            file = CaseFile.objects.unrestricted(because=WHY).get(pk=scene.case_id)
            for model in (CaseParty, SeatFact):
                for row in (
                    model.objects.unrestricted(because=WHY).filter(case_file=file).exclude(agency__role="CW")
                ):
                    row.until = now
                    row.save()
            sharing_settle(case_file=file, now=now)
            return replace(scene, told=told_of(file, self.stage.world))

    def _by_query(self, mutant: Mutant) -> Iterator[str]:
        with database_wall_down():
            yield from self._rows(self.stage.scenes, datetime.now(UTC), query=True)

    def _by_database(self, mutant: Mutant) -> Iterator[str]:
        yield from self._rows(self.stage.scenes, datetime.now(UTC), query=False)

    def _by_withdrawn(self, mutant: Mutant) -> Iterator[str]:
        """An agreement that no longer opens two categories, before any grant is rewritten."""
        query = mutant.where != "sql"
        with ExitStack() as stack:
            if query:
                stack.enter_context(database_wall_down())
            yield from self._rows(self.stage.scenes, datetime.now(UTC), query=query, withdrawn=WITHDRAWN)

    def _by_people(self, mutant: Mutant) -> Iterator[str]:
        """Somebody whose designation ended yesterday, or begins tomorrow, while the group still holds them."""
        with transaction.atomic():
            person = person_make(self.stage.world.agencies[Role.EDUCATION.value], Duty.COORDINATOR)
            today = county_today()
            for starts, ends in (
                (today - timedelta(days=9), today - timedelta(days=2)),
                (today + timedelta(days=2), None),
            ):
                Designation.objects.filter(person=person).update(starts_on=starts, ends_on=ends)
                viewer = viewer_of(person, now=datetime.now(UTC))
                if viewer.groups or viewer.full or viewer.duties:
                    yield f"designated {starts} to {ends}, yet {len(viewer.full)} categories open"
            Designation.objects.filter(person=person).update(duty=Duty.COMMITTEE, starts_on=date(2025, 1, 1))
            if viewer_of(person, now=datetime.now(UTC)).groups:
                yield "a committee member works cases"
            transaction.set_rollback(True)

    def _by_fields(self, mutant: Mutant) -> Iterator[str]:
        """What summaries hold: nothing marked that the reader does not know in full anyway."""
        now, marks = datetime.now(UTC), self.stage.bed.marks
        for persona in self.people:
            assert persona.person is not None
            viewer = viewer_of(persona.person, now=now)
            with viewing_as(viewer):
                told = [
                    str(row)
                    for model in sectioned_models()
                    for row in model.objects.summarised_to(viewer).summaries()
                ]  # type: ignore[attr-defined]
            for one in (marks[mark] for row in told for mark in MARK.findall(row)):
                scene = self.stage.scene_of(one.case)
                if (
                    may_know(persona.reader, scene.told, scene.shelves[one.section], now, policy=self.policy)
                    != FULL
                ):
                    yield f"{one.kind}.{one.field} in a summary to {persona.name}"

    def _by_pages(self, mutant: Mutant) -> Iterator[str]:
        now = datetime.now(UTC)
        with still(now) as lines, database_wall_down():
            walk = self._walk(now, lines)
            for persona in walk.stage.personas:
                if persona.name in PAGE_PEOPLE:
                    for scene in self.stage.scenes:
                        if scene.state in {"seated", "ended"}:
                            walk.cell(walk.routes[mutant.at], persona, scene, "get")
                            yield from walk.wrong

    def _walk(self, now: datetime, lines: Lines) -> Walk:
        if self.walk is None:
            self.walk = Walk(self.stage, now, lines)
        self.walk.now, self.walk.lines = now, lines
        self.walk.absent.clear()
        self.walk.wrong.clear()
        return self.walk

    def _rows(
        self, scenes: list[Scene], now: datetime, *, query: bool, withdrawn: frozenset[str] = frozenset()
    ) -> Iterator[str]:
        asked = {scene.case_id for scene in scenes}
        beds = {pk: one for pk, one in self.stage.bed.records.items() if one.case in asked}
        called_out = {look.person for scene in scenes for look in scene.told.looks}
        readers = [(persona, False) for persona in self.people]
        readers += [(persona, True) for persona in self.people if persona.reader.person in called_out]
        for persona, in_an_emergency in readers:
            assert persona.person is not None
            reader = replace(persona.reader, reads_in_emergency=in_an_emergency)
            viewer = viewer_of(persona.person, now=now)
            if in_an_emergency:
                viewer = in_emergency(viewer, now)
            viewer = replace(viewer, full=viewer.full - withdrawn, summary=viewer.summary - withdrawn)
            known: dict[UUID, str] = {}
            for scene in scenes:
                for section, shelf in scene.shelves.items():
                    gone = shelf.category in withdrawn
                    known[section] = (
                        NOTHING if gone else may_know(reader, scene.told, shelf, now, policy=self.policy)
                    )
            shelves = {section: shelf for scene in scenes for section, shelf in scene.shelves.items()}
            of_each = {
                pk: of_the_record(known[one.section], one.kind, reader, shelves[one.section])
                for pk, one in beds.items()
            }
            full = {pk for pk, answer in of_each.items() if answer == FULL}
            some = {pk for pk, answer in of_each.items() if answer != NOTHING}
            for what, got, right in self._seen(viewer, full, some, beds.keys(), query=query):
                for pk in (got & beds.keys()) ^ right:
                    way = "given" if pk in got else "kept back"
                    yield f"{what}: {beds[pk].kind} {way}, {persona.name}"
                    return

    def _seen(
        self, viewer: Viewer, full: set[UUID], some: set[UUID], all_: object, *, query: bool
    ) -> Iterator[tuple[str, set[UUID], set[UUID]]]:
        with viewing_as(viewer):
            if query:
                whole, reduced = by_query(viewer)
                kinds = self.stage.bed.records
                yield "visible_to", whole, full
                yield "summaries", reduced, {pk for pk in some if kinds[pk].kind in SUMMARISED}
            else:
                rows, summaries, past = by_database()
                yield "rows", rows, full
                yield "rows for summaries", summaries, some
                yield "history", past, full


def tried(mutants: list[Mutant]) -> list[tuple[Mutant, str]]:
    """Each mutant with what noticed it; the sound code is judged first, and must be found sound."""
    doors._answers.clear()
    court = Court(stage_make(datetime.now(UTC), GROUND))
    for mutant in {one.judge: one for one in mutants}.values():
        assert court.judged(mutant) == "", f"the sound code does not pass {mutant.judge}"
    return [one_tried(court, mutant) for mutant in mutants]


def one_tried(court: Court, mutant: Mutant) -> tuple[Mutant, str]:
    with mutant.at_large():
        return mutant, court.judged(mutant)


def survivors(found: list[tuple[Mutant, str]]) -> list[str]:
    return [mutant.name for mutant, noticed in found if not noticed]


def test_at_least_sixty_mutants_are_listed_and_the_committed_result_names_each() -> None:
    names = [mutant.name for mutant in MUTANTS]
    assert len(names) == len(set(names)) >= 60
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = {row["mutant"]: row["noticed"] for row in csv.DictReader(file)}
    assert rows.keys() == set(names), "run the proof with MUTANTS_TABLE=write"
    assert all(rows.values()), "a survivor"


@pytest.mark.parametrize("mutant", [one for one in MUTANTS if one.old], ids=lambda one: one.name)
def test_a_mutant_still_finds_the_words_it_changes(mutant: Mutant) -> None:
    with mutant.at_large():
        pass


@pytest.mark.django_db(transaction=True)
def test_a_share_of_the_mutants_is_noticed() -> None:
    assert survivors(tried(list(MUTANTS[::12]))) == []


@pytest.mark.proof("mutants")
@pytest.mark.django_db(transaction=True)
def test_all_mutants_are_noticed(proof_is_full: bool, proof_counts: dict[str, int]) -> None:
    chosen = list(MUTANTS if proof_is_full else MUTANTS[::3])
    found = tried(chosen)
    proof_counts.update(mutants=len(found), killed=len(found) - len(survivors(found)))
    if os.environ.get("MUTANTS_TABLE") == "write":
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["mutant", "where", "judge", "noticed"])
            writer.writerows([m.name, m.where, m.judge, noticed] for m, noticed in found)
    assert survivors(found) == []
