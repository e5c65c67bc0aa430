"""People of an agency: who may act for it, and who is in its group."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q

from agencies.choices import CASE_DUTIES, Course, Duty, Role
from agencies.models import Agency, County, Designation, Person, Training


@transaction.atomic
def agency_open(
    *, county: County, role: Role, name: str, short_name: str, phone: str = "", governmental: bool = True
) -> Agency:
    """A party to the county's protocol, with its one group."""
    agency = Agency(
        county=county, role=role, name=name, short_name=short_name, phone=phone, governmental=governmental
    )
    agency.group = Group.objects.create(name=f"agency {agency.pk}")
    agency.save()
    return agency


@transaction.atomic
def person_designate(
    *,
    person: Person,
    duty: Duty,
    designated_by: str,
    starts_on: date,
    now: datetime,
    ends_on: date | None = None,
) -> Designation:
    """A director's designation, and the group membership that follows from it."""
    designation = Designation.objects.create(
        person=person, duty=duty, designated_by=designated_by, starts_on=starts_on, ends_on=ends_on
    )
    membership_settle(person=person, now=now)
    return designation


@transaction.atomic
def training_record(
    *,
    person: Person,
    course: Course,
    completed_on: date,
    now: datetime,
    expires_on: date | None = None,
    evidence: str = "",
) -> Training:
    """A completed course, and the group membership that follows from it."""
    training = Training.objects.create(
        person=person, course=course, completed_on=completed_on, expires_on=expires_on, evidence=evidence
    )
    membership_settle(person=person, now=now)
    return training


@transaction.atomic
def person_deactivate(*, person: Person, now: datetime) -> None:
    """A leaver: the account is shut and every session of it ends now. People are never deleted; history names them."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    membership_settle(person=person, now=now)
    sessions_end(person=person)


def sessions_end(*, person: Person) -> None:
    """Signs a person out everywhere, at once."""
    from allauth.usersessions.models import UserSession

    for session in UserSession.objects.filter(user=person):
        session.end()


def is_trained(person: Person, courses: frozenset[Course], *, on: date) -> bool:
    """Whether every one of these courses is completed and current on a day."""
    current = set(
        Training.objects.filter(person=person, course__in=courses, completed_on__lte=on)
        .filter(Q(expires_on=None) | Q(expires_on__gte=on))
        .values_list("course", flat=True)
    )
    return current >= {course.value for course in courses}


def membership_settle(*, person: Person, now: datetime) -> None:
    """In the agency's group exactly when active, designated for case work, and trained in CSEC 101 (MOU VII)."""
    today = now.astimezone(ZoneInfo(person.agency.county.zone)).date()
    designated = (
        Designation.objects.filter(person=person, duty__in=CASE_DUTIES, starts_on__lte=today)
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .exists()
    )
    if person.is_active and designated and is_trained(person, frozenset({Course.CSEC_101}), on=today):
        person.groups.set([person.agency.group])
    else:
        person.groups.clear()


def memberships_settle_all(*, now: datetime) -> int:
    """Every membership as dates now have it: a designation that begins or ends, a training that runs out.

    Returns how many people came in or went out. Safe to run twice.
    """
    changed = 0
    for person in Person.objects.select_related("agency__county", "agency__group").order_by("pk").iterator():
        before = person.groups.exists()
        membership_settle(person=person, now=now)
        changed += before != person.groups.exists()
    return changed
