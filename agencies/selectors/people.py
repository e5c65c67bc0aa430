"""Reading who works where, for what they are designated, and why they are or are not in their agency's group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.db.models import Prefetch, Q, QuerySet

from agencies.choices import CASE_DUTIES, Course, Duty, Qualified, QualifiedBy
from agencies.models import Agency, Designation, Person, Qualification, Training
from agencies.policies import (
    MAY_NOT_MANAGE,
    is_oneself,
    may_manage_people,
    may_record_training,
    may_see_people,
)
from agencies.qualifications import QUALIFIED_ROLES
from agencies.services.sign_in import locks_of
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible

SECOND_STEPS = {
    Authenticator.Type.WEBAUTHN.value: "passkey or key",
    Authenticator.Type.TOTP.value: "authenticator app",
}
"""What guards an account beside the password; recovery codes are no step of their own."""


@dataclass(frozen=True, slots=True)
class DesignationLine:
    """One designation, as a page shows it. `state` is "current", "coming" or "ended"."""

    id: UUID
    duty: str
    designated_by: str
    starts_on: date
    ends_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """One completed course, as a page shows it."""

    course: str
    completed_on: date
    expires_on: date | None
    evidence: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class QualificationLine:
    """One qualification under the Evidence Code, as a page shows it."""

    id: UUID
    kind: str
    way: str
    supervisor: str
    starts_on: date
    ends_on: date | None
    evidence: str
    is_current: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person of an agency, with every reason for what they may do."""

    id: UUID
    name: str
    email: str
    job_title: str
    is_active: bool
    has_signed_in: bool
    in_group: bool
    missing: list[str]
    designations: list[DesignationLine]
    trainings: list[TrainingLine]
    qualifications: list[QualificationLine]
    needs_qualification: bool
    may_manage: bool
    may_train: bool
    is_viewer: bool
    waits_until: datetime | None
    last_sign_in: datetime | None
    second_steps: list[str]

    @property
    def duties(self) -> list[str]:
        return [line.duty for line in self.designations if line.state == "current"]


@dataclass(frozen=True, slots=True)
class SignIn:
    """How one person's sign-in stands: what guards it beside the password, and until when it has to wait."""

    second_steps: list[str]
    waits_until: datetime | None


def sign_in_of(people: list[Person], *, now: datetime) -> dict[UUID, SignIn]:
    """The same for many people. Two queries, whatever their number."""
    steps: dict[UUID, list[str]] = {person.pk: [] for person in people}
    rows = Authenticator.objects.filter(user__in=people, type__in=SECOND_STEPS).order_by("pk")
    for person, kind in rows.values_list("user_id", "type"):
        if SECOND_STEPS[kind] not in steps[person]:
            steps[person].append(SECOND_STEPS[kind])
    waiting = locks_of([person.email for person in people], now=now)
    return {person.pk: SignIn(steps[person.pk], waiting.get(person.email)) for person in people}


def _people(agency: UUID) -> QuerySet[Person]:
    return (
        Person.objects.filter(agency=agency)
        .select_related("agency__county")
        .prefetch_related(
            Prefetch("designations", Designation.objects.order_by("-starts_on", "duty")),
            Prefetch("trainings", Training.objects.order_by("-completed_on", "course")),
            Prefetch("qualifications", Qualification.objects.order_by("-starts_on", "kind")),
            "groups",
        )
        .order_by("-is_active", "full_name", "pk")
    )


def people_page(
    *, viewer: Viewer, now: datetime, first: int, last: int, is_active: bool | None = True
) -> tuple[list[PersonPage], int]:
    """A slice of the accounts of the viewer's agency, open ones alone unless asked, and how many there are.

    Seven queries, whatever the number of people. Raises NotAllowed.
    """
    if not may_see_people(viewer):
        raise NotAllowed(MAY_NOT_MANAGE)
    rows = _people(viewer.agency)
    if is_active is not None:
        rows = rows.filter(is_active=is_active)
    people = list(rows[first:last])
    how = sign_in_of(people, now=now)
    return [_page(person, viewer, now, how[person.pk]) for person in people], rows.count()


def designated(people: QuerySet[Person], *, duty: str, on: date) -> list[UUID]:
    """Who of these people has an open account and holds this duty on that day."""
    rows = Designation.objects.filter(
        person__in=people, person__is_active=True, duty=duty, starts_on__lte=on
    ).filter(Q(ends_on=None) | Q(ends_on__gte=on))
    return list(rows.values_list("person", flat=True).distinct())


def access_person(*, viewer: Viewer, person_id: UUID, now: datetime) -> PersonPage:
    """One person of the viewer's own agency. Raises NotAllowed, or NotVisible for everybody else's people."""
    if not may_see_people(viewer):
        raise NotAllowed(MAY_NOT_MANAGE)
    person = _people(viewer.agency).filter(pk=person_id).first()
    if person is None:
        raise NotVisible
    return _page(person, viewer, now, sign_in_of([person], now=now)[person.pk])


def own_account(*, viewer: Viewer, now: datetime) -> PersonPage:
    """What the person signed in is designated for and trained in. Nobody needs a duty to read that."""
    return _page(_people(viewer.agency).get(pk=viewer.person), viewer, now)


def agency_of(viewer: Viewer) -> Agency:
    return Agency.objects.select_related("county").get(pk=viewer.agency)


def _page(person: Person, viewer: Viewer, now: datetime, how: SignIn | None = None) -> PersonPage:
    today = now.astimezone(ZoneInfo(person.agency.county.zone)).date()
    designations = [_designation(row, today) for row in person.designations.all()]
    trainings = [_training(row, today) for row in person.trainings.all()]
    oneself = is_oneself(viewer, person.pk)
    return PersonPage(
        id=person.pk,
        name=person.full_name,
        email=person.email,
        job_title=person.job_title,
        is_active=person.is_active,
        has_signed_in=person.has_usable_password(),
        in_group=bool(person.groups.all()),
        missing=_missing(person, today),
        designations=designations,
        trainings=trainings,
        qualifications=[_qualification(row, today) for row in person.qualifications.all()],
        needs_qualification=person.agency.role in QUALIFIED_ROLES,
        may_manage=may_manage_people(viewer) and not oneself,
        may_train=may_record_training(viewer) and not oneself,
        is_viewer=oneself,
        waits_until=how.waits_until if how else None,
        last_sign_in=person.last_login,
        second_steps=how.second_steps if how else [],
    )


def _designation(row: Designation, today: date) -> DesignationLine:
    ended = row.ends_on is not None and row.ends_on < today
    state = "ended" if ended else "coming" if row.starts_on > today else "current"
    return DesignationLine(row.pk, Duty(row.duty).label, row.designated_by, row.starts_on, row.ends_on, state)


def _training(row: Training, today: date) -> TrainingLine:
    current = row.completed_on <= today and (row.expires_on is None or row.expires_on >= today)
    return TrainingLine(
        Course(row.course).label, row.completed_on, row.expires_on, row.evidence, is_current=current
    )


def _qualification(row: Qualification, today: date) -> QualificationLine:
    over = row.ends_on is not None and row.ends_on < today
    return QualificationLine(
        id=row.pk,
        kind=Qualified(row.kind).label,
        way=f"{row.hours} hours of training" if row.way == QualifiedBy.TRAINING else "Degree or licence",
        supervisor=row.supervisor,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        evidence=row.evidence,
        is_current=row.starts_on <= today and not over,
        is_over=over,
    )


def _missing(person: Person, today: date) -> list[str]:
    """Why a person is not in the agency's group; empty when nothing is missing (MOU Template VII)."""
    reasons = []
    if not person.is_active:
        reasons.append("The account is closed.")
    current = {
        row.duty
        for row in person.designations.all()
        if row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)
    }
    works_cases = bool(current & {duty.value for duty in CASE_DUTIES})
    if current and not works_cases:
        return [*reasons, "The designation does not lead into case files."]
    if not works_cases:
        reasons.append("No designation is current.")
    trained = any(
        row.course == Course.CSEC_101
        and row.completed_on <= today
        and (row.expires_on is None or row.expires_on >= today)
        for row in person.trainings.all()
    )
    if not trained:
        reasons.append("CSEC 101 is not completed, or has run out.")
    return reasons
