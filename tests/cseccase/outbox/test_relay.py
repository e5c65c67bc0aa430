"""Messages leave through a real SMTP server, once, and say nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because
from cseccase.outbox import services
from cseccase.outbox.models import Message
from cseccase.outbox.services import LEASE, MAX_ATTEMPTS, WORDS, Letter, messages_relay, messages_write
from tests.worlds import county_make

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "test"


class Mailbox:
    """What a real mail server received; it refuses while `refusing`."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.seen: list[bytes] = []
        self.refusing = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.seen.append(envelope.content)
        if self.refusing:
            return "451 Try again later"
        self.letters.append(message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    controller.stop()


def write_one(key: str = "k") -> None:
    world = county_make()
    with acting_because(WHY):
        letter = Letter(world.person(Role.ADVOCATE).pk, Message.Template.DUTY, key)
        messages_write([letter, letter], now=datetime.now(UTC))


def test_a_message_is_sent_once_under_its_own_id_and_names_nobody(mailbox: Mailbox) -> None:
    write_one()
    assert messages_relay(now=datetime.now(UTC)) == 1
    assert messages_relay(now=datetime.now(UTC)) == 0
    with acting_because(WHY):
        row = Message.objects.select_related("recipient").get()
    (letter,) = mailbox.letters
    assert row.state == Message.State.SENT
    assert letter["Message-ID"].startswith(f"<{row.pk}@")
    text = letter.as_string()
    assert row.recipient.full_name not in text
    for word in ("child", "CSEC", "exploit", "case"):
        assert word.lower() not in text.lower()


def test_a_refusing_server_loses_nothing_and_is_asked_again_later(mailbox: Mailbox) -> None:
    write_one()
    mailbox.refusing = True
    now = datetime.now(UTC)
    assert messages_relay(now=now) == 0
    with acting_because(WHY):
        row = Message.objects.get()
    assert (row.state, row.attempts, row.problem) == (Message.State.WAITING, 1, "SMTPDataError")
    assert row.next_try_at > now
    mailbox.refusing = False
    assert messages_relay(now=now) == 0
    assert messages_relay(now=row.next_try_at) == 1
    assert len(mailbox.letters) == 1


def test_a_relay_that_died_in_the_middle_leaves_doubt_and_the_same_id_goes_again(mailbox: Mailbox) -> None:
    write_one()
    now = datetime.now(UTC)
    with acting_because(WHY):
        Message.objects.update(state=Message.State.LEASED, lease_until=now + LEASE)
    assert messages_relay(now=now) == 0
    assert messages_relay(now=now + LEASE + timedelta(seconds=1)) == 1
    with acting_because(WHY):
        assert mailbox.letters[0]["Message-ID"].startswith(f"<{Message.objects.get().pk}@")


def test_after_the_last_try_the_failure_is_on_record(mailbox: Mailbox) -> None:
    write_one()
    mailbox.refusing = True
    with acting_because(WHY):
        Message.objects.update(attempts=MAX_ATTEMPTS - 1)
    messages_relay(now=datetime.now(UTC))
    with acting_because(WHY):
        assert Message.objects.get().state == Message.State.FAILED


def test_refused_and_taken_it_is_the_same_message_byte_for_byte_but_for_its_date(mailbox: Mailbox) -> None:
    write_one()
    now = datetime.now(UTC)
    mailbox.refusing = True
    for _ in range(3):
        messages_relay(now=now)
        now += timedelta(hours=2)
    mailbox.refusing = False
    assert messages_relay(now=now) == 1
    letters = [message_from_bytes(raw) for raw in mailbox.seen]
    assert len(letters) == 4
    assert len({letter["Message-ID"] for letter in letters}) == 1
    for letter in letters:
        del letter["Date"]
    assert len({letter.as_bytes() for letter in letters}) == 1


def test_tries_come_later_each_time_and_at_most_an_hour_apart(mailbox: Mailbox) -> None:
    write_one()
    mailbox.refusing = True
    now, pauses = datetime.now(UTC), []
    for _ in range(MAX_ATTEMPTS - 1):
        messages_relay(now=now)
        with acting_because(WHY):
            row = Message.objects.get()
        pauses.append((row.next_try_at - now).total_seconds())
        now = row.next_try_at
    assert [round(pause) for pause in pauses] == [60, 120, 240, 480, 960, 1920, *[3600] * 5]


def test_the_bytes_on_the_wire_hold_two_fixed_sentences_and_nothing_else(mailbox: Mailbox) -> None:
    write_one()
    messages_relay(now=datetime.now(UTC))
    (raw,) = mailbox.seen
    letter = message_from_bytes(raw)
    body = letter.get_payload(decode=True)
    assert isinstance(body, bytes)
    subject, sentence = WORDS[Message.Template.DUTY]
    assert body.decode().splitlines()[0] == sentence
    assert letter["Subject"] == subject
    assert set(letter.keys()) <= {
        *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"),
        *("Content-Type", "Content-Transfer-Encoding", "X-Peer", "X-MailFrom", "X-RcptTo"),
    }


def test_a_slow_server_does_not_let_a_second_relay_take_what_waits_its_turn(mailbox: Mailbox) -> None:
    """The lease of a message is renewed when its turn comes; one that another relay took meanwhile is left to it."""
    write_one()
    now = datetime.now(UTC)
    (mine,) = services._lease(now)
    late = now + LEASE + timedelta(seconds=1)
    assert messages_relay(now=late) == 1
    assert not services._renew(mine, late)
    assert len(mailbox.letters) == 1


def test_killed_between_sending_and_marking_it_says_perhaps_and_goes_again_under_the_same_id(
    mailbox: Mailbox,
) -> None:
    write_one()
    now = datetime.now(UTC)
    (mine,) = services._lease(now)
    services.letter_of(mine).send()  # and here the relay's process ends
    later = now + LEASE + timedelta(seconds=1)
    with acting_because(WHY):
        assert services.leases_end(now=later) == 1
        assert Message.objects.get().state == Message.State.UNCERTAIN
    assert messages_relay(now=later) == 1
    first, second = (letter["Message-ID"] for letter in mailbox.letters)
    assert first == second
