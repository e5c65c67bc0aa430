"""How a duty is looked after: whether somebody answered what it called for, and why it was late."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.models import BreachReason, Deadline, DutyAcknowledgement
from referrals.services.acknowledgement import was_called
from referrals.services.ladder import unacknowledged

WHY = "whether anybody has answered a duty"
MISSING, TO_REVIEW, REVIEWED = "missing", "to_review", "reviewed"


@dataclass(frozen=True, slots=True)
class Oversight:
    """One duty as those who answer for it must know it. `reason` is empty for a duty that is not late."""

    waits: bool = False
    answered_by: str = ""
    answered_at: datetime | None = None
    reason: str = ""


def is_late(deadline: Deadline, now: datetime) -> bool:
    """Whether a duty was done after its limit, or is still owed after it."""
    if deadline.dropped_by is not None:
        return False
    return (deadline.met_at or now) > deadline.due_at


def oversight_of(deadlines: Collection[Deadline], *, viewer: Viewer, now: datetime) -> dict[UUID, Oversight]:
    """The same for many duties that the viewer may see; four queries, whatever their number."""
    with acting_because(WHY):
        waiting = unacknowledged(deadlines)
    ids = [deadline.pk for deadline in deadlines]
    said = DutyAcknowledgement.objects.visible_to(viewer).filter(deadline__in=ids)
    answered = {
        row.deadline_id: row
        for row in said.select_related("acknowledged_by").order_by("acknowledged_at", "pk")
    }
    given = BreachReason.objects.visible_to(viewer).filter(deadline__in=ids)
    verdicts = dict(given.exclude(verdict="returned").values_list("deadline", "verdict"))
    found = {}
    for deadline in deadlines:
        answer = answered.get(deadline.pk)
        found[deadline.pk] = Oversight(
            waits=deadline.pk in waiting,
            answered_by=answer.acknowledged_by.full_name if answer else "",
            answered_at=answer.acknowledged_at if answer else None,
            reason=_reason(deadline, verdicts, now),
        )
    return found


def _reason(deadline: Deadline, verdicts: dict[UUID, str], now: datetime) -> str:
    if not is_late(deadline, now):
        return ""
    if deadline.pk not in verdicts:
        return MISSING
    return REVIEWED if verdicts[deadline.pk] else TO_REVIEW


def may_answer(viewer: Viewer, deadline: Deadline) -> bool:
    """Whether this viewer may say "I have this" of a duty that waits for it."""
    called = was_called(viewer.person, deadline.pk)
    return policies.may_acknowledge(viewer, deadline.owed_by_id, was_called=called)


def calls_waiting(viewer: Viewer, duties: Collection[UUID]) -> set[UUID]:
    """Which of these duties, of which the viewer was told, still wait for a word; three queries at most."""
    if not policies.may_acknowledge(viewer, None, was_called=True):
        return set()
    rows = Deadline.objects.visible_to(viewer).filter(pk__in=duties, met_at=None, dropped_by=None)
    found = list(rows)
    with acting_because(WHY):
        return set(unacknowledged(found)) if found else set()


def reasons_of(deadline: Deadline, *, viewer: Viewer) -> list[BreachReason]:
    """Every reason given for one duty, the newest first; those that were sent back stand below."""
    rows = BreachReason.objects.visible_to(viewer).filter(deadline=deadline)
    return list(rows.select_related("given_by", "reviewed_by").order_by("-given_at", "-pk"))


def reason_to_review(*, viewer: Viewer, deadline: Deadline) -> BreachReason:
    """The reason of this duty that waits for a review. Raises NotVisible where none does."""
    rows = BreachReason.objects.visible_to(viewer).filter(deadline=deadline, verdict="")
    found = rows.select_related("given_by").first()
    if found is None:
        raise NotVisible
    return found
