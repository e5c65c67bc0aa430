"""Which messages to an agency's people could not be sent, so that somebody tells them in another way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.policies import MAY_NOT_SEE_MESSAGES, may_see_people
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed
from cseccase.outbox.models import Channel, Message
from cseccase.outbox.services import problem_words

WHY = "who answers for an agency sees which messages did not reach its people"
PAGE = 25
WHAT = {
    Message.Template.DUTY: "a duty that needs them",
    Message.Template.MEETING: "a meeting that needs their answer",
    Message.Template.ACCOUNT: "a change to their account",
    Message.Template.ALARM: "an alarm",
    Message.Template.CODE: "a code for their mobile number",
}


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One message that did not go out: to whom, by which way, since when, and what hindered it. It holds no fact itself."""

    id: UUID
    person_id: UUID
    person: str
    what: str
    way: str
    since: datetime
    tries: int
    problem: str
    given_up: bool
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class UndeliveredPage:
    """One page of them, newest first."""

    messages: list[Undelivered]
    page: int
    has_more: bool


def undelivered_page(*, viewer: Viewer, page: int = 1) -> UndeliveredPage:
    """What was tried at least once for a person of the viewer's agency and is not sent. Raises NotAllowed."""
    if not may_see_people(viewer):
        raise NotAllowed(MAY_NOT_SEE_MESSAGES)
    first = (max(page, 1) - 1) * PAGE
    with acting_because(WHY):
        rows = list(
            Message.objects.exclude(state=Message.State.SENT)
            .exclude(problem="")
            .filter(recipient__agency=viewer.agency)
            .select_related("recipient")
            .order_by("-created_at", "pk")[first : first + PAGE + 1]
        )
    return UndeliveredPage([_shown(row) for row in rows[:PAGE]], max(page, 1), len(rows) > PAGE)


def _shown(row: Message) -> Undelivered:
    assert row.recipient is not None  # an alarm has no agency
    return Undelivered(
        id=row.pk,
        person_id=row.recipient.pk,
        person=row.recipient.full_name,
        what=WHAT[Message.Template(row.template)],
        way=Channel(row.channel).label,
        since=row.created_at,
        tries=row.attempts,
        problem=problem_words(row.problem, Channel(row.channel)),
        given_up=row.state == Message.State.FAILED,
        next_try_at=row.next_try_at,
    )
