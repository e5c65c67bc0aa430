"""Writing down what came of a review of somebody's looks."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, Refusal, RuleBroken
from reporting.models import LookReview
from reporting.selectors.looked import people_reviewed


@transaction.atomic
def looks_review(
    *, viewer: Viewer, person_id: UUID, day: date, finding: str, words: str, now: datetime
) -> LookReview:
    """One answer about one person's day; it is never changed, and a later one stands beside it.

    Raises `NotVisible` for a person whom the viewer does not review, `NotAllowed` for the viewer's own looks, and
    `RuleBroken` for a day to come or an answer without words.
    """
    if not people_reviewed(viewer=viewer).filter(pk=person_id).exists():
        raise NotVisible
    if person_id == viewer.person:
        raise NotAllowed(
            Refusal(
                rule="Nobody reviews their own looks.",
                opens="Another supervisor, your security officer or the county’s auditor can review them.",
                ask="Ask your agency’s security officer.",
            )
        )
    if day > now.astimezone(ZoneInfo(viewer.zone)).date():
        raise RuleBroken("This day is still to come.")
    if not words.strip():
        raise RuleBroken("Write a few words: whom you asked, and what they said.", field="words")
    if finding not in LookReview.Finding.values:
        raise RuleBroken("Say what you found.", field="finding")
    review = LookReview(
        person_id=person_id,
        day=day,
        finding=finding,
        words=words.strip(),
        reviewed_by_id=viewer.person,
        reviewed_at=now,
    )
    review.save(force_insert=True)
    record(
        Verb.LOOKS_REVIEWED,
        viewer=viewer,
        at=now,
        subject_kind="log_unusual",
        subject=person_id,
        facts={"day": day.isoformat(), "finding": finding},
    )
    return review
