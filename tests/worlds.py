"""A small county for tests: one agency for each of the 17 roles, with a worker, a supervisor and whoever else is needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agencies.choices import Course, Duty, Qualified, QualifiedBy, Role
from agencies.models import Agency, County, Person, Qualification
from agencies.qualifications import QUALIFIED_ROLES, QualificationSaid
from agencies.services.protocol import default_matrix, protocol_sign
from agencies.services.qualification import qualification_record
from agencies.services.staff import agency_open, person_designate, training_record
from agencies.viewers import viewer_of
from cseccase.confidentiality.context import viewing_as
from cseccase.confidentiality.viewer import Viewer
from referrals.models import CaseFile, Referral
from referrals.services.referral import ChildSaid, ReferralSaid, referral_log

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


def county_today() -> date:
    """Today in the county of tests: for eight hours of the night UTC has another day."""
    return datetime.now(ZoneInfo("America/Los_Angeles")).date()


@dataclass
class World:
    """A county with its agencies and people, and what has happened in it so far."""

    county: County
    agencies: dict[str, Agency] = field(default_factory=dict)
    people: dict[tuple[str, str], Person] = field(default_factory=dict)

    def person(self, role: Role, duty: Duty = Duty.LINE_WORKER) -> Person:
        """The person of this agency role with this duty, made when first asked for."""
        key = (role.value, duty.value)
        if key not in self.people:
            self.people[key] = person_make(self.agencies[role.value], duty)
        return self.people[key]

    def viewer(self, role: Role, duty: Duty = Duty.LINE_WORKER, *, now: datetime | None = None) -> Viewer:
        return viewer_of(self.person(role, duty), now=now or datetime.now(UTC))


def county_make(name: str = "Valverde County") -> World:
    """A county whose protocol (the default matrix) has been in force for long."""
    county = County.objects.create(
        name=name, hotline="555-0100", night_line="At night call the hotline supervisor, 555-0101."
    )
    protocol_sign(county=county, matrix=default_matrix(), effective_at=LONG_AGO, approved_by="County Counsel")
    world = World(county)
    for role in Role:
        world.agencies[role.value] = agency_open(
            county=county, role=role, name=f"{name} {role.label}", short_name=role.label
        )
    return world


def person_make(agency: Agency, duty: Duty, *, trained: bool = True, name: str | None = None) -> Person:
    """A designated, and unless told otherwise trained, person of an agency."""
    now = datetime.now(UTC)
    count = Person.objects.count()
    person = Person.objects.create_user(
        email=f"person{count}@{agency.role.lower()}.example",
        full_name=name or f"{agency.role} {duty.label} {count}",
        agency=agency,
    )
    person_designate(
        person=person, duty=duty, designated_by="The director", starts_on=date(2025, 1, 1), now=now
    )
    if trained:
        for course in (Course.CSEC_101, Course.CSEC_102):
            training_record(person=person, course=course, completed_on=date(2025, 1, 2), now=now)
        if agency.role in QUALIFIED_ROLES:
            qualify(person, now=now)
    return person


def qualify(person: Person, *, now: datetime, **said: Any) -> Qualification:
    """A person qualifies as a human trafficking caseworker, unless told otherwise for long and without an end."""
    words = {"hours": 40, "supervisor": "A supervisor", "evidence": "Folder 7", "starts_on": date(2025, 1, 2)}
    return qualification_record(
        person=person,
        said=QualificationSaid(kind=Qualified.CASEWORKER, way=QualifiedBy.TRAINING, **{**words, **said}),
        now=now,
    )


def referral_make(
    world: World,
    *,
    by: Role = Role.CHILD_WELFARE,
    urgent: bool = True,
    ago: timedelta = timedelta(minutes=10),
    now: datetime | None = None,
    child: ChildSaid | None = None,
    **said: Any,
) -> Referral:
    """A referral logged by a hotline worker, `ago` before now."""
    now = now or datetime.now(UTC)
    viewer = world.viewer(by, Duty.HOTLINE)
    with viewing_as(viewer):
        return referral_log(
            viewer=viewer,
            said=ReferralSaid(urgent=urgent, received_at=now - ago, **said),
            children=[child or ChildSaid(given_name="Jay", family_name="Marker", age_said=15)],
            now=now,
        )[0]


def case_of(referral: Referral) -> CaseFile:
    return referral.case_file
