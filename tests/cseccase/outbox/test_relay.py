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
from cseccase.outbox.models import Message
from cseccase.outbox.services import LEASE, MAX_ATTEMPTS, Letter, messages_relay, messages_write
from tests.worlds import county_make

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "test"


class Mailbox:
    """What a real mail server received; it refuses while `refusing`."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refusing = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
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
