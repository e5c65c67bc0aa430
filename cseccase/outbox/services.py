"""Writing and delivering messages. Writing joins the caller's transaction; delivering is a worker's job."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q

from cseccase.confidentiality.context import viewing_as
from cseccase.logs import logger
from cseccase.outbox.gateways import AddressGone, GatewayRefusal, Words, gateway_of
from cseccase.outbox.models import Channel, Message

WHY = "the outbox delivers to everybody"
LEASE = timedelta(minutes=2)
BATCH = 50
MAX_ATTEMPTS = 12
ROUND = 30.0
"""Seconds after which a relay gives back what it has not begun: a server that hangs must not hold up the next channel."""
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
    Message.Template.CODE: ("Your code", ""),
}

PROBLEMS = {
    "SMTPRecipientsRefused": "The mail server refuses this address. Check it on the person’s page.",
    "SMTPAuthenticationError": "The mail server does not let us in. Whoever runs the product must look.",
    "SMTPDataError": "The mail server refused the message for now.",
    "SMTPSenderRefused": "The mail server refuses our own address. Whoever runs the product must look.",
    "ValidationError": "The address is not a valid one. Check it on the person’s page.",
}
PROBLEMS_BESIDE = {
    Channel.TEXT: {
        "Refused": "The county’s text gateway refuses this number. The person corrects it on their account page.",
        "KeptOut": "The county’s text gateway does not let us in. Whoever runs the product must look.",
    },
    Channel.PUSH: {
        "Refused": "The device’s push service refuses the notice. The person turns notices on again on that device.",
        "KeptOut": "The device’s push service does not let us in. Whoever runs the product must look.",
    },
}
UNREACHABLE = {
    Channel.EMAIL: "The mail server could not be reached.",
    Channel.TEXT: "The county’s text gateway could not be reached, or takes nothing for now.",
    Channel.PUSH: "The device’s push service could not be reached, or takes nothing for now.",
}

DOORS: dict[Message.Template, Callable[[Any], str]] = {}
"""Where a template's link leads, as a path made for its recipient at the moment of sending; else the sign-in page.
A floor above puts its own in when it starts. A one-time link is therefore never stored."""


SAYINGS: dict[Message.Template, Callable[[UUID, datetime], str]] = {}
"""Words made for one target at the moment of sending, as a one-time code is; empty when they are of no use any more."""


class AddressBook(Protocol):
    """Where people chose to be told by one channel. The floor above that knows it puts its own into `BOOKS`."""

    def of(self, people: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
        """Each of these people's targets now, as (person, target)."""

    def address(self, target: UUID) -> str:
        """The number or subscription; empty when the person took it back."""

    def end(self, target: UUID, *, now: datetime) -> None:
        """Nobody takes messages there any more."""


BOOKS: dict[Channel, AddressBook] = {}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to write: to whom, which of the content-free templates, and the key that makes it exist once.

    `not_before` lets it wait, as the daily digest does. By e-mail only go the digest and what `email_only` says.
    """

    recipient: UUID
    template: Message.Template
    key: str
    not_before: datetime | None = None
    email_only: bool = False


def messages_write(letters: Iterable[Letter], *, now: datetime) -> None:
    """Puts messages in the outbox inside the running transaction; a key that is there already writes nothing.

    Beside the e-mail a letter goes to every number and device that its recipient chose, once each.
    """
    written = list(letters)
    by_email = (
        Message(
            key=letter.key,
            recipient_id=letter.recipient,
            template=letter.template,
            created_at=now,
            next_try_at=letter.not_before or now,
        )
        for letter in written
    )
    beside = [letter for letter in written if not (letter.email_only or letter.not_before)]
    Message.objects.bulk_create([*by_email, *_beside(beside, now)], ignore_conflicts=True)


def _beside(letters: Sequence[Letter], now: datetime) -> Iterator[Message]:
    """The same letters by the channels people chose, in one order everywhere."""
    people = {letter.recipient for letter in letters}
    for channel, book in sorted(BOOKS.items()):
        if not people or gateway_of(channel) is None:
            continue
        targets: dict[UUID, list[UUID]] = defaultdict(list)
        for person, target in book.of(people):
            targets[person].append(target)
        for letter in letters:
            for target in sorted(targets[letter.recipient]):
                yield _to_target(channel, target, letter, now)


def _to_target(channel: Channel, target: UUID, letter: Letter, now: datetime) -> Message:
    return Message(
        key=f"{letter.key}:{channel}:{target}",
        channel=channel,
        target=target,
        recipient_id=letter.recipient,
        template=letter.template,
        created_at=now,
        next_try_at=now,
    )


def code_send(*, channel: Channel, target: UUID, recipient: UUID, key: str, now: datetime) -> None:
    """Sends one number the words that SAYINGS holds for it, so that its owner can show that it is theirs."""
    letter = Letter(recipient, Message.Template.CODE, key)
    Message.objects.bulk_create([_to_target(channel, target, letter, now)], ignore_conflicts=True)


def messages_relay(*, now: datetime, channel: Channel | None = None) -> int:
    """Sends what waits, by one channel or by all: at least once, with a stable id. Returns how many were sent.

    `now` is the database's moment. A slow server does not outlast a lease: each message's is renewed before its turn.
    """
    began, sent = monotonic(), 0
    for message in _lease(now, channel):
        spent = monotonic() - began
        moment = now + timedelta(seconds=spent)
        if spent > ROUND:
            _give_back(message)
        elif _renew(message, moment):
            sent += _send(message, moment)
    return sent


def _give_back(message: Message) -> None:
    """A message that was not begun waits again as if it had not been taken."""
    with viewing_as(None, because=WHY):
        Message.objects.filter(
            pk=message.pk, state=Message.State.LEASED, lease_until=message.lease_until
        ).update(state=message.came_from, attempts=F("attempts") - 1)


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


def _lease(now: datetime, channel: Channel | None = None) -> list[Message]:
    """Takes a batch for this worker. A lease that ran out means a crash: perhaps sent, so it says so and goes again."""
    waiting = Q(state__in=[Message.State.WAITING, Message.State.UNCERTAIN], next_try_at__lte=now)
    if channel is not None:
        waiting &= Q(channel=channel)
    with viewing_as(None, because=WHY):
        leases_end(now=now)
        batch = list(
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(waiting)
            .select_related("recipient")
            .order_by("next_try_at")[:BATCH]
        )
        for message in batch:
            message.came_from = message.state
            message.state, message.lease_until, message.attempts = (
                Message.State.LEASED,
                now + LEASE,
                message.attempts + 1,
            )
            message.save(update_fields=["state", "lease_until", "attempts"])
    return batch


def _send(message: Message, now: datetime) -> bool:
    state, problem = Message.State.SENT, ""
    try:
        if not _deliver(message, now):
            state = Message.State.ENDED
    except AddressGone:
        state = Message.State.ENDED
        _target_end(message, now)
    except Exception as error:  # noqa: BLE001  # whatever a server does, the message is kept and tried again
        problem = type(error).__name__
        refused = isinstance(error, GatewayRefusal) and error.permanent
        gave_up = refused or message.attempts >= MAX_ATTEMPTS
        state = Message.State.FAILED if gave_up else Message.State.WAITING
        log.warning("message not sent", message=str(message.pk), exc_type=problem)
    _mark(message, state, problem, now)
    return state == Message.State.SENT


def _mark(message: Message, state: Message.State, problem: str, now: datetime) -> None:
    """Writes down what became of a message, if it is still this relay's."""
    with viewing_as(None, because=WHY):
        mine = Message.objects.filter(
            pk=message.pk, state=Message.State.LEASED, lease_until=message.lease_until
        )
        if problem:
            pause = timedelta(seconds=min(30 * 2**message.attempts, 3600))
            mine.update(state=state, problem=problem, next_try_at=now + pause)
        else:
            sent_at = now if state == Message.State.SENT else None
            mine.update(state=state, problem="", sent_at=sent_at)


def _deliver(message: Message, now: datetime) -> bool:
    """Whether the message went; False when its recipient no longer wants it there, or its words are of no use."""
    channel = Channel(message.channel)
    if channel == Channel.EMAIL:
        letter_of(message).send()
        return True
    gateway, address, words = gateway_of(channel), "", None
    if gateway is not None and channel in BOOKS and message.target is not None:
        with viewing_as(None, because=WHY):
            address = BOOKS[channel].address(message.target)
            words = words_of(message, now)
    if gateway is None or not address or words is None:
        return False
    gateway.send(address, words, str(message.pk))
    return True


def _target_end(message: Message, now: datetime) -> None:
    """The address answers no more: its owner sees that on their account page; no failure stays on any list."""
    log.info("address gone", message=str(message.pk))
    if message.target is not None:
        with viewing_as(None, because=WHY):
            BOOKS[Channel(message.channel)].end(message.target, now=now)


def message_try_again(*, message_id: UUID, now: datetime) -> None:
    """Puts a message in line again with all its tries; one that is sent, or in a relay's hands, is left as it is."""
    with viewing_as(None, because=WHY):
        Message.objects.filter(
            pk=message_id, state__in=[Message.State.FAILED, Message.State.WAITING, Message.State.UNCERTAIN]
        ).update(state=Message.State.WAITING, attempts=0, next_try_at=now)


def problem_words(problem: str, channel: Channel = Channel.EMAIL) -> str:
    """What hindered a message, for the person who reads the list; never what a server wrote back."""
    known = PROBLEMS if channel == Channel.EMAIL else PROBLEMS_BESIDE[channel]
    return known.get(problem, UNREACHABLE[channel])


def words_of(message: Message, now: datetime) -> Words | None:
    """What a text message or a push notice says: the e-mail's own two sentences. None when it is of no use any more."""
    template = Message.Template(message.template)
    title, sentence = WORDS[template]
    if template in SAYINGS:
        said = SAYINGS[template](message.target, now) if message.target else ""
        return Words(title, said, "") if said else None
    return Words(title, f"{sentence.rstrip(':')}.", settings.SITE_ADDRESS)


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
