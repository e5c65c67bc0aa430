"""What is taken back in mid-session opens nothing on the very next request.

A person opens a page, something that opened it is revoked, the same person with the same session asks again.
`manage.py test --proof revocation [--full]` does it 1,000 times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction

from agencies.choices import Course
from agencies.models import Designation, DisclosureCell, ProtocolVersion, Training
from agencies.services.staff import membership_settle, person_deactivate
from cseccase.confidentiality.context import acting_because
from referrals.models import PAPER_MODELS, CaseFile, CaseParty, Child, SeatFact
from referrals.services.sharing import sharing_settle
from tests.access import doors
from tests.access.doors import DOORS, known, may
from tests.access.oracle import FULL, NOTHING
from tests.access.planting import MARK
from tests.access.states import Persona, Scene, Stage, stage_make, told_of
from tests.proofs.test_access import Walk, still

WHY = "proof"
PAGES = [name for name, door in DOORS.items() if door.part and not door.loose and door.who == "signed in"]


def part_ends(stage: Stage, scene: Scene, persona: Persona, now: datetime) -> None:
    """The agency leaves: its parts and seats end and its papers are revoked."""
    with acting_because(WHY):
        file = CaseFile.objects.unrestricted(because=WHY).get(pk=scene.case_id)
        agency = {"case_file": file, "agency": persona.reader.agency}
        for model in (CaseParty, SeatFact):
            for row in model.objects.unrestricted(because=WHY).filter(**agency, until=None):
                row.until = now
                row.save()
        papers_revoke(agency, now)
        sharing_settle(case_file=file, now=now)


def papers_revoke(which: dict[str, Any], now: datetime) -> None:
    for model in PAPER_MODELS:
        for paper in model.objects.unrestricted(because=WHY).filter(**which, revoked_at=None):
            paper.revoked_at, paper.revoked_why = now, "Taken back."
            paper.save()


def one_paper_is_revoked(stage: Stage, scene: Scene, persona: Persona, now: datetime) -> None:
    with acting_because(WHY):
        file = CaseFile.objects.unrestricted(because=WHY).get(pk=scene.case_id)
        papers_revoke({"case_file": file, "agency": persona.reader.agency}, now)
        sharing_settle(case_file=file, now=now)


def child_turns_eighteen(stage: Stage, scene: Scene, persona: Persona, now: datetime) -> None:
    with acting_because(WHY):
        file = CaseFile.objects.unrestricted(because=WHY).get(pk=scene.case_id)
        child = Child.objects.unrestricted(because=WHY).get(case_file=file)
        child.born_on = date(now.year - 19, 1, 1)
        child.save()
        sharing_settle(case_file=file, now=now)


def designation_ends(stage: Stage, scene: Scene, persona: Persona, now: datetime) -> None:
    """No grant and no group is touched: the date alone must do it."""
    Designation.objects.filter(person=persona.person).update(ends_on=(now - timedelta(days=2)).date())


def training_runs_out(stage: Stage, scene: Scene, persona: Persona, now: datetime) -> None:
    assert persona.person is not None
    rows = Training.objects.filter(person=persona.person, course=Course.CSEC_101)
    rows.update(expires_on=(now - timedelta(days=2)).date())
    membership_settle(person=persona.person, now=now)


def person_leaves(stage: Stage, scene: Scene, persona: Persona, now: datetime) -> None:
    assert persona.person is not None
    person_deactivate(person=persona.person, now=now)


def agreement_is_withdrawn(stage: Stage, scene: Scene, persona: Persona, now: datetime) -> None:
    """A new version of the protocol opens nothing to this role any more; no grant is rewritten."""
    county = stage.world.county
    old = ProtocolVersion.objects.filter(county=county).latest("number")
    new = ProtocolVersion.objects.create(
        county=county, number=old.number + 1, effective_at=now, approved_by="County Counsel"
    )
    DisclosureCell.objects.bulk_create(
        DisclosureCell(
            version=new,
            category=cell.category,
            role=cell.role,
            access="N" if cell.role == persona.reader.role else cell.access,
            basis=cell.basis,
        )
        for cell in old.cells.all()
    )


Revocation = Callable[[Stage, Scene, Persona, datetime], None]
ALL_CLOSES: tuple[Revocation, ...] = (designation_ends, training_runs_out, person_leaves)
BY_FACTS: tuple[Revocation, ...] = (part_ends, one_paper_is_revoked, child_turns_eighteen)


def still_known(walk: Walk, scene: Scene, persona: Persona, act: Revocation) -> dict[Any, str]:
    """What the policy lets the person know after the revocation, section by section."""
    if act in ALL_CLOSES:
        return dict.fromkeys(scene.shelves, NOTHING)
    if act is agreement_is_withdrawn:  # duties are the product's own category, beside the agreement
        before = doors.answers(persona, scene, walk.now, walk.policy)
        return {pk: before[pk] if shelf.category == "d01" else NOTHING for pk, shelf in scene.shelves.items()}
    with acting_because(WHY):
        file = CaseFile.objects.unrestricted(because=WHY).get(pk=scene.case_id)
        told = told_of(file, walk.stage.world)
    from tests.access.oracle import may_know

    return {
        pk: may_know(persona.reader, told, shelf, walk.now, policy=walk.policy)
        for pk, shelf in scene.shelves.items()
    }


def revoked(times: int, *, seed: int) -> tuple[Counter[str], list[str]]:
    chance, found, stale = Random(seed), Counter[str](), list[str]()
    doors._answers.clear()
    stage = stage_make(datetime.now(UTC), ("everything", "seated"))
    now = datetime.now(UTC)
    with still(now) as lines:
        walk = Walk(stage, now, lines)
        while found["revocations"] < times:
            scene, persona = chance.choice(stage.scenes), chance.choice(stage.personas)
            route, act = (
                walk.routes[chance.choice(PAGES)],
                chance.choice((*ALL_CLOSES, *BY_FACTS, agreement_is_withdrawn)),
            )
            door = DOORS[route.name]
            if (
                persona.person is None
                or not known(persona, scene, door, walk.now, walk.policy)
                or not may(persona, door.who)
            ):
                continue
            if persona.reader.role == "CW" and act in BY_FACTS:
                continue  # the lead agency's part lasts as long as the file
            with transaction.atomic():
                before, _ = walk._ask(route, persona, "get", walk._parts(scene))
                act(stage, scene, persona, walk.now)
                after = still_known(walk, scene, persona, act)
                answer, text = walk._ask(route, persona, "get", walk._parts(scene))
                transaction.set_rollback(True)
            found["revocations"] += 1
            found[f"by {act.__name__}".replace("_", " ")] += 1
            found["open before"] += before.status_code < 400
            stale += [
                f"{route.name} {persona.name} {act.__name__}: {why}"
                for why in staleness(walk, scene, door.part, after, answer, text)
            ]
    return found, stale


def staleness(
    walk: Walk, scene: Scene, part: str, after: dict[Any, str], answer: Any, text: str
) -> list[str]:
    """Why an answer after the revocation is one too many."""
    found = []
    gone = all(one == NOTHING for one in after.values())
    hidden = gone if part == "case_id" else after.get(scene.stands_in[part], NOTHING) == NOTHING
    if hidden and answer.status_code == 200 and "not needed at this meeting any more" not in text:
        found.append(f"answered {answer.status_code}")
    marks = walk.stage.bed.marks
    told = {marks[mark] for mark in MARK.findall(text) if mark in marks}
    return found + [f"told {one.kind}.{one.field}" for one in told if after.get(one.section, NOTHING) != FULL]


@pytest.mark.django_db
def test_what_is_revoked_in_mid_session_is_gone_on_the_next_request() -> None:
    found, stale = revoked(12, seed=3)
    assert stale == []
    assert found["open before"] == 12


@pytest.mark.proof("revocation")
@pytest.mark.django_db
def test_many_revocations(proof_is_full: bool, proof_counts: dict[str, int]) -> None:
    found, stale = revoked(1_000 if proof_is_full else 60, seed=4)
    proof_counts.update({name.replace(" ", "_"): count for name, count in sorted(found.items())})
    proof_counts["stale"] = len(stale)
    assert stale[:5] == []
