"""Going through an agency's people once a quarter: each is confirmed, changed or suspended, and the officer signs.

The reminders are notices inside the product, to every security officer of the agency, once each.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, Q

from agencies.choices import Duty
from agencies.models import Agency, Notice, Person, StaffReview, StaffReviewLine
from agencies.policies import MAY_NOT_MANAGE, NOT_ONESELF, is_oneself, may_manage_people
from agencies.selectors.people import designated
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from cseccase.outbox.models import Message
from cseccase.outbox.services import Letter, messages_write

SOON = timedelta(days=14)
WHY = "every agency's security officers are reminded of the review"
Outcome = StaffReviewLine.Outcome


def review_due_at(agency: UUID) -> datetime | None:
    """When an agency's next review has to be signed: a quarter after the last, at first after its first account."""
    last = StaffReview.objects.filter(agency=agency).aggregate(at=Max("signed_at"))["at"]
    start = last or Person.objects.filter(agency=agency).aggregate(at=Min("joined_at"))["at"]
    return start + settings.REVIEW_EVERY if start else None


def review_stage(due_at: datetime | None, *, now: datetime) -> str:
    """ "overdue", "soon", or nothing."""
    if due_at is None or now < due_at - SOON:
        return ""
    return "overdue" if now >= due_at else "soon"


def review_open(*, viewer: Viewer, now: datetime) -> StaffReview:
    """The agency's open review, begun when nobody has. Raises NotAllowed."""
    if not may_manage_people(viewer):
        raise NotAllowed(MAY_NOT_MANAGE)
    review, _ = StaffReview.objects.get_or_create(
        agency_id=viewer.agency,
        signed_at=None,
        defaults={"opened_at": now, "opened_by_id": viewer.person},
    )
    return StaffReview.objects.select_for_update(of=("self",)).get(pk=review.pk)


@transaction.atomic
def person_confirm(*, viewer: Viewer, person_id: UUID, now: datetime) -> StaffReviewLine:
    """Says of one person that the account is still needed as it stands. Raises NotAllowed, NotVisible."""
    review = review_open(viewer=viewer, now=now)
    if is_oneself(viewer, person_id):
        raise NotAllowed(NOT_ONESELF)
    person = Person.objects.filter(pk=person_id, agency=viewer.agency, is_active=True).first()
    if person is None:
        raise NotVisible
    line = _line(review, viewer, person, Outcome.CONFIRMED, now)
    _log(viewer, review, now, did="reviewed", person=str(person_id))
    return line


def change_note(*, viewer: Viewer, person: Person, outcome: Outcome, now: datetime) -> None:
    """While a review is open, a changed designation or a closed account is part of it, without being asked again."""
    review = StaffReview.objects.filter(agency=viewer.agency, signed_at=None).first()
    if review is not None and person.agency_id == viewer.agency:
        _line(review, viewer, person, outcome, now)


def _line(
    review: StaffReview, viewer: Viewer, person: Person, outcome: Outcome, now: datetime
) -> StaffReviewLine:
    return StaffReviewLine.objects.update_or_create(
        review=review,
        person=person,
        defaults={
            "outcome": outcome,
            "duties": _duties(person, now),
            "second_step": _has_second_step(person),
            "said_at": now,
            "said_by_id": viewer.person,
        },
    )[0]


@transaction.atomic
def review_sign(*, viewer: Viewer, seen_by: str, now: datetime) -> StaffReview:
    """Signs the open review. Raises RuleBroken while anybody but the officer is left, for the director to see the rest."""
    review = review_open(viewer=viewer, now=now)
    left = people_left(review, viewer=viewer)
    if left:
        raise RuleBroken(
            f"{len(left)} of your people {'is' if len(left) == 1 else 'are'} not looked at yet. "
            "Confirm, change or suspend each; then sign."
        )
    review.signed_at, review.signed_by_id, review.seen_by = now, viewer.person, seen_by
    review.save(update_fields=["signed_at", "signed_by", "seen_by"])
    _log(viewer, review, now, did="review signed", people=review.lines.count())
    return review


def people_left(review: StaffReview, *, viewer: Viewer) -> list[UUID]:
    """Open accounts of the agency that nobody has said anything about. One's own is the director's to see."""
    said = StaffReviewLine.objects.filter(review=review).values("person")
    rows = Person.objects.filter(agency=viewer.agency, is_active=True)
    return list(rows.exclude(pk__in=said).exclude(pk=viewer.person).values_list("pk", flat=True))


def reviews_remind(*, now: datetime) -> int:
    """A notice and a message to each security officer whose agency's review is near or overdue. Safe to run twice."""
    told = 0
    with viewing_as(None, because=WHY):
        for agency in Agency.objects.filter(is_active=True).select_related("county").order_by("pk"):
            due_at = review_due_at(agency.pk)
            stage = review_stage(due_at, now=now)
            if stage and due_at is not None:
                told += _remind(agency, f"{stage}-{due_at:%y%m%d}", now)
    return told


def _remind(agency: Agency, stage: str, now: datetime) -> int:
    known = set(Notice.objects.filter(subject=agency.pk, stage=stage).values_list("recipient", flat=True))
    people = [person for person in _officers(agency, now) if person not in known]
    Notice.objects.bulk_create(
        (
            Notice(
                recipient_id=person,
                about=Notice.About.REVIEW,
                subject=agency.pk,
                stage=stage,
                escalated=stage.startswith("overdue"),
                created_at=now,
            )
            for person in people
        ),
        ignore_conflicts=True,
    )
    messages_write(
        [Letter(person, Message.Template.ACCOUNT, f"{agency.pk}:{stage}:{person}") for person in people],
        now=now,
    )
    return len(people)


def _officers(agency: Agency, now: datetime) -> list[UUID]:
    today = now.astimezone(ZoneInfo(agency.county.zone)).date()
    return designated(Person.objects.filter(agency=agency), duty=Duty.SECURITY_OFFICER, on=today)


def _duties(person: Person, now: datetime) -> str:
    today = now.astimezone(ZoneInfo(person.agency.county.zone)).date()
    rows = person.designations.filter(starts_on__lte=today).filter(Q(ends_on=None) | Q(ends_on__gte=today))
    return ", ".join(sorted(set(rows.values_list("duty", flat=True))))


def _has_second_step(person: Person) -> bool:
    from allauth.mfa.utils import is_mfa_enabled

    return bool(is_mfa_enabled(person))


def _log(viewer: Viewer, review: StaffReview, now: datetime, **facts: object) -> None:
    record(
        Verb.STAFF_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind="staff_review",
        subject=review.pk,
        facts=facts,
    )
