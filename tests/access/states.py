"""One county with a case in every state that the law tells apart, a marker in every free text of every record.

What is true of each case is read back from its facts (parties, seats, papers, birth date), never from the grants.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from agencies.choices import CASE_DUTIES, Duty, Role
from agencies.models import Agency, Person
from cseccase.confidentiality.context import acting_because
from mdt.models import ActionItem, AgendaItem, Decision, Meeting, SafetyPlan
from mdt.models import Seat as MeetingSeat
from referrals.choices import PartyKind
from referrals.deadlines import kinds
from referrals.models import (
    PAPER_MODELS,
    CaseEvent,
    CaseFile,
    CaseParty,
    CaseRestriction,
    Child,
    CourtOrder,
    Deadline,
    EmergencyLook,
    FileSection,
    GoodCause,
    MissingEpisode,
    PrivateNote,
    Referral,
    SeatFact,
    SectionSeal,
    SpecialProjectCode,
    StatusField,
)
from referrals.services.sharing import SectionKey, file_extend, sharing_settle
from tests.access.oracle import Look, Party, Reader, Seat, Shelf, Told, policy_read
from tests.access.planting import CODED, ROOM, Bed, Planted, paper_plant, plant, sectioned_models
from tests.access.random_worlds import _eighteen, _years_before, paper_told
from tests.worlds import World, county_make, person_make, referral_make

WHY = "proof"
DAY = timedelta(days=1)
STATES = (
    "open", "seated", "papers", "everything", "ended", "revoked", "lapsed", "to come", "adult", "lead only",
    "closed", "mended", "near misses", "restricted", "sealed", "another county",
)  # fmt: skip
IN_EMERGENCY = {"looked": timedelta(minutes=20), "looked over": timedelta(minutes=90)}
"""More states, for the proofs that say which of a person's pages only read: somebody broke the glass so long ago."""
APPOINTED = {"CASA", "PD", "LEG", "CDA"}


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who signs in (or nobody), with the duties that the doors ask about."""

    name: str
    reader: Reader
    duties: frozenset[str]
    person: Person | None


@dataclass
class Scene:
    """One case in one state: what is true of it, its shelves, and one record for every kind of address."""

    state: str
    case_id: UUID
    number: str
    county: UUID
    told: Told
    shelves: dict[UUID, Shelf]
    parts: dict[str, Any]
    stands_in: dict[str, UUID]
    """For each part of an address, the section of its record."""


@dataclass
class Stage:
    """The whole ground of the access proof."""

    world: World
    bed: Bed = field(default_factory=Bed)
    personas: list[Persona] = field(default_factory=list)
    scenes: list[Scene] = field(default_factory=list)

    def scene_of(self, case: UUID) -> Scene:
        return next(scene for scene in self.scenes if scene.case_id == case)


def stage_make(now: datetime, states: tuple[str, ...] = STATES) -> Stage:
    stage = Stage(county_make())
    _people(stage)
    far = county_make("Elsewhere County")
    for state in states:
        stage.scenes.append(_scene(stage, far if state == "another county" else stage.world, state, now))
    return stage


def _people(stage: Stage) -> None:
    def add(name: str, agency: Agency, duty: Duty, *, trained: bool = True) -> None:
        person = person_make(agency, duty, trained=trained)
        person.set_password("a long enough sentence")
        person.save()
        works = trained and duty in CASE_DUTIES
        reader = Reader(person.pk, agency.pk, agency.role, works)
        stage.personas.append(Persona(name, reader, frozenset({duty.value}), person))

    for role in Role:
        agency = stage.world.agencies[role.value]
        worker = stage.world.person(role)
        worker.set_password("a long enough sentence")
        worker.save()
        reader = Reader(worker.pk, agency.pk, agency.role, True)
        stage.personas.append(Persona(f"{role} worker", reader, frozenset({Duty.LINE_WORKER.value}), worker))
        add(f"{role} supervisor", agency, Duty.SUPERVISOR)
    lead = stage.world.agencies["CW"]
    for duty in (
        Duty.HOTLINE, Duty.COORDINATOR, Duty.COUNSEL, Duty.SECURITY_OFFICER, Duty.AUDITOR, Duty.COMMITTEE,
    ):  # fmt: skip
        add(f"CW {duty}", lead, duty)
    add("CW untrained", lead, Duty.LINE_WORKER, trained=False)
    add("MH untrained", stage.world.agencies["MH"], Duty.LINE_WORKER, trained=False)
    add("ADV counsel", stage.world.agencies["ADV"], Duty.COUNSEL)
    nobody = Reader(uuid4(), uuid4(), "SC", False)
    stage.personas.append(Persona("nobody", nobody, frozenset(), None))


def _scene(stage: Stage, world: World, state: str, now: datetime) -> Scene:
    referral = referral_make(
        world,
        now=now - timedelta(hours=3),
        urgent=state not in {"lead only", "ended", "near misses"},
        reporter="x",
        reporter_category="x",
        place="x",
        narrative="x",
    )
    file = referral.case_file
    with acting_because(WHY):
        _born(file, state, now)
        rows = _sections(world, file, now)
        links = {
            "CaseFile": file,
            "Agency": world.agencies["ADV"],
            "Person": world.person(Role.CHILD_WELFARE),
        }
        parts, stands_in = _plant_all(stage.bed, world, rows, links, state, now)
        _mark_what_stands(stage.bed, file)
        _facts(stage.bed, world, rows, links, parts["meeting_id"], state, now)
        if state == "restricted":
            _restrict(world, file, now)
        if state in {"sealed", *IN_EMERGENCY}:
            _seal(stage.bed, world, rows, links, now)
        if state in IN_EMERGENCY:
            _look(world, file, now - IN_EMERGENCY[state])
        sharing_settle(case_file=file, now=settled_at(state, now))
        if state == "closed":
            file.refresh_from_db()
            file.closed_at = now
            file.save()
        _more_parts(parts, stands_in, file, referral)
        told = told_of(file, world)
        shelves = {
            s.pk: Shelf(s.category, s.custodian_id, s.author_id, s.meeting, s.pk if s.set_apart else None)
            for s in FileSection.objects.unrestricted(because=WHY).filter(case_file=file)
        }
    return Scene(state, file.pk, file.number, world.county.pk, told, shelves, parts, stands_in)


def settled_at(state: str, now: datetime) -> datetime:
    """When the grants of a case in this state were last written: some before what opened them ended."""
    return now - timedelta(hours=1) if state in {"lapsed", "looked over"} else now


def _born(file: CaseFile, state: str, now: datetime) -> None:
    child = Child.objects.unrestricted(because=WHY).get(case_file=file)
    child.born_on = _years_before(now.date(), 19) if state == "adult" else date(now.year - 15, 3, 3)
    child.save()


def _sections(world: World, file: CaseFile, now: datetime) -> dict[str, Any]:
    """A common section of every category but minutes, and the private ones of a custodian, authors and a meeting."""
    meeting = uuid4()
    keys = [SectionKey(f"r{n:02}") for n in range(1, 28) if n != 24]
    keys += [
        SectionKey("r24", meeting=meeting),
        SectionKey("r05", custodian=world.agencies["PO"].pk),
        SectionKey("r06", custodian=world.agencies["PO"].pk),
        SectionKey("r11", custodian=world.agencies["ED"].pk),
        *(
            SectionKey(c, custodian=world.agencies[role].pk, author=world.person(Role(role)).pk)
            for c, role in (("r09", "MH"), ("r22", "ADV"), ("r22", "SM"), ("r23", "CDA"), ("r23", "CC"))
        ),
        SectionKey("d01", custodian=world.agencies["ADV"].pk),
        SectionKey("d01", custodian=world.agencies["CW"].pk),
    ]
    recorder = world.person(Role.CHILD_WELFARE).pk
    found = file_extend(case_file=file, recorded_by=recorder, now=now - timedelta(hours=2), sections=keys)
    names = {key.category: found[key] for key in keys if key.custodian is None}
    rest = {f"{key.category} {n}": found[key] for n, key in enumerate(keys) if key.custodian is not None}
    duties = {key.custodian: found[key] for key in keys if key.category == "d01"}
    return names | rest | {"meeting": meeting, "ADV duties": duties[world.agencies["ADV"].pk]}


def _plant_all(
    bed: Bed, world: World, rows: dict[str, Any], links: dict[str, Any], state: str, now: datetime
) -> tuple[dict[str, Any], dict[str, UUID]]:
    then = now - timedelta(hours=2)
    parts: dict[str, Any] = {"meeting_id": rows["meeting"], "agency_id": world.agencies["PO"].pk}
    stands_in: dict[str, UUID] = {}

    def put(part: str, model: Any, place: str, at: datetime = then, **known: Any) -> Any:
        row = plant(bed, model, section=rows[place], links=links, now=at, **known)
        if part:
            parts[part], stands_in[part] = row.pk, rows[place].pk
        return row

    notes: dict[str, CaseEvent] = {}
    for place, section in rows.items():
        if isinstance(section, FileSection) and not place.startswith("d01"):
            note = plant(bed, CaseEvent, section=section, links=links, now=then, kind=kinds.NOTE)
            links["CaseEvent"] = notes[place] = note
    for place, section in rows.items():
        if isinstance(section, FileSection) and section.author_id is not None:
            first = uuid4()
            put("note_id", PrivateNote, place, id=first, root=first, author=section.author)
    put("event_id", CaseEvent, "r01", kind=kinds.NOTE)
    if state == "mended":
        put(
            "",
            CaseEvent,
            "r01",
            kind=kinds.WITHDRAWN,
            supersedes=notes["r01"],
            root=notes["r01"].root,
        )
    put("status_id", StatusField, "r02", started_on=then.date())
    put("", MissingEpisode, "r20")
    put("", SafetyPlan, "r25")
    held = state == "everything"
    extra = {"state": "held", "held_at": then, "held_recorded_at": then} if held else {}
    links["Meeting"] = put(
        "meeting_id",
        Meeting,
        "r24",
        now + DAY,
        id=rows["meeting"],
        mode="in_person",
        lead_agency=world.agencies["CW"],
        **extra,
    )
    for agency in world.agencies.values():
        if agency.role != "SC":
            links["Agency"] = agency
            put("", MeetingSeat, "r24")
    links["Agency"] = world.agencies["ADV"]
    links["AgendaItem"] = put("item_id", AgendaItem, "r24")
    decision = put("", Decision, "r24").pk
    put("action_id", ActionItem, "ADV duties", meeting=rows["meeting"], decision=decision, done_at=None)
    return parts, stands_in


def _mark_what_stands(bed: Bed, file: CaseFile) -> None:
    """What the services wrote themselves gets its markers too: every free text of every record of the file."""
    for model in sectioned_models():
        rows: Any = model.objects  # type: ignore[attr-defined]
        for row in rows.unrestricted(because=WHY).filter(section__case_file=file):
            if row.pk in bed.records:
                continue
            bed.records[row.pk] = Planted(file.pk, row.section_id, model.__name__, "id", row.pk)
            if model is CaseEvent:  # an entry is never changed; planted ones carry markers
                continue
            for column in model._meta.concrete_fields:
                place = Planted(file.pk, row.section_id, model.__name__, column.name, row.pk)
                if free_text(column) and (getattr(row, column.name) or model is Child):
                    setattr(row, column.name, bed.mark(place))
            row.save()


def free_text(column: Any) -> bool:
    from django.db import models

    return (
        isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and column.name not in CODED
        and (column.max_length or 99) >= ROOM
    )


def _facts(
    bed: Bed,
    world: World,
    rows: dict[str, Any],
    links: dict[str, Any],
    meeting: UUID,
    state: str,
    now: datetime,
) -> None:
    since, until = _span_of(state, now)
    if state == "lead only" or state in IN_EMERGENCY:
        return
    if state == "near misses":
        _near_misses(bed, world, rows, links, meeting, now)
        return
    with_papers = state in {
        "restricted",
        "sealed",
        "papers",
        "everything",
        "ended",
        "revoked",
        "lapsed",
        "to come",
        "adult",
    }
    with_seats = state in {
        "restricted",
        "sealed",
        "seated",
        "everything",
        "ended",
        "lapsed",
        "to come",
        "adult",
        "closed",
        "mended",
    }
    revoked = now - timedelta(hours=1) if state == "revoked" else None
    for agency in world.agencies.values():
        if agency.role in {"CW", "SC"}:
            continue
        about = {"section": rows["r01"], "links": {**links, "Agency": agency}, "now": now}
        kind = PartyKind.APPOINTMENT if agency.role in APPOINTED else PartyKind.ASSIGNMENT
        if (
            not CaseParty.objects.unrestricted(because=WHY)
            .filter(case_file=links["CaseFile"], agency=agency, kind=kind, until=None)
            .exists()
        ):
            plant(bed, CaseParty, **about, kind=kind, since=since, until=until)
        if with_seats:
            plant(bed, SeatFact, **about, meeting=meeting, since=since, until=until)
        if with_papers:
            _papers(bed, agency, rows, about, since, until, revoked, adult=state == "adult", now=now)


def _restrict(world: World, file: CaseFile, now: datetime) -> None:
    """One worker of some agencies; their colleagues, and all others who have a part in the case, are shut out."""
    named = [world.person(role).pk for role in (Role.CHILD_WELFARE, Role.PROBATION, Role.ADVOCATE, Role.CASA)]
    CaseRestriction(
        case_file=file,
        people=sorted(named, key=str),
        reason="Proof of the doors",
        began_at=now,
        began_by=world.person(Role.CHILD_WELFARE),
    ).save()


def _look(world: World, file: CaseFile, since: datetime) -> None:
    """Everybody who is called out at night broke the glass, for one of the reasons each."""
    reasons = ["danger", "missing", "medical"]
    for number, role in enumerate(("PO", "LE", "PH", "MH")):
        person = world.person(Role(role))
        for reason in {reasons[number % 3], "danger" if role == "PO" else "medical"}:
            until = since + timedelta(hours=1)
            EmergencyLook(
                number=file.number, case_file=file, person=person, agency=person.agency, reason=reason,
                words="Proof of the doors", opened_at=since, until=until, review_by=person.agency,
                review_due_at=until,
            ).save()  # fmt: skip


def _seal(bed: Bed, world: World, rows: dict[str, Any], links: dict[str, Any], now: datetime) -> None:
    """What a court may seal is sealed, one part twice; purposes on file for some agencies, an order for others."""
    agencies = list(world.agencies.values())
    again = FileSection(case_file=links["CaseFile"], category="r15", opened_at=now)
    sealed = [rows["r14"], rows["r15"], rows["r16"], rows["r18"]]
    for section in [*sealed, again]:
        if section is again:
            again.save()
            plant(bed, CaseEvent, section=again, links=links, now=now, kind=kinds.NOTE)
        seal = plant(bed, SectionSeal, section=section, links=links, now=now)
        section.set_apart = seal.pk
        section.save()
        for agency in agencies[1::3] if section is again else agencies[::3]:
            _sealed_paper(bed, "seal", section, agency, links, now)
        for agency in agencies[2::3]:
            _sealed_paper(bed, "CO", section, agency, links, now)


def _sealed_paper(
    bed: Bed, ground: str, section: FileSection, agency: Agency, links: dict[str, Any], now: datetime
) -> None:
    about = {"section": section, "links": {**links, "Agency": agency}, "now": now}
    paper_plant(bed, ground, **about, category=section.category, since=now - DAY, until=now + DAY)


def _span_of(state: str, now: datetime) -> tuple[datetime, datetime | None]:
    ends = {"ended": now - DAY, "lapsed": now - timedelta(minutes=30)}
    return now + DAY if state == "to come" else now - 2 * DAY, ends.get(state)


def _near_misses(
    bed: Bed, world: World, rows: dict[str, Any], links: dict[str, Any], meeting: UUID, now: datetime
) -> None:
    """Facts that almost open: a notice, a seat not reasoned, another meeting's seat, the wrong paper, a need nobody agreed to."""
    for number, agency in enumerate(world.agencies.values()):
        if agency.role in {"CW", "SC"}:
            continue
        about = {"section": rows["r01"], "links": {**links, "Agency": agency}, "now": now - DAY}
        plant(bed, CaseParty, **about, kind=PartyKind.NOTICE, since=now - DAY)
        table = meeting if number % 2 else uuid4()
        plant(bed, SeatFact, **about, meeting=table, deemed_in_writing="", since=now - DAY)
        for category in rows:
            letter, basis = policy_read().get((category, agency.role), ("", ""))
            if letter == "A":
                kind = basis if basis == "need" or number % 2 else "P2" if basis != "P2" else "ROI"
                named = category if basis == "need" or kind != basis else "r01"
                more = {"until": now + DAY, "approved_at": None} if kind == "need" else {}
                paper_plant(bed, kind, **about, category=named, since=now - DAY, **more)


def _papers(
    bed: Bed, agency: Agency, rows: dict[str, Any], about: dict[str, Any], since: datetime, until: datetime | None,
    revoked: datetime | None, *, adult: bool, now: datetime,
) -> None:  # fmt: skip
    """Every paper that the cells of this agency's role ask for; at eighteen the youth's own consent in place of a seat."""
    policy = policy_read()
    for category in rows:
        letter, basis = policy.get((category, agency.role), ("", ""))
        if adult and category > "r14":
            continue  # the young person consents to some of it only
        if adult if basis == "MDT" else letter == "A":
            end = until or (since + 3 * DAY if basis in {"need", "seal"} else None)
            paper_plant(
                bed, basis, **{**about, "section": rows[category]}, category=category,
                since=since, until=end, revoked_at=revoked,
            )  # fmt: skip


def _more_parts(
    parts: dict[str, Any], stands_in: dict[str, UUID], file: CaseFile, referral: Referral
) -> None:
    def one(part: str, model: Any, **where: Any) -> None:
        row = model.objects.unrestricted(because=WHY).filter(**where).order_by("pk").first()
        parts[part] = row.pk if row else uuid4()
        stands_in[part] = row.section_id if row else uuid4()

    parts["case_id"] = file.pk
    one("referral_id", Referral, pk=referral.pk)
    one("duty_id", Deadline, case_file=file, owed_by__role="CW")
    one("code_id", SpecialProjectCode, referral=referral.pk)
    one("party_id", CaseParty, case_file=file)
    one("paper_id", CourtOrder, case_file=file)


def told_of(file: CaseFile, world: World) -> Told:
    """The facts of a case as its records tell them."""
    child = Child.objects.unrestricted(because=WHY).get(case_file=file)
    from zoneinfo import ZoneInfo

    def rows(model: Any) -> Any:
        return model.objects.unrestricted(because=WHY).filter(case_file=file)

    return Told(
        [Party(p.agency_id, p.kind, p.since, p.until) for p in rows(CaseParty)],
        [Seat(s.agency_id, s.meeting, bool(s.deemed_in_writing), s.since, s.until) for s in rows(SeatFact)],
        [paper_told(paper) for model in PAPER_MODELS for paper in rows(model)],
        _eighteen(child.born_on, ZoneInfo(world.county.zone)),
        [report.received_at for report in rows(Referral)],
        [(cause.meeting, cause.until) for cause in rows(GoodCause)],
        next((frozenset(one.people) for one in rows(CaseRestriction).filter(ended_at=None)), None),
        [Look(look.person_id, look.reason, look.opened_at, look.until) for look in rows(EmergencyLook)],
    )


__all__ = ["STATES", "UTC", "Persona", "Scene", "Stage", "stage_make"]
