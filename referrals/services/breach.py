"""Why a duty was late: the owing agency says it, and a second person of that agency reviews it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from referrals import policies
from referrals.deadlines import kinds
from referrals.kinds import KINDS
from referrals.models import BreachReason, Deadline
from referrals.selectors.oversight import is_late

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class ReasonSaid:
    """Why a duty was late: one of the list, and what happened in words."""

    reason: str
    words: str


@transaction.atomic
def breach_explain(*, viewer: Viewer, deadline: Deadline, said: ReasonSaid, now: datetime) -> BreachReason:
    """Writes down why a duty was late. It changes nothing about the clock.

    Raises `NotAllowed` for another agency's duty, `RuleBroken` for a duty that is not late, or that has its reason.
    """
    policies.require(
        policies.may_explain_breach(viewer, deadline.owed_by_id),
        rule=f"This duty is owed by {deadline.owed_by.name}, and why it was late is that agency’s to say.",
        opens="Its own staff can write it down.",
        ask=f"Ask {deadline.owed_by.name}.",
    )
    standing = _held(viewer, deadline)
    if not is_late(standing, now):
        raise RuleBroken("This duty is not late, so it needs no reason.")
    if said.reason not in BreachReason.Reason.values:
        raise RuleBroken("Choose the reason that fits best.", field="reason")
    words = said.words.strip()
    if not words:
        raise RuleBroken("Say in a sentence or two what happened.", field="words")
    if len(words) > LONGEST:
        raise RuleBroken(f"Say it in at most {LONGEST} letters.", field="words")
    given = BreachReason.objects.visible_to(viewer).filter(deadline=standing)
    if given.exclude(verdict="returned").exists():
        raise RuleBroken("A reason is on record already. A reviewer can send it back.")
    row = BreachReason(
        section_id=standing.section_id,
        case_file_id=standing.case_file_id,
        deadline=standing,
        reason=said.reason,
        words=words,
        given_by_id=viewer.person,
        given_at=now,
    )
    row.save()
    _log(Verb.DUTY_EXPLAINED, viewer, standing, now, reason=said.reason)
    return row


@transaction.atomic
def breach_review(
    *, viewer: Viewer, deadline: Deadline, accepted: bool, words: str, now: datetime
) -> BreachReason:
    """A supervisor or director of the agency says that the reason stands, or sends it back with words.

    Raises `NotAllowed` for anybody else and for who gave it, `RuleBroken` for one sent back without words, `NotVisible`
    where no reason waits.
    """
    _held(viewer, deadline)
    rows = BreachReason.objects.visible_to(viewer).select_for_update(of=("self",))
    row = rows.filter(deadline=deadline, verdict="").first()
    if row is None:
        raise NotVisible
    policies.require(
        policies.may_review_breach(viewer, deadline.owed_by_id, given_by=row.given_by_id),
        rule="Why a duty was late is reviewed by a supervisor or director of the agency that owed it, who did not give the reason.",
        opens="A second supervisor, or the agency’s director, can review it.",
        ask="Ask your agency’s director.",
    )
    words = words.strip()
    if not accepted and not words:
        raise RuleBroken("Say what is missing, so that it can be written anew.", field="words")
    if len(words) > LONGEST:
        raise RuleBroken(f"Say it in at most {LONGEST} letters.", field="words")
    row.verdict = BreachReason.Verdict.ACCEPTED if accepted else BreachReason.Verdict.RETURNED
    row.review_words, row.reviewed_by_id, row.reviewed_at = words, viewer.person, now
    row.save()
    _log(Verb.DUTY_REVIEWED, viewer, deadline, now, verdict=row.verdict)
    return row


def _held(viewer: Viewer, deadline: Deadline) -> Deadline:
    """The duty as it stands, held while something is written about it."""
    rows = Deadline.objects.visible_to(viewer).select_for_update(of=("self",))
    standing = rows.filter(pk=deadline.pk).first()
    if standing is None:
        raise NotVisible
    return standing


def _log(verb: Verb, viewer: Viewer, deadline: Deadline, now: datetime, **facts: str) -> None:
    record(
        verb,
        viewer=viewer,
        at=now,
        subject_kind="deadline",
        subject=deadline.pk,
        case_file=deadline.case_file_id,
        category=KINDS[kinds.DUTY_DROPPED].category,
        facts=dict(facts),
    )
