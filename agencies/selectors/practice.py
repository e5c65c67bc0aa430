"""The practice county's people, agency by agency, with what to try as each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from agencies.choices import Duty, Role
from agencies.models import Agency, Designation, Person
from agencies.practice import what_to_try


@dataclass(frozen=True, slots=True)
class PracticePerson:
    """Somebody to sign in as."""

    id: UUID
    name: str
    job_title: str
    duties: list[str]
    to_try: str


@dataclass(frozen=True, slots=True)
class PracticeAgency:
    """An agency of the practice county, with its people."""

    name: str
    people: list[PracticePerson]


def practice_agencies(*, now: datetime) -> list[PracticeAgency]:
    """The practice county's people who may sign in; the agencies that receive referrals come first."""
    order = {role: place for place, role in enumerate(Role)}
    agencies = (
        Agency.objects.filter(is_active=True)
        .select_related("county")
        .prefetch_related(
            Prefetch("people", Person.objects.filter(is_active=True).order_by("joined_at", "full_name")),
            Prefetch("people__designations", Designation.objects.order_by("starts_on")),
            "people__groups",
        )
    )
    found = [
        PracticeAgency(agency.name, [_person(person, agency, now) for person in agency.people.all()])
        for agency in sorted(agencies, key=lambda agency: (order[Role(agency.role)], agency.name))
    ]
    return [agency for agency in found if agency.people]


def practice_person(said: str) -> Person | None:
    """The person picked from the list, if there is one."""
    try:
        return Person.objects.filter(pk=UUID(said), is_active=True).first()
    except ValueError:
        return None


def _person(person: Person, agency: Agency, now: datetime) -> PracticePerson:
    today = now.astimezone(ZoneInfo(agency.county.zone)).date()
    duties = [
        Duty(row.duty)
        for row in person.designations.all()
        if row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)
    ]
    return PracticePerson(
        id=person.pk,
        name=person.full_name,
        job_title=person.job_title,
        duties=[duty.label for duty in duties],
        to_try=what_to_try(role=agency.role, duties=duties, may_work=bool(person.groups.all())),
    )
