"""Reading who could take a seat, and who cannot yet and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from agencies.choices import CASE_DUTIES, Role
from agencies.disclosure.categories import MEETING_MINUTES
from agencies.models import Agency, Person
from agencies.selectors.protocol import matrix_in_force
from cseccase.confidentiality.viewer import Viewer
from mdt import policies
from mdt.models import Seat


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who works for an agency; `obstacle` says why they cannot take a seat, and is empty when they can."""

    person: UUID
    name: str
    title: str
    obstacle: str

    @property
    def can_sit(self) -> bool:
        return not self.obstacle


@dataclass(frozen=True, slots=True)
class Table:
    """An agency that may be given a seat, with its people. `deemed` asks for a written reason first."""

    agency: Agency
    deemed: bool
    people: tuple[Candidate, ...]

    @property
    def able(self) -> tuple[Candidate, ...]:
        return tuple(one for one in self.people if one.can_sit)

    @property
    def unable(self) -> tuple[Candidate, ...]:
        return tuple(one for one in self.people if not one.can_sit)


def local_day(moment: datetime, zone: str) -> date:
    """The day it is for the county."""
    return moment.astimezone(ZoneInfo(zone)).date()


def tables(*, viewer: Viewer, on: date, now: datetime, agency: UUID | None = None) -> list[Table]:
    """Every agency of the county that may sit in a team, with its people; four queries however many there are."""
    matrix = matrix_in_force(viewer.county, now=now)
    found = Agency.objects.filter(county=viewer.county, is_active=True).order_by("name")
    if agency is not None:
        found = found.filter(pk=agency)
    cells = {one.pk: matrix.cell(MEETING_MINUTES, one.role) for one in found}
    seatable = [one for one in found if policies.may_sit(cells[one.pk])]
    people: dict[UUID, list[Candidate]] = {}
    staff = Person.objects.filter(agency__in=[one.pk for one in seatable])
    for agency_id, candidate in _judged(staff, on):
        people.setdefault(agency_id, []).append(candidate)
    order = {role.value: place for place, role in enumerate(Role)}
    return [
        Table(one, policies.must_be_deemed(cells[one.pk]), tuple(people.get(one.pk, ())))
        for one in sorted(seatable, key=lambda one: (order[one.role], one.name))
    ]


def obstacles(*, people: Iterable[UUID], on: date) -> dict[UUID, str]:
    """For each person why they cannot take a seat on a day; empty words for those who can."""
    return {
        candidate.person: candidate.obstacle
        for _, candidate in _judged(Person.objects.filter(pk__in=list(people)), on, everybody=True)
    }


def unable(*, seats: Iterable[Seat], on_moment: datetime, zone: str) -> dict[UUID, str]:
    """For each seated person who cannot attend, why."""
    found = obstacles(
        people=[seat.person_id for seat in seats if seat.person_id], on=local_day(on_moment, zone)
    )
    return {person: words for person, words in found.items() if words}


def _judged(staff, on: date, *, everybody: bool = False) -> list[tuple[UUID, Candidate]]:  # type: ignore[no-untyped-def]
    """Each person with the one rule about seats. Those who never work cases are left out unless asked for."""
    found = []
    for person in staff.prefetch_related("designations", "trainings").order_by("full_name", "pk"):
        duties = {
            one.duty
            for one in person.designations.all()
            if one.starts_on <= on and (one.ends_on is None or one.ends_on >= on)
        }
        ever = {one.duty for one in person.designations.all()}
        if not everybody and (not person.is_active or not ever & CASE_DUTIES):
            continue
        courses = {
            one.course
            for one in person.trainings.all()
            if one.completed_on <= on and (one.expires_on is None or one.expires_on >= on)
        }
        words = policies.obstacle(is_active=person.is_active, duties=duties, courses=courses)
        found.append((person.agency_id, Candidate(person.pk, person.full_name, person.job_title, words)))
    return found
