"""Random children's cases with random facts, in a county of seventeen roles and more: the ground of the proofs of both walls.

The grants of every case are settled as of an hour ago and not since, so what ended within the hour must close by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from agencies.choices import CASE_DUTIES, Duty, Role
from agencies.models import Agency, Person
from agencies.services.staff import agency_open
from cseccase.confidentiality.context import acting_because
from mdt.models import ActionItem, AgendaItem, Decision, Meeting, SafetyPlan
from mdt.models import Seat as MeetingSeat
from referrals.choices import PartyKind
from referrals.models import (
    PAPER_MODELS,
    BreachReason,
    CaseEvent,
    CaseFile,
    CaseParty,
    CaseRestriction,
    Child,
    Deadline,
    DutyAcknowledgement,
    EmergencyLook,
    FileSection,
    GoodCause,
    MissingEpisode,
    PrivateNote,
    Referral,
    Reporter,
    SeatFact,
    SectionSeal,
    SpecialProjectCode,
    StatusField,
    Whereabouts,
)
from referrals.services.sharing import sharing_settle
from tests.access.oracle import Look, Paper, Party, Policy, Reader, Seat, Shelf, Told, policy_read
from tests.access.planting import Bed, paper_plant, plant, sectioned_models
from tests.referrals.papers import ELEMENTS
from tests.worlds import World, county_make, person_make

WHY = "proof"
HOMES: dict[type[Any], str] = {
    Child: "r01", StatusField: "r02", SpecialProjectCode: "r02", Referral: "r03", Reporter: "r04",
    Whereabouts: "r19", MissingEpisode: "r20", SafetyPlan: "r25", Deadline: "d01",
    DutyAcknowledgement: "d01", BreachReason: "d01", ActionItem: "d01",
}  # fmt: skip
"""One record of each of these in the section that it belongs to; kinds not named here stand anywhere."""
ELSEWHERE = (
    *PAPER_MODELS, CaseParty, SeatFact, GoodCause, CaseEvent, Meeting, MeetingSeat, AgendaItem, Decision,
    PrivateNote, SectionSeal,
)  # fmt: skip
SEALABLE = ("r14", "r15", "r16", "r18")
CATEGORIES = tuple(f"r{number:02}" for number in range(1, 28))


@dataclass
class Land:
    """A county with its agencies and everybody who might look, and whether each may work on cases at all."""

    world: World
    agencies: list[Agency] = field(default_factory=list)
    readers: list[tuple[Reader, Person]] = field(default_factory=list)

    def add(self, agency: Agency, duty: Duty, *, trained: bool = True, active: bool = True) -> Person:
        person = person_make(agency, duty, trained=trained)
        if not active:
            from agencies.services.staff import person_deactivate

            person_deactivate(person=person, now=datetime.now(ZoneInfo("UTC")))
        works = trained and active and duty in CASE_DUTIES
        self.readers.append((Reader(person.pk, agency.pk, agency.role, works), person))
        return person

    def workers(self, agency: Agency) -> list[Person]:
        return [person for _, person in self.readers if person.agency_id == agency.pk]


def land_make() -> Land:
    """Seventeen agencies and a second of four kinds, two people each; some not trained, gone, or without casework."""
    world = county_make()
    land = Land(world, list(world.agencies.values()))
    for role in (Role.LAW_ENFORCEMENT, Role.ADVOCATE, Role.MENTAL_HEALTH, Role.DEPENDENCY_ATTORNEY):
        land.agencies.append(
            agency_open(county=world.county, role=role, name=f"Second {role.label}", short_name=role.label)
        )
    for agency in land.agencies:
        land.add(agency, Duty.LINE_WORKER)
        land.add(agency, Duty.SUPERVISOR)
    lead, health = world.agencies["CW"], world.agencies["MH"]
    for duty in (Duty.HOTLINE, Duty.COORDINATOR, Duty.COUNSEL, Duty.SECURITY_OFFICER, Duty.AUDITOR):
        land.add(lead, duty)
    land.add(lead, Duty.COMMITTEE)
    land.add(lead, Duty.LINE_WORKER, trained=False)
    land.add(health, Duty.LINE_WORKER, trained=False)
    land.add(health, Duty.LINE_WORKER, active=False)
    return land


@dataclass
class Case:
    """One child's case: what is true of it, and in which part of the file each section's records stand."""

    told: Told
    shelves: dict[UUID, Shelf]


def case_grow(land: Land, chance: Random, bed: Bed, *, policy: Policy, now: datetime) -> Case:
    """A case with random sections, parties, seats and papers, settled as of an hour before now."""
    then = now - timedelta(hours=1)
    with acting_because(WHY):
        file = CaseFile(county=land.world.county, opened_at=then - timedelta(days=3))
        file.save()
        meetings = [uuid4() for _ in range(chance.randint(0, 2))]
        shelves = {}
        rows = {}
        for shelf in dict.fromkeys(_shelves(land, chance, meetings, policy)):
            row = FileSection(
                case_file=file,
                category=shelf.category,
                custodian_id=shelf.custodian,
                author_id=shelf.author,
                meeting=shelf.meeting,
                opened_at=then,
            )
            row.save()
            shelves[row.pk], rows[shelf] = shelf, row
        links = {
            "CaseFile": file,
            "Agency": chance.choice(land.agencies),
            "Person": land.readers[0][1],
        }
        told = _records(land, chance, bed, rows, links, then)
        _seals(chance, bed, rows, shelves, links, then)
        _facts(land, chance, bed, told, rows, links, meetings, policy, now)
        _restriction(land, chance, told, file, then)
        _looks(land, chance, told, file, [now - timedelta(minutes=70)])
        sharing_settle(case_file=file, now=then)
        if chance.random() < 0.4:
            _looks(land, chance, told, file, [now - timedelta(minutes=20)] * 3)
            sharing_settle(case_file=file, now=now - timedelta(minutes=20))
    return Case(told, shelves)


def _seals(
    chance: Random,
    bed: Bed,
    rows: dict[Shelf, Any],
    shelves: dict[UUID, Shelf],
    links: dict[str, Any],
    then: datetime,
) -> None:
    """Courts sealed a part or two, or took the seal off again; what came in since stands in a section of its own."""
    for shelf in [Shelf(category) for category in SEALABLE if Shelf(category) in rows]:
        if chance.random() < 0.5:
            continue
        section = rows[shelf]
        seal = plant(bed, SectionSeal, section=section, links=links, now=then)
        section.set_apart = seal.pk
        section.save()
        if chance.random() < 0.2:
            seal.lifted_at, seal.lifted_by, seal.lifted_ordered_on = then, links["Person"], then.date()
            seal.lifted_court = seal.lifted_case_number = seal.lifted_evidence = "x"
            seal.save()
        else:
            sealed = Shelf(shelf.category, sealed=section.pk)
            shelves[section.pk], rows[sealed] = sealed, rows.pop(shelf)
            if chance.random() < 0.5:
                fresh = FileSection(case_file=section.case_file, category=shelf.category, opened_at=then)
                fresh.save()
                shelves[fresh.pk], rows[shelf] = shelf, fresh
                plant(bed, CaseEvent, section=fresh, links=links, now=then)


def _restriction(land: Land, chance: Random, told: Told, file: CaseFile, then: datetime) -> None:
    """One file in four is open to named people only: somebody of each agency that may keep it, and a few more."""
    if chance.random() > 0.25:
        return
    keepers = [
        reader.person for reader, _ in land.readers if reader.role in {"CW", "PO"} and reader.works_cases
    ]
    others = [reader.person for reader, _ in land.readers if reader.role not in {"CW", "PO"}]
    first = {reader.role: reader.person for reader, _ in land.readers if reader.works_cases}
    told.named = frozenset(
        [first["CW"], first["PO"], *chance.sample(keepers, 1), *chance.sample(others, len(others) // 3)]
    )
    CaseRestriction(
        case_file=file,
        people=sorted(told.named, key=str),
        reason="Proof of the walls",
        began_at=then,
        began_by=land.readers[0][1],
    ).save()


def _looks(land: Land, chance: Random, told: Told, file: CaseFile, moments: list[datetime]) -> None:
    """People called out at night broke the glass."""
    night = [
        (r, person)
        for r, person in land.readers
        if r.role in {"CW", "PO", "LE", "PH", "MH"} and r.works_cases
    ]
    for since in moments:
        reader, person = chance.choice(night)
        reason, until = chance.choice(["danger", "missing", "medical"]), since + timedelta(hours=1)
        EmergencyLook(
            number=file.number,
            case_file=file,
            person=person,
            agency=person.agency,
            reason=reason,
            words="Proof of the walls",
            opened_at=since,
            until=until,
            review_by=person.agency,
            review_due_at=until,
        ).save()
        told.looks.append(Look(reader.person, reason, since, until))


def _shelves(land: Land, chance: Random, meetings: list[UUID], policy: Policy) -> list[Shelf]:
    found = [Shelf("r01")]
    found += [Shelf(category) for category in CATEGORIES if category != "r24" and chance.random() < 0.5]
    found += [Shelf("r24", meeting=meeting) for meeting in meetings]
    for agency in chance.sample(land.agencies, 5):
        found.append(Shelf("d01", custodian=agency.pk))
        found.append(Shelf(chance.choice(CATEGORIES[:23]), custodian=agency.pk))
    for agency in land.agencies:
        for category in CATEGORIES:
            if policy[category, agency.role] == ("S", "author") and chance.random() < 0.4:
                author = chance.choice(land.workers(agency))
                found.append(Shelf(category, custodian=agency.pk, author=author.pk))
    return found


def _records(
    land: Land, chance: Random, bed: Bed, rows: dict[Shelf, Any], links: dict[str, Any], then: datetime
) -> Told:
    told = Told()
    local = ZoneInfo(land.world.county.zone)
    for shelf, section in rows.items():
        links["CaseEvent"] = plant(bed, CaseEvent, section=section, links=links, now=then)
        for model, category in HOMES.items():
            if category != shelf.category or (category != "d01" and shelf.custodian is not None):
                continue
            extra: dict[str, Any] = {}
            if model is Child:
                extra["born_on"] = born = _born(chance, then.astimezone(local).date())
                told.adult_at = _eighteen(born, local)
            if model is Referral:
                ago = chance.choice([timedelta(0), timedelta(days=10), timedelta(days=40)])
                extra["received_at"] = then - ago
                told.reports.append(then - ago)
            links[model.__name__] = plant(bed, model, section=section, links=links, now=then, **extra)
        if shelf.category == "r24" and shelf.meeting is not None:
            links["Meeting"] = plant(bed, Meeting, section=section, links=links, now=then)
            links["AgendaItem"] = plant(bed, AgendaItem, section=section, links=links, now=then)
            for model in (MeetingSeat, Decision):
                plant(bed, model, section=section, links=links, now=then)
    for section in (one for one in rows.values() if one.author_id is not None):
        first = uuid4()
        note = {"id": first, "root": first, "author": section.author}
        plant(bed, PrivateNote, section=section, links=links, now=then, **note)
    _elsewhere(chance, bed, rows, links, then)
    return told


def _elsewhere(
    chance: Random, bed: Bed, rows: dict[Shelf, Any], links: dict[str, Any], then: datetime
) -> None:
    """One record of every other kind, in any part of the file."""
    placed = {*HOMES, *ELSEWHERE}
    for model in sectioned_models():
        if model not in placed:
            plant(bed, model, section=chance.choice(list(rows.values())), links=links, now=then)


def _born(chance: Random, today: date) -> date | None:
    return chance.choice(
        [
            None,
            date(today.year - 15, 6, 1),
            date(today.year - 19, 6, 1),
            _years_before(today - timedelta(days=2), 18),
            _years_before(today + timedelta(days=2), 18),
        ]
    )


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


def _eighteen(born: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime(born.year + 18, born.month, born.day, tzinfo=zone) if born else None


def _span(chance: Random, now: datetime) -> tuple[datetime, datetime | None]:
    """Live, over before the grants were settled, lapsed since, or still to come."""
    day, then = timedelta(days=1), now - timedelta(hours=1)
    return chance.choices(
        [
            (then - day, None),
            (then - day, now + day),
            (then - 2 * day, then - day),
            (then - day, now - timedelta(minutes=30)),
            (now + day, None),
        ],
        weights=[5, 3, 1, 2, 1],
    )[0]


def _facts(
    land: Land,
    chance: Random,
    bed: Bed,
    told: Told,
    rows: dict[Shelf, Any],
    links: dict[str, Any],
    meetings: list[UUID],
    policy: Policy,
    now: datetime,
) -> None:
    identity = rows[Shelf("r01")]
    then = now - timedelta(hours=1)
    often = {meeting: chance.choice([0.05, 0.1, 0.4]) for meeting in meetings}
    for meeting in meetings:
        if chance.random() < 0.2:
            until = then + chance.choice([timedelta(minutes=20), timedelta(days=5)])
            where = {"section": rows[Shelf("r24", meeting=meeting)], "links": links, "now": then}
            plant(bed, GoodCause, **where, meeting=meeting, until=until)
            told.good_causes.append((meeting, until))
    for agency in land.agencies:
        about = {"section": identity, "links": {**links, "Agency": agency}, "now": then}
        for kind in chance.sample(PartyKind.values, chance.choice([0, 0, 1, 1, 2])):
            since, until = _span(chance, now)
            plant(bed, CaseParty, **about, kind=kind, since=since, until=until)
            told.parties.append(Party(agency.pk, kind, since, until))
        for meeting in meetings:
            if chance.random() < often[meeting]:
                since, until = _span(chance, now)
                words = chance.choice(["", "Knows the child."])
                plant(
                    bed, SeatFact, **about, meeting=meeting, deemed_in_writing=words, since=since, until=until
                )
                told.seats.append(Seat(agency.pk, meeting, bool(words), since, until))
        _papers(land, agency, chance, bed, told, rows, about, policy, now)
        _purposes(land, agency, chance, bed, told, rows, about, now)


def _purposes(
    land: Land,
    agency: Agency,
    chance: Random,
    bed: Bed,
    told: Told,
    rows: dict[Shelf, Any],
    about: dict[str, Any],
    now: datetime,
) -> None:
    """Purposes for which sealed records may be read, for some."""
    for shelf in [shelf for shelf in rows if shelf.sealed is not None]:
        if chance.random() > 0.3:
            continue
        since, until = _span(chance, now)
        person = chance.choice(land.workers(agency)) if chance.random() < 0.2 else None
        said = {
            "category": shelf.category,
            "since": since,
            "until": until or now + timedelta(days=9),
            "person": person,
        }
        told.papers.append(paper_told(paper_plant(bed, "seal", **{**about, "section": rows[shelf]}, **said)))


def _papers(
    land: Land,
    agency: Agency,
    chance: Random,
    bed: Bed,
    told: Told,
    rows: dict[Shelf, Any],
    about: dict[str, Any],
    policy: Policy,
    now: datetime,
) -> None:
    for category in (*CATEGORIES, "d01"):
        letter, basis = policy["r26" if category == "d01" else category, agency.role]
        if chance.random() > (0.3 if letter == "A" or basis == "MDT" else 0.02):
            continue
        ground = chance.choice([basis, basis, basis, "youth", "CO"])
        if ground not in GROUNDS:
            ground = "CO"
        since, until = _span(chance, now)
        if ground == "need":
            until = until or now + timedelta(days=2)
        revoked = chance.choice([None, None, None, now - timedelta(hours=2), now - timedelta(minutes=20)])
        said: dict[str, Any] = {
            "category": category,
            "since": since,
            "until": until,
            "revoked_at": revoked,
            "person": chance.choice(land.workers(agency)) if chance.random() < 0.15 else None,
            "discloser": chance.choice(land.agencies) if chance.random() < 0.15 else None,
        }
        if ground == "need":
            said["approved_at"] = chance.choice([since, since, None, now + timedelta(hours=1)])
        elif ground == "CO":
            said["part_2_findings"] = category == "r10"
        elif ground == "P2":
            ground = chance.choice(["P2", "P2CO"])
            said |= {"category": "r10"} if ground == "P2CO" else {}
        place = rows.get(Shelf(category), about["section"])
        told.papers.append(paper_told(paper_plant(bed, ground, **{**about, "section": place}, **said)))


GROUNDS = {*ELEMENTS, "827E", "827K", "827V", "P2", "MDT"} - {"827"}


def paper_told(paper: Any) -> Paper:
    """What a paper on file says, for the independent reading."""
    return Paper(
        paper.agency_id,
        paper.terms_type.kind + getattr(paper, "paragraph", ""),
        paper.category,
        paper.since,
        paper.until,
        paper.revoked_at,
        person=paper.person_id,
        holder=paper.discloser_id,
        agreed_at=getattr(paper, "approved_at", None),
        findings=getattr(paper, "part_2_findings", False),
        section=paper.section_id,
    )


__all__ = ["Case", "Land", "case_grow", "land_make", "policy_read"]
