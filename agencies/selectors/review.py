"""What a security officer sees of a review: everybody of the agency, what was said, what is due, and what was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.models import StaffReview, StaffReviewLine
from agencies.policies import MAY_NOT_MANAGE, may_manage_people
from agencies.selectors.people import PersonPage, people_page
from agencies.services.review import review_due_at, review_stage
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed

PAGE = 25
SIGNED_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One person in the review, with what was said of them in it."""

    person: PersonPage
    said: str
    said_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignedReview:
    """One review of the past."""

    signed_at: datetime
    signed_by: str
    seen_by: str
    people: int


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of the open review (or of the one that would be begun), and the reviews before it."""

    lines: list[ReviewLine]
    page: int
    has_more: bool
    left: int
    due_at: datetime | None
    stage: str
    signed: list[SignedReview]


def review_page(*, viewer: Viewer, now: datetime, page: int = 1) -> ReviewPage:
    """The review of the viewer's agency. A fixed number of queries, whatever the number of people. Raises NotAllowed."""
    if not may_manage_people(viewer):
        raise NotAllowed(MAY_NOT_MANAGE)
    page = max(page, 1)
    shown, count = people_page(viewer=viewer, now=now, first=(page - 1) * PAGE, last=page * PAGE)
    said = _said(viewer, [person.id for person in shown])
    due_at = review_due_at(viewer.agency)
    open_lines = StaffReviewLine.objects.filter(
        review__agency=viewer.agency, review__signed_at=None, person__is_active=True
    ).exclude(person=viewer.person)
    return ReviewPage(
        lines=[ReviewLine(person, *said.get(person.id, ("", None))) for person in shown],
        page=page,
        has_more=count > page * PAGE,
        left=max(count - 1 - open_lines.count(), 0),
        due_at=due_at,
        stage=review_stage(due_at, now=now),
        signed=_signed(viewer),
    )


def review_waits(*, viewer: Viewer, now: datetime) -> str:
    """ "overdue", "soon" or nothing: what the officer is told on the page about people."""
    if not may_manage_people(viewer):
        return ""
    return review_stage(review_due_at(viewer.agency), now=now)


def _said(viewer: Viewer, people: list[UUID]) -> dict[UUID, tuple[str, datetime | None]]:
    rows = StaffReviewLine.objects.filter(
        review__agency=viewer.agency, review__signed_at=None, person__in=people
    )
    return {row.person_id: (StaffReviewLine.Outcome(row.outcome).label, row.said_at) for row in rows}


def _signed(viewer: Viewer) -> list[SignedReview]:
    from django.db.models import Count

    rows = (
        StaffReview.objects.filter(agency=viewer.agency, signed_at__isnull=False)
        .select_related("signed_by")
        .annotate(people=Count("lines"))
        .order_by("-signed_at")[:SIGNED_SHOWN]
    )
    return [
        SignedReview(row.signed_at, row.signed_by.full_name, row.seen_by, row.people)
        for row in rows
        if row.signed_at and row.signed_by
    ]
