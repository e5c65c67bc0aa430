"""Every cell of the matrix, 27 categories by 17 roles, through real rows and both walls.

The expectation is an independent reading of the CSV: it shares no code with the rule that writes the grants.
Each role is tried three times on the same case: without any fact, with every fact its cells ask for, after all of
them were revoked. In each state the first wall (the query) must say exactly what the cell says, and the second (plain SQL
as the application role) must give whole rows to those who see them in full and to nobody else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

from agencies.choices import Duty, Role
from agencies.models import Agency, Person, Training
from agencies.services.staff import membership_settle
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from referrals.choices import PartyKind
from referrals.models import PAPER_MODELS, CaseEvent, CaseFile, CaseParty, SeatFact
from referrals.services.sharing import Joining, SectionKey, file_extend, sharing_settle
from tests.referrals.papers import paper_on_file
from tests.worlds import World, county_make, county_today, person_make

pytestmark = pytest.mark.django_db
WHY = "test"
MATRIX = Path("agencies/disclosure/default_matrix.csv")
CELLS = {
    (row["id"], role.value): row[role.value].split(" ", 1)
    for row in csv.DictReader(MATRIX.read_text(encoding="utf-8").splitlines())
    for role in Role
    if row["id"] != "r28"
}
FULL, SUMMARY, NOTHING = "full", "summary", "nothing"
PRIVATE = {"author", "custodian"}


def expected(category: str, role: Role) -> str:
    """What the role sees of a category when every fact that its cell asks for is there."""
    if role is Role.STEERING_COMMITTEE:
        return NOTHING
    return {"S": FULL, "Σ": SUMMARY, "A": FULL, "N": NOTHING}[CELLS[category, role.value][0]]


@dataclass
class Tried:
    """One role's agency with a worker, a colleague, and a case that has a section and a record of every category."""

    world: World
    agency: Agency
    worker: Person
    case_file: CaseFile
    records: dict[str, UUID]
    meeting: UUID


def prepare(world: World, role: Role) -> Tried:
    now = datetime.now(UTC)
    agency = world.agencies[role.value]
    worker = world.person(role)
    recorder = world.person(Role.CHILD_WELFARE, Duty.HOTLINE)
    meeting = uuid4()
    with acting_because(WHY):
        case_file = CaseFile(county=world.county, opened_at=now)
        case_file.save()
        keys = {
            category: section_key(category, role, agency, worker, meeting)
            for category, r in CELLS
            if r == role
        }
        sections = file_extend(case_file=case_file, recorded_by=recorder.pk, now=now, sections=keys.values())
        records = {}
        for category, key in keys.items():
            event = CaseEvent(
                section=sections[key],
                case_file=case_file,
                kind="note",
                occurred_at=now,
                recorded_at=now,
                recorded_by=recorder,
                agency=agency,
                note=f"MARKER {category}",
            )
            event.save()
            records[category] = event.pk
    return Tried(world, agency, worker, case_file, records, meeting)


def section_key(category: str, role: Role, agency: Agency, worker: Person, meeting: UUID) -> SectionKey:
    basis = CELLS[category, role.value][1]
    return SectionKey(
        category,
        custodian=agency.pk if basis in PRIVATE else None,
        author=worker.pk if basis == "author" else None,
        meeting=meeting if category == "r24" else None,
    )


def give_every_fact(tried: Tried, role: Role) -> None:
    now = datetime.now(UTC) - timedelta(seconds=1)
    recorder = tried.world.person(Role.CHILD_WELFARE, Duty.HOTLINE)
    kind = (
        PartyKind.APPOINTMENT
        if role in {Role.CASA, Role.PUBLIC_DEFENDER, Role.LEGAL_PROVIDER}
        else PartyKind.ASSIGNMENT
    )
    with acting_because(WHY):
        sections = file_extend(
            case_file=tried.case_file,
            recorded_by=recorder.pk,
            now=now,
            parties=[Joining(tried.agency.pk, kind)],
        )
        identity = sections[SectionKey("r01")]
        SeatFact(
            section=identity,
            case_file=tried.case_file,
            agency=tried.agency,
            meeting=tried.meeting,
            deemed_in_writing="Trained and qualified; knows the child.",
            since=now,
        ).save()
        for (category, code), (letter, basis) in CELLS.items():
            if code == role and letter == "A":
                paper_on_file(
                    basis,
                    section=identity,
                    case_file=tried.case_file,
                    agency=tried.agency,
                    category=category,
                    since=now,
                    until=now + timedelta(days=10),
                    evidence="Order on file",
                    recorded_at=now,
                    recorded_by=recorder,
                )
        sharing_settle(case_file=tried.case_file, now=datetime.now(UTC))


def take_every_fact_away(tried: Tried) -> None:
    now = datetime.now(UTC)
    with acting_because(WHY):
        for row in CaseParty.objects.unrestricted(because=WHY).filter(case_file=tried.case_file, until=None):
            row.until = now
            row.save()
        for seat in SeatFact.objects.unrestricted(because=WHY).filter(case_file=tried.case_file):
            seat.until = now
            seat.save()
        for model in PAPER_MODELS:
            for paper in model.objects.unrestricted(because=WHY).filter(case_file=tried.case_file):
                paper.revoked_at, paper.revoked_why = now, "Taken back"
                paper.save()
        sharing_settle(case_file=tried.case_file, now=now)


def seen(tried: Tried, viewer: Viewer) -> Iterator[tuple[str, str, bool]]:
    """Category, what the first wall gives, and whether the second lets the whole row through."""
    with viewing_as(viewer):
        full = set(CaseEvent.objects.visible_to(viewer).values_list("pk", flat=True))
        summary = {row["id"] for row in CaseEvent.objects.summarised_to(viewer).summaries()}
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM referrals_caseevent")
            through = {pk for (pk,) in cursor.fetchall()}
    for category, pk in tried.records.items():
        yield category, FULL if pk in full else SUMMARY if pk in summary else NOTHING, pk in through


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_each_cell_opens_with_its_facts_and_only_with_them(role: Role) -> None:
    world = county_make()
    tried = prepare(world, role)
    viewer = world.viewer(role)
    assert len(tried.records) == 27

    assert {(category, what, through) for category, what, through in seen(tried, viewer)} == {
        (category, NOTHING, False) for category in tried.records
    }, "without the facts"

    give_every_fact(tried, role)
    wrong = [
        (category, what, expected(category, role))
        for category, what, through in seen(tried, viewer)
        if what != expected(category, role) or through != (what == FULL)
    ]
    assert wrong == [], "with the facts"

    take_every_fact_away(tried)
    assert {what for _, what, _ in seen(tried, viewer)} == {NOTHING}, "after revocation"
    assert not any(through for _, _, through in seen(tried, viewer))


@pytest.mark.parametrize(
    "role", [Role.MENTAL_HEALTH, Role.ADVOCATE, Role.SURVIVOR_MENTOR, Role.PUBLIC_DEFENDER]
)
def test_what_one_person_wrote_stays_hidden_from_the_colleague_at_the_next_desk(role: Role) -> None:
    world = county_make()
    tried = prepare(world, role)
    give_every_fact(tried, role)
    private = {
        category for (category, code), (_, basis) in CELLS.items() if code == role and basis == "author"
    }
    assert private
    from agencies.viewers import viewer_of

    colleague = viewer_of(person_make(tried.agency, Duty.LINE_WORKER), now=datetime.now(UTC))
    for viewer, visible in ((world.viewer(role), FULL), (colleague, NOTHING)):
        assert {what for category, what, _ in seen(tried, viewer) if category in private} == {visible}


def test_an_untrained_or_undesignated_person_sees_nothing_of_what_their_agency_may_see() -> None:
    from agencies.viewers import viewer_of

    world = county_make()
    tried = prepare(world, Role.CHILD_WELFARE)
    give_every_fact(tried, Role.CHILD_WELFARE)
    untrained = viewer_of(person_make(tried.agency, Duty.LINE_WORKER, trained=False), now=datetime.now(UTC))
    for viewer, something in ((world.viewer(Role.CHILD_WELFARE), True), (untrained, False)):
        assert any(what != NOTHING for _, what, _ in seen(tried, viewer)) is something


def test_an_author_whose_training_ran_out_does_not_open_their_own_notes_either() -> None:
    world = county_make()
    tried = prepare(world, Role.MENTAL_HEALTH)
    give_every_fact(tried, Role.MENTAL_HEALTH)
    assert dict((c, w) for c, w, _ in seen(tried, world.viewer(Role.MENTAL_HEALTH)))["r09"] == FULL
    Training.objects.filter(person=tried.worker).update(expires_on=county_today() - timedelta(days=2))
    membership_settle(person=tried.worker, now=datetime.now(UTC))
    assert {w for _, w, _ in seen(tried, world.viewer(Role.MENTAL_HEALTH))} == {NOTHING}


def test_at_eighteen_a_seat_opens_nothing_more() -> None:
    from referrals.models import Child

    world = county_make()
    tried = prepare(world, Role.MENTAL_HEALTH)
    give_every_fact(tried, Role.MENTAL_HEALTH)
    viewer = world.viewer(Role.MENTAL_HEALTH)
    assert dict((c, w) for c, w, _ in seen(tried, viewer))["r24"] == FULL
    now = datetime.now(UTC)
    with acting_because(WHY):
        identity = file_extend(case_file=tried.case_file, recorded_by=viewer.person, now=now)[
            SectionKey("r01")
        ]
        eighteen = now.date().replace(year=now.year - 18, day=1)
        Child(section=identity, case_file=tried.case_file, born_on=eighteen).save()
        sharing_settle(case_file=tried.case_file, now=now)
    assert dict((c, w) for c, w, _ in seen(tried, viewer))["r24"] == NOTHING


@pytest.mark.parametrize("hours", [-1, 30])
def test_the_eighteenth_birthday_closes_both_walls_by_itself_though_no_job_ran(hours: int) -> None:
    """The grants are written the day before and nobody settles them again; only the database's clock moves on."""
    from zoneinfo import ZoneInfo

    from referrals.models import Child

    world = county_make()
    tried = prepare(world, Role.MENTAL_HEALTH)
    give_every_fact(tried, Role.MENTAL_HEALTH)
    viewer = world.viewer(Role.MENTAL_HEALTH)
    now = datetime.now(UTC)
    turns_on = (now + timedelta(hours=hours)).astimezone(ZoneInfo(world.county.zone)).date()
    midnight = datetime(turns_on.year, turns_on.month, turns_on.day, tzinfo=ZoneInfo(world.county.zone))
    before = min(now, midnight - timedelta(minutes=1))
    with acting_because(WHY):
        for model in (SeatFact, CaseParty):
            for fact in model.objects.unrestricted(because=WHY).filter(case_file=tried.case_file):
                fact.since = before - timedelta(days=1)
                fact.save()
        identity = file_extend(case_file=tried.case_file, recorded_by=viewer.person, now=now)[
            SectionKey("r01")
        ]
        Child(
            section=identity, case_file=tried.case_file, born_on=turns_on.replace(year=turns_on.year - 18)
        ).save()
        sharing_settle(case_file=tried.case_file, now=before)
    found = {category: (what, through) for category, what, through in seen(tried, viewer)}
    closed = midnight <= now
    assert found["r24"] == ((NOTHING, False) if closed else (FULL, True))
    assert found["r25"] == ((NOTHING, False) if closed else (FULL, True))
    assert found["r08"] == (FULL, True), "nothing but the team's basis ends"


@pytest.mark.parametrize(
    ("ground", "category", "role"),
    [
        ("CO", "r06", Role.JUVENILE_COURT),
        ("ROI", "r08", Role.EDUCATION),
        ("P2", "r10", Role.CHILD_WELFARE),
        ("P2CO", "r10", Role.CHILD_WELFARE),
        ("CFT", "r07", Role.ADVOCATE),
        ("youth", "r12", Role.ADVOCATE),
        ("CASA", "r03", Role.CASA),
        ("own-client", "r25", Role.PUBLIC_DEFENDER),
        ("own-client", "r01", Role.LEGAL_PROVIDER),
        ("need", "r19", Role.ADVOCATE),
        ("827E", "r15", Role.LAW_ENFORCEMENT),
        ("827K", "r15", Role.ADVOCATE),
        ("827V", "r15", Role.LEGAL_PROVIDER),
        ("priv", "r22", Role.DEPENDENCY_ATTORNEY),
        ("seal", "r17", Role.DISTRICT_ATTORNEY),
    ],
)
def test_each_kind_of_paper_opens_its_own_cell_and_no_other_and_revoked_it_closes(
    ground: str, category: str, role: Role
) -> None:
    world = county_make()
    if CELLS[category, role.value][0] != "A":
        pytest.skip("the agreement asks for no paper here")
    tried = prepare(world, role)
    viewer, now = world.viewer(role), datetime.now(UTC)
    with acting_because(WHY):
        identity = file_extend(
            case_file=tried.case_file,
            recorded_by=world.person(Role.CHILD_WELFARE, Duty.HOTLINE).pk,
            now=now,
        )[SectionKey("r01")]
        paper = paper_on_file(
            ground,
            section=identity,
            case_file=tried.case_file,
            agency=tried.agency,
            category=category,
            since=now,
            until=now + timedelta(days=10),
            evidence="On file",
            recorded_at=now,
            recorded_by=world.person(Role.CHILD_WELFARE, Duty.HOTLINE),
        )
        sharing_settle(case_file=tried.case_file, now=now)
    opened = {c for c, what, _ in seen(tried, viewer) if what != NOTHING}
    assert opened == {category}
    with acting_because(WHY):
        paper.revoked_at, paper.revoked_why = datetime.now(UTC), "Taken back"
        paper.save()
        sharing_settle(case_file=tried.case_file, now=datetime.now(UTC))
    assert {(what, through) for _, what, through in seen(tried, viewer)} == {(NOTHING, False)}
