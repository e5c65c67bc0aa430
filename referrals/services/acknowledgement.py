"""Saying "I have this" of a duty that called: the stages that came so far go no level further up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agencies.models import Notice
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from referrals import policies
from referrals.deadlines import kinds
from referrals.kinds import KINDS
from referrals.models import Deadline, DutyAcknowledgement
from referrals.services.ladder import ladder_call_off, unacknowledged

WHY = "a duty's stages are acknowledged by somebody whom they reached"


def was_called(person: UUID, deadline: UUID) -> bool:
    """Whether this person was sent a notice of this duty."""
    return Notice.objects.filter(
        recipient=person, subject=deadline, about=Notice.About.DEADLINE.value
    ).exists()


@transaction.atomic
def duty_acknowledge(*, viewer: Viewer, deadline: Deadline, now: datetime) -> int:
    """The viewer has seen what the duty calls for and sees to it. Returns how many stages that answered; 0 when a
    colleague was faster. The clock runs on.

    Raises `NotAllowed` for somebody whom the duty neither belongs to nor reached, `RuleBroken` for a closed one.
    """
    policies.require(
        policies.may_acknowledge(
            viewer, deadline.owed_by_id, was_called=was_called(viewer.person, deadline.pk)
        ),
        rule=f"This duty is owed by {deadline.owed_by.name}, and you were not called for it.",
        opens="Its own staff can acknowledge it, and whoever it was escalated to.",
        ask=f"Ask {deadline.owed_by.name}.",
    )
    rows = Deadline.objects.visible_to(viewer).select_for_update(of=("self",))
    standing = rows.filter(pk=deadline.pk).first()
    if standing is None:
        raise NotVisible
    if not standing.is_open:
        raise RuleBroken("This duty is closed already; nobody needs to answer for it.")
    return stages_answer(viewer=viewer, deadline=standing, now=now)


def stages_answer(*, viewer: Viewer, deadline: Deadline, now: datetime) -> int:
    """Writes the viewer's word beside every stage that waits for one, and calls the ladder off."""
    with acting_because(WHY):
        waiting = unacknowledged([deadline]).get(deadline.pk, [])
        for stage in waiting:
            DutyAcknowledgement(
                section_id=deadline.section_id,
                case_file_id=deadline.case_file_id,
                deadline=deadline,
                stage=stage,
                acknowledged_by_id=viewer.person,
                acknowledged_at=now,
            ).save()
        ladder_call_off(deadline.pk, now=now)
    if waiting:
        record(
            Verb.DUTY_ACKNOWLEDGED,
            viewer=viewer,
            at=now,
            subject_kind="deadline",
            subject=deadline.pk,
            case_file=deadline.case_file_id,
            category=KINDS[kinds.DUTY_DROPPED].category,
            facts={"stages": waiting},
        )
    return len(waiting)
