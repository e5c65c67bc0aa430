"""What a security officer does with the people of the agency: each act asks who acts, changes one thing, and is logged.

Nobody acts on themselves, and nobody ever chooses or learns another person's password: a one-time link goes to the
person's own e-mail address (WIC 18961.5(c): directors designate who may use a shared index).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from agencies.choices import Course, Duty
from agencies.models import Agency, Designation, Person, StaffReviewLine, Training
from agencies.policies import (
    MAY_NOT_MANAGE,
    MAY_NOT_TRAIN,
    NOT_ONESELF,
    is_oneself,
    may_manage_people,
    may_record_training,
)
from agencies.services.review import change_note
from agencies.services.sign_in import account_release
from agencies.services.staff import (
    membership_settle,
    person_deactivate,
    person_designate,
    person_reactivate,
    sessions_end,
    training_record,
)
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from cseccase.outbox.models import Message
from cseccase.outbox.services import Letter, messages_write

TELLING = "a person is told to set a password"


@transaction.atomic
def person_invite(*, viewer: Viewer, full_name: str, email: str, job_title: str, now: datetime) -> Person:
    """A new person of the viewer's agency, who gets a link to choose a password. Raises NotAllowed, RuleBroken."""
    if not may_manage_people(viewer):
        raise NotAllowed(MAY_NOT_MANAGE)
    person = _account_open(viewer.agency, full_name, email, job_title, now)
    staff_logged(
        viewer=viewer, person=person, now=now, did="invited", fields=["full_name", "email", "job_title"]
    )
    return person


@transaction.atomic
def officer_invite(
    *, agency: Agency, full_name: str, email: str, designated_by: str, starts_on: date, now: datetime
) -> Person:
    """An agency's first security officer, whom nobody in it could invite: the county's operator does, by command.

    Raises RuleBroken for an address in use, and where the agency has had a security officer: that one invites others.
    """
    if Designation.objects.filter(person__agency=agency, duty=Duty.SECURITY_OFFICER).exists():
        raise RuleBroken(
            f"{agency.name} has had a security officer. That person invites others on the page “People”."
        )
    person = _account_open(agency.pk, full_name, email, "", now)
    person_designate(
        person=person,
        duty=Duty.SECURITY_OFFICER,
        designated_by=designated_by,
        starts_on=starts_on,
        now=now,
    )
    staff_logged(viewer=None, person=person, now=now, did="invited", fields=["full_name", "email"])
    staff_logged(viewer=None, person=person, now=now, did="designated", duty=Duty.SECURITY_OFFICER.value)
    return person


@transaction.atomic
def designation_add(
    *,
    viewer: Viewer,
    person_id: UUID,
    duty: Duty,
    designated_by: str,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
) -> Designation:
    """Writes down a director's designation. Raises NotAllowed for one's own, RuleBroken for one that is there already."""
    person = _person_to_manage(viewer, person_id)
    if not person.is_active:
        raise RuleBroken("This account is closed. Open it again first.")
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken("The last day is before the first day.", field="ends_on")
    if Designation.objects.filter(person=person, duty=duty, starts_on=starts_on).exists():
        raise RuleBroken("This designation is already written down for that day.", field="duty")
    designation = person_designate(
        person=person, duty=duty, designated_by=designated_by, starts_on=starts_on, ends_on=ends_on, now=now
    )
    change_note(viewer=viewer, person=person, outcome=StaffReviewLine.Outcome.CHANGED, now=now)
    staff_logged(
        viewer=viewer,
        person=person,
        now=now,
        did="designated",
        duty=duty.value,
        designation=str(designation.pk),
    )
    return designation


@transaction.atomic
def designation_end(
    *, viewer: Viewer, person_id: UUID, designation_id: UUID, last_day: date, now: datetime
) -> None:
    """Ends a designation after a day; one that has not begun ends on the day it would begin."""
    person = _person_to_manage(viewer, person_id)
    designation = Designation.objects.filter(pk=designation_id, person=person).first()
    if designation is None:
        raise NotVisible
    designation.ends_on = max(last_day, designation.starts_on)
    designation.save(update_fields=["ends_on"])
    membership_settle(person=person, now=now)
    change_note(viewer=viewer, person=person, outcome=StaffReviewLine.Outcome.CHANGED, now=now)
    staff_logged(
        viewer=viewer, person=person, now=now, did="designation ended", designation=str(designation.pk)
    )


@transaction.atomic
def training_add(
    *,
    viewer: Viewer,
    person_id: UUID,
    course: Course,
    completed_on: date,
    expires_on: date | None,
    evidence: str,
    now: datetime,
) -> Training:
    """Writes down a completed course with its proof. Raises NotAllowed for one's own."""
    if not may_record_training(viewer):
        raise NotAllowed(MAY_NOT_TRAIN)
    person = person_of_agency(viewer=viewer, person_id=person_id)
    if expires_on is not None and expires_on < completed_on:
        raise RuleBroken("The course runs out before it was completed.", field="expires_on")
    if Training.objects.filter(person=person, course=course, completed_on=completed_on).exists():
        raise RuleBroken("This course is already written down for that day.", field="course")
    training = training_record(
        person=person,
        course=course,
        completed_on=completed_on,
        expires_on=expires_on,
        evidence=evidence,
        now=now,
    )
    staff_logged(
        viewer=viewer,
        person=person,
        now=now,
        did="training recorded",
        course=course.value,
        training=str(training.pk),
    )
    return training


@transaction.atomic
def account_close(*, viewer: Viewer, person_id: UUID, now: datetime, why: str = "leaves") -> Person:
    """A leaver, or somebody suspended (`why`): account, sessions, designations and all they held end now."""
    person = _person_to_manage(viewer, person_id)
    change_note(viewer=viewer, person=person, outcome=StaffReviewLine.Outcome.SUSPENDED, now=now)
    counts = person_deactivate(person=person, now=now)
    staff_logged(
        viewer=viewer,
        person=person,
        now=now,
        did="suspended" if why == "suspended" else "deactivated",
        **counts,
    )
    return person


@transaction.atomic
def account_reopen(*, viewer: Viewer, person_id: UUID, now: datetime) -> Person:
    """Somebody came back: a new link is sent, since whatever they knew before may be known to others."""
    person = _person_to_manage(viewer, person_id)
    person_reactivate(person=person, now=now)
    _tell(person, now)
    staff_logged(viewer=viewer, person=person, now=now, did="reactivated")
    return person


@transaction.atomic
def link_send(*, viewer: Viewer, person_id: UUID, forget_second_step: bool, now: datetime) -> Person:
    """Sends a one-time link to choose a password. With `forget_second_step` a lost telephone or key opens nothing more."""
    from allauth.mfa.models import Authenticator

    person = _person_to_manage(viewer, person_id)
    if not person.is_active:
        raise RuleBroken("This account is closed. Open it again first.")
    person.set_unusable_password()
    person.save(update_fields=["password"])
    if forget_second_step:
        Authenticator.objects.filter(user=person).delete()
    sessions_end(person=person)
    _tell(person, now)
    staff_logged(
        viewer=viewer, person=person, now=now, did="link sent", second_step_removed=forget_second_step
    )
    return person


@transaction.atomic
def sign_in_release(*, viewer: Viewer, person_id: UUID, now: datetime) -> Person:
    """Somebody who guessed wrong too often may try again at once, wherever they are. Raises NotAllowed for oneself."""
    person = _person_to_manage(viewer, person_id)
    forgotten = account_release(email=person.email)
    staff_logged(viewer=viewer, person=person, now=now, did="sign-in released", forgotten=forgotten)
    return person


def first_password_path(person: Any) -> str:
    """The one-time page on which this person chooses a password; the sign-in page once they have one."""
    if person.has_usable_password() or not person.is_active:
        return reverse("account_login")
    uid = urlsafe_base64_encode(str(person.pk).encode())
    return reverse("first_password", args=[uid, default_token_generator.make_token(person)])


def person_behind_link(*, uid: str, token: str) -> Person:
    """Whose link this is. Raises NotVisible when it was used, is older than three days, or never was one."""
    try:
        person = Person.objects.get(pk=UUID(urlsafe_base64_decode(uid).decode()), is_active=True)
    except (ValueError, Person.DoesNotExist) as error:
        raise NotVisible from error
    if person.has_usable_password() or not default_token_generator.check_token(person, token):
        raise NotVisible
    return person


@transaction.atomic
def first_password_set(*, person: Person, password: str) -> None:
    """The person's own choice; it makes the link worthless."""
    person.set_password(password)
    person.save(update_fields=["password"])


def _account_open(agency: UUID, full_name: str, email: str, job_title: str, now: datetime) -> Person:
    if Person.objects.filter(email__iexact=email).exists():
        raise RuleBroken(
            "This e-mail address cannot be used for a new account. Check it, or ask the county’s support line.",
            field="email",
        )
    person = Person(email=email.lower(), full_name=full_name, job_title=job_title, agency_id=agency)
    person.set_unusable_password()
    person.save()
    _tell(person, now)
    return person


def person_of_agency(*, viewer: Viewer, person_id: UUID) -> Person:
    """Another person of the viewer's agency, held for a change. Raises `NotAllowed` for oneself, `NotVisible`."""
    if is_oneself(viewer, person_id):
        raise NotAllowed(NOT_ONESELF)
    person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id, agency=viewer.agency).first()
    if person is None:
        raise NotVisible
    return person


def _person_to_manage(viewer: Viewer, person_id: UUID) -> Person:
    if not may_manage_people(viewer):
        raise NotAllowed(MAY_NOT_MANAGE)
    return person_of_agency(viewer=viewer, person_id=person_id)


def _tell(person: Person, now: datetime) -> None:
    with acting_because(TELLING):
        letter = Letter(person.pk, Message.Template.ACCOUNT, f"account:{uuid4()}", email_only=True)
        messages_write([letter], now=now)


def staff_logged(*, viewer: Viewer | None, person: Person, now: datetime, did: str, **facts: Any) -> None:
    """One entry of the access log about an act on a person: what was done, with ids and codes."""
    record(
        Verb.STAFF_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind="person",
        subject=person.pk,
        facts={"did": did, **facts},
    )
