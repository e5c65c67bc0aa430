"""People of an agency: who may act for it, and who is in its group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q

from agencies.choices import CASE_DUTIES, Course, Duty, Role
from agencies.models import Agency, County, Designation, Person, Training
from agencies.services.reach import reach_end


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


Follow = Callable[[Person, datetime], int]
LEAVING: list[Follow] = []
"""What floors above give back when a person leaves: the duties they had taken on, the sections open to them alone.
Each runs inside the leaving's own transaction and returns how many things it gave back."""
RETURNING: list[Follow] = []
"""What floors above open again for a person who came back."""


@transaction.atomic
def person_deactivate(*, person: Person, now: datetime) -> dict[str, int]:
    """A leaver, or somebody suspended: in one transaction the account is shut, every session ends, every designation
    ends, and what only this person held goes back to the agency. Returns how much of each.

    People are never deleted; history names them.
    """
    person.is_active = False
    person.save(update_fields=["is_active"])
    ended = designations_end(person=person, now=now)
    membership_settle(person=person, now=now)
    sessions_end(person=person)
    reach_end(person=person)
    given_back = sum(follow(person, now) for follow in LEAVING)
    return {"designations_ended": ended, "given_back": given_back}


@transaction.atomic
def person_reactivate(*, person: Person, now: datetime) -> None:
    """Somebody came back. They hold nothing until a director designates them anew."""
    person.is_active = True
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    membership_settle(person=person, now=now)
    for follow in RETURNING:
        follow(person, now)


def designations_end(*, person: Person, now: datetime) -> int:
    """Ends every designation of a person as of yesterday; one that had no whole day yet is taken back altogether."""
    today = now.astimezone(ZoneInfo(person.agency.county.zone)).date()
    standing = Designation.objects.filter(person=person).filter(Q(ends_on=None) | Q(ends_on__gte=today))
    taken_back, _ = standing.filter(starts_on__gte=today).delete()
    return taken_back + standing.update(ends_on=today - timedelta(days=1))


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
