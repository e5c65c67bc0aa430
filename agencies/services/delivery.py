"""Trying again what could not be sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from agencies.policies import MAY_NOT_SEE_MESSAGES, may_see_people
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible
from cseccase.outbox.models import Message
from cseccase.outbox.services import message_try_again

WHY = "who answers for an agency has a message to its people tried again"


def message_again(*, viewer: Viewer, message_id: UUID, now: datetime) -> None:
    """Puts a message to a person of the viewer's agency in line again, with all its tries. One that is sent stays sent.

    Raises NotAllowed without the duty, NotVisible for another agency's or an absent one.
    """
    if not may_see_people(viewer):
        raise NotAllowed(MAY_NOT_SEE_MESSAGES)
    with acting_because(WHY):
        if not Message.objects.filter(pk=message_id, recipient__agency=viewer.agency).exists():
            raise NotVisible
        message_try_again(message_id=message_id, now=now)
