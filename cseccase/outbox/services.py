"""Writing and delivering messages. Writing joins the caller's transaction; delivering is a worker's job."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q

from cseccase.confidentiality.context import viewing_as
from cseccase.logs import logger
from cseccase.outbox.models import Message

WHY = "the outbox delivers to everybody"
LEASE = timedelta(minutes=2)
BATCH = 50
MAX_ATTEMPTS = 12
log = logger("outbox")

WORDS = {
    Message.Template.DUTY: (
        "Something needs you",
        "Something in Care Coordination needs you. Sign in to see it:",
    ),
    Message.Template.MEETING: (
        "A meeting needs your answer",
        "A meeting needs your answer. Sign in to see it:",
    ),
    Message.Template.ALARM: (
        "Care Coordination: an alarm",
        "Care Coordination has raised an alarm about its own running. docs/deploy/runbook.md says under this name "
        "what it means and what to do:",
    ),
    Message.Template.ACCOUNT: ("Your account", "There is a change to your account. Sign in to see it:"),
}

PROBLEMS = {
    "SMTPRecipientsRefused": "The mail server refuses this address. Check it on the person’s page.",
    "SMTPAuthenticationError": "The mail server does not let us in. Whoever runs the product must look.",
    "SMTPDataError": "The mail server refused the message for now.",
    "SMTPSenderRefused": "The mail server refuses our own address. Whoever runs the product must look.",
    "ValidationError": "The address is not a valid one. Check it on the person’s page.",
}

DOORS: dict[Message.Template, Callable[[Any], str]] = {}
"""Where a template's link leads, as a path made for its recipient at the moment of sending; else the sign-in page.
A floor above puts its own in when it starts. A one-time link is therefore never stored."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to write: to whom, which of the content-free templates, and the key that makes it exist once.

    `not_before` lets it wait, as the daily digest does.
    """

    recipient: UUID
    template: Message.Template
    key: str
    not_before: datetime | None = None


def messages_write(letters: Iterable[Letter], *, now: datetime) -> None:
    """Puts messages in the outbox inside the running transaction; a key that is there already writes nothing."""
    Message.objects.bulk_create(
        (
            Message(
                key=letter.key,
                recipient_id=letter.recipient,
                template=letter.template,
                created_at=now,
                next_try_at=letter.not_before or now,
            )
            for letter in letters
        ),
        ignore_conflicts=True,
    )


def messages_relay(*, now: datetime) -> int:
    """Sends what waits: at least once, with a stable Message-ID. Returns how many were sent.

    `now` is the database's moment. A slow mail server does not outlast a lease: each message's is renewed before its turn.
    """
    began, sent = monotonic(), 0
    for message in _lease(now):
        moment = now + timedelta(seconds=monotonic() - began)
        if _renew(message, moment):
            sent += _send(message, moment)
    return sent


def _renew(message: Message, now: datetime) -> bool:
    """Whether the message is still this relay's, whose lease then begins anew."""
    with viewing_as(None, because=WHY):
        mine = Message.objects.filter(
            pk=message.pk, state=Message.State.LEASED, lease_until=message.lease_until
        )
        message.lease_until = now + LEASE
        return bool(mine.update(lease_until=message.lease_until))


def leases_end(*, now: datetime) -> int:
    """Messages whose relay is gone are perhaps sent: nobody can know. They say so, and wait to go again."""
    crashed = Message.objects.filter(state=Message.State.LEASED, lease_until__lt=now)
    return crashed.update(state=Message.State.UNCERTAIN, next_try_at=now)


def _lease(now: datetime) -> list[Message]:
    """Takes a batch for this worker. A lease that ran out means a crash: perhaps sent, so it says so and goes again."""
    waiting = Q(state__in=[Message.State.WAITING, Message.State.UNCERTAIN], next_try_at__lte=now)
    with viewing_as(None, because=WHY):
        leases_end(now=now)
        batch = list(
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(waiting)
            .select_related("recipient")
            .order_by("next_try_at")[:BATCH]
        )
        for message in batch:
            message.state, message.lease_until, message.attempts = (
                Message.State.LEASED,
                now + LEASE,
                message.attempts + 1,
            )
            message.save(update_fields=["state", "lease_until", "attempts"])
    return batch


def _send(message: Message, now: datetime) -> bool:
    problem = ""
    try:
        letter_of(message).send()
    except Exception as error:  # noqa: BLE001  # whatever the mail server does, the message is kept and tried again
        problem = type(error).__name__
        log.warning("message not sent", message=str(message.pk), exc_type=problem)
    with viewing_as(None, because=WHY):
        mine = Message.objects.filter(
            pk=message.pk, state=Message.State.LEASED, lease_until=message.lease_until
        )
        if not problem:
            mine.update(state=Message.State.SENT, sent_at=now, problem="")
            return True
        gave_up = message.attempts >= MAX_ATTEMPTS
        mine.update(
            state=Message.State.FAILED if gave_up else Message.State.WAITING,
            next_try_at=now + timedelta(seconds=min(30 * 2**message.attempts, 3600)),
            problem=problem,
        )
    return False


def message_try_again(*, message_id: UUID, now: datetime) -> None:
    """Puts a message in line again with all its tries; one that is sent, or in a relay's hands, is left as it is."""
    with viewing_as(None, because=WHY):
        Message.objects.filter(
            pk=message_id, state__in=[Message.State.FAILED, Message.State.WAITING, Message.State.UNCERTAIN]
        ).update(state=Message.State.WAITING, attempts=0, next_try_at=now)


def problem_words(problem: str) -> str:
    """What hindered a message, for the person who reads the list; never what a server wrote back."""
    return PROBLEMS.get(problem, "The mail server could not be reached.")


def letter_of(message: Message) -> EmailMessage:
    """The e-mail: two fixed sentences and an address to sign in at, or an alarm's name. No person, no case, no fact."""
    template = Message.Template(message.template)
    subject, words = WORDS[template]
    host = settings.SITE_ADDRESS.split("//")[-1].split("/")[0].split(":")[0]
    if message.recipient is None:
        to, where = message.address, message.alarm
    else:
        door = DOORS[template](message.recipient) if template in DOORS else ""
        to, where = message.recipient.email, f"{settings.SITE_ADDRESS}{door}"
    return EmailMessage(
        subject=subject,
        body=f"{words}\n\n{where}\n\nIf you did not expect this, tell your security officer.",
        to=[to],
        headers={"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
