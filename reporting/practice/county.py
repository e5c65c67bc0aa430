"""Setting the practice county up: its agencies, its people, and the protocol they signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from agencies.choices import Course, Duty, Qualified, QualifiedBy, Role
from agencies.models import Agency, County, Person
from agencies.qualifications import QUALIFIED_ROLES, QualificationSaid
from agencies.services.protocol import default_matrix, protocol_sign
from agencies.services.qualification import qualification_record
from agencies.services.staff import agency_open, person_designate, training_record
from agencies.viewers import viewer_of
from cseccase.confidentiality.viewer import Viewer
from reporting.practice.people import AGENCIES, MANDATED_REPORTERS, PASS_PHRASE, PEOPLE, PracticePerson

NAME = "Valverde County"
DIRECTOR = "The agency’s director, in writing"
LONG_AGO = timedelta(days=400)
TRAINED_SINCE = timedelta(days=390)
RAN_OUT = timedelta(days=30)


@dataclass
class PracticeCounty:
    """The county as it was made at one moment, its agencies by role and its people by name."""

    county: County
    now: datetime
    agencies: dict[Role, Agency] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    viewers: dict[str, Viewer] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        """What this person is to the confidentiality rules, worked out once."""
        if name not in self.viewers:
            self.viewers[name] = viewer_of(self.people[name], now=self.now)
        return self.viewers[name]


def county_set_up(*, now: datetime) -> PracticeCounty:
    """An agency for each of the 17 roles, its people with designations and trainings, and the protocol in force."""
    county = County.objects.create(
        name=NAME,
        hotline="(555) 010-0100",
        night_line="At night, call the hotline supervisor: (555) 010-0101",
    )
    protocol_sign(
        county=county,
        matrix=default_matrix(),
        effective_at=now - LONG_AGO,
        approved_by="Ruth Castellanos, deputy county counsel",
        note="The product’s default matrix, for practice.",
    )
    practice = PracticeCounty(county, now)
    for number, party in enumerate(AGENCIES):
        practice.agencies[party.role] = agency_open(
            county=county,
            role=party.role,
            name=party.name,
            short_name=party.short_name,
            phone=f"(555) 010-02{number:02d}",
            governmental=party.governmental,
        )
    # One hash for everybody: it is the same made-up pass phrase, and hashing is slow on purpose.
    encoded = make_password(PASS_PHRASE)
    for who in PEOPLE:
        practice.people[who.name] = _person_make(practice, who, encoded)
    return practice


def _person_make(practice: PracticeCounty, who: PracticePerson, encoded: str) -> Person:
    now = practice.now
    today = now.astimezone(ZoneInfo(practice.county.zone)).date()
    person = Person.objects.create_user(
        email=who.address, full_name=who.name, agency=practice.agencies[who.role]
    )
    person.password = encoded
    person.job_title = who.title
    person.phone = practice.agencies[who.role].phone
    person.mandated_reporter = MANDATED_REPORTERS.get(who.role, "")
    person.save()
    person_designate(
        person=person, duty=who.duty, designated_by=DIRECTOR, starts_on=today - LONG_AGO, now=now
    )
    if who.duty not in {Duty.COMMITTEE, Duty.SECURITY_OFFICER, Duty.AUDITOR}:
        _trainings(person, who, today, now)
        if who.role in QUALIFIED_ROLES:
            _qualification(person, today, now)
    return person


def _qualification(person: Person, today: date, now: datetime) -> None:
    """Advocates and mentors of the practice county qualify by training."""
    said = QualificationSaid(
        kind=Qualified.CASEWORKER,
        way=QualifiedBy.TRAINING,
        hours=44,
        supervisor="The agency’s clinical supervisor",
        evidence="Certificate on file",
        starts_on=today - TRAINED_SINCE,
    )
    qualification_record(person=person, said=said, now=now)


def _trainings(person: Person, who: PracticePerson, today: date, now: datetime) -> None:
    """CSEC 101 and 102 and the protocol; for the one whose training ran out, CSEC 101 until a month ago."""
    for course in (Course.CSEC_101, Course.CSEC_102, Course.PROTOCOL):
        ran_out = not who.trained and course == Course.CSEC_101
        training_record(
            person=person,
            course=course,
            completed_on=today - TRAINED_SINCE,
            expires_on=today - RAN_OUT if ran_out else today + timedelta(days=340),
            evidence="Certificate on file",
            now=now,
        )
