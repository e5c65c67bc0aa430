"""Writing down who qualifies under the Evidence Code, and ending it. What it opens closes on the next request after."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from agencies.models import Person, Qualification
from agencies.policies import MAY_NOT_QUALIFY, NOT_QUALIFYING_AGENCY, may_manage_people
from agencies.qualifications import QUALIFIED_ROLES, QualificationSaid, qualification_lacks
from agencies.services.people import person_of_agency, staff_logged
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken


def qualification_record(
    *, person: Person, said: QualificationSaid, now: datetime, recorded_by: UUID | None = None
) -> Qualification:
    """One qualification of a person, as it was proved."""
    return Qualification.objects.create(
        person=person, recorded_at=now, recorded_by_id=recorded_by, **asdict(said)
    )


@transaction.atomic
def qualification_add(
    *, viewer: Viewer, person_id: UUID, said: QualificationSaid, now: datetime
) -> Qualification:
    """Writes down a qualification with its proof. Raises `NotAllowed` for anybody but another person's security officer
    and for agencies whose talks the Evidence Code does not protect, `RuleBroken` naming what the law asks for.
    """
    person = _person(viewer, person_id)
    if person.agency.role not in QUALIFIED_ROLES:
        raise NotAllowed(NOT_QUALIFYING_AGENCY)
    today = now.astimezone(ZoneInfo(person.agency.county.zone)).date()
    for field, words in qualification_lacks(said, governmental=person.agency.governmental, today=today):
        raise RuleBroken(words, field=field)
    if Qualification.objects.filter(person=person, kind=said.kind, starts_on=said.starts_on).exists():
        raise RuleBroken("This qualification is already written down for that day.", field="kind")
    made = qualification_record(person=person, said=said, now=now, recorded_by=viewer.person)
    staff_logged(
        viewer=viewer,
        person=person,
        now=now,
        did="qualification recorded",
        kind=said.kind.value,
        row=str(made.pk),
    )
    return made


@transaction.atomic
def qualification_end(
    *, viewer: Viewer, person_id: UUID, qualification_id: UUID, last_day: date, now: datetime
) -> None:
    """It holds for the last time on this day. Raises `NotAllowed`, `NotVisible`."""
    person = _person(viewer, person_id)
    found = Qualification.objects.filter(pk=qualification_id, person=person).first()
    if found is None:
        raise NotVisible
    found.ends_on = max(last_day, found.starts_on)
    found.save(update_fields=["ends_on"])
    staff_logged(viewer=viewer, person=person, now=now, did="qualification ended", row=str(found.pk))


def _person(viewer: Viewer, person_id: UUID) -> Person:
    if not may_manage_people(viewer):
        raise NotAllowed(MAY_NOT_QUALIFY)
    return person_of_agency(viewer=viewer, person_id=person_id)
