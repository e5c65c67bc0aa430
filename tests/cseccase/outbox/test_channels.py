"""Text messages and push notices leave through real HTTP servers, once for each number and device, and say nothing."""

from __future__ import annotations

import io
import json
import logging
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings as django_settings
from django.core import mail
from django.db import connections

from agencies.choices import Duty, Role
from agencies.models import Person, PushDevice, TextNumber
from agencies.selectors.delivery import undelivered_page
from agencies.services.reach import code_of
from cseccase.confidentiality.context import acting_because
from cseccase.outbox import services, tasks
from cseccase.outbox.models import Channel, Message
from cseccase.outbox.services import (
    LEASE,
    MAX_ATTEMPTS,
    Letter,
    code_send,
    messages_relay,
    messages_write,
)
from cseccase.outbox.webpush import base64url, private_key, public_key, public_text, push_key_new, unbase64
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "test"
NUMBER = "+15553100142"
NOW = datetime.now(UTC)


@dataclass
class Server:
    """What a gateway received; it answers what it is told to, and can be told to hang until it is let go."""

    url: str = ""
    status: int = 201
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.asked]


@pytest.fixture
def server() -> Iterator[Server]:
    seen = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.asked.append((dict(self.headers.items()), body))
            self.send_response(seen.status)
            for name, value in seen.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            """Silence."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.url = f"http://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield seen
    listening.shutdown()
    listening.server_close()


class Browser:
    """A browser's side of RFC 8291, written from the standard: its keys, and how it opens what comes."""

    def __init__(self, url: str) -> None:
        self.key, self.secret = private_key(push_key_new()), b"0123456789abcdef"
        self.subscription = {
            "endpoint": f"{url}/push/abc",
            "p256dh": public_text(self.key),
            "auth": base64url(self.secret),
        }

    def open(self, body: bytes) -> Any:
        salt, (size, length), rest = body[:16], struct.unpack("!IB", body[16:21]), body[21:]
        theirs, sealed = rest[:length], rest[length:]
        shared = self.key.exchange(ec.ECDH(), public_key(base64url(theirs)))
        info = b"WebPush: info\0" + unbase64(self.subscription["p256dh"]) + theirs
        secret = self._hkdf(self.secret, shared, info, 32)
        key = self._hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = self._hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        assert size == 4096 and plain.endswith(b"\x02")
        return json.loads(plain[:-1])

    @staticmethod
    def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


@pytest.fixture
def world(server: Server, settings: Any) -> World:
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = f"{server.url}/send", "a-token"
    settings.PUSH_SERVICES, settings.PUSH_CONTACT = [server.url], "mailto:it@county.example"
    settings.OUTBOX_GATEWAYS = {
        "text": "cseccase.outbox.gateways.TextGateway",
        "push": "cseccase.outbox.gateways.PushGateway",
    }
    return county_make()


def number_of(person: Person, *, confirmed: bool = True) -> TextNumber:
    with acting_because(WHY):
        return TextNumber.objects.create(
            person=person,
            number=NUMBER,
            written_at=NOW,
            code_until=NOW + timedelta(minutes=15),
            confirmed_at=NOW if confirmed else None,
        )


def device_of(person: Person, browser: Browser) -> PushDevice:
    with acting_because(WHY):
        return PushDevice.objects.create(
            person=person,
            name="telephone",
            subscription=browser.subscription,
            fingerprint="f" * 64,
            added_at=NOW,
        )


def tell(person: Person, key: str = "duty:stage", **said: Any) -> None:
    with acting_because(WHY):
        letter = Letter(person.pk, Message.Template.DUTY, key, **said)
        messages_write([letter, letter], now=NOW)


def rows(channel: str) -> list[Message]:
    with acting_because(WHY):
        return list(Message.objects.filter(channel=channel))


def test_one_duty_goes_once_by_each_way_a_person_chose(world: World, server: Server) -> None:
    person, browser = world.person(Role.ADVOCATE), Browser(server.url)
    number_of(person), device_of(person, browser)
    tell(person)
    tell(person)
    assert messages_relay(now=NOW) == 3
    assert messages_relay(now=NOW) == 0
    assert len(mail.outbox) == 1 and len(server.asked) == 2
    assert {row.state for channel in Channel for row in rows(channel)} == {Message.State.SENT}


def test_the_text_message_holds_the_number_two_fixed_sentences_and_a_stable_key(
    world: World, server: Server
) -> None:
    person = world.person(Role.ADVOCATE)
    number_of(person)
    tell(person)
    messages_relay(now=NOW, channel=Channel.TEXT)
    ((headers, _),), (body,), (row,) = server.asked, server.bodies, rows("text")
    assert body == {
        "to": NUMBER,
        "text": f"Something in Care Coordination needs you. Sign in to see it. {django_settings.SITE_ADDRESS}",
        "reference": str(row.pk),
    }
    assert headers["Idempotency-Key"] == str(row.pk) and headers["Authorization"] == "Bearer a-token"


def test_the_push_service_sees_a_sealed_box_that_the_browser_alone_opens(
    world: World, server: Server
) -> None:
    person, browser = world.person(Role.ADVOCATE), Browser(server.url)
    device_of(person, browser)
    tell(person)
    messages_relay(now=NOW, channel=Channel.PUSH)
    ((headers, body),), (row,) = server.asked, rows("push")
    assert browser.open(body) == {
        "title": "Something needs you",
        "body": "Something in Care Coordination needs you. Sign in to see it.",
        "url": django_settings.SITE_ADDRESS,
        "tag": str(row.pk),
    }
    assert b"needs you" not in body and headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].startswith("vapid t=") and headers["Topic"] == row.pk.hex


def test_by_e_mail_alone_go_the_digest_what_is_for_e_mail_and_all_to_who_chose_nothing(
    world: World, server: Server
) -> None:
    person = world.person(Role.ADVOCATE)
    number_of(person)
    tell(person, "digest", not_before=NOW)
    tell(person, "link", email_only=True)
    tell(world.person(Role.PROBATION), "other")
    number_of(world.person(Role.PROBATION), confirmed=False)
    tell(world.person(Role.PROBATION), "unconfirmed")
    assert messages_relay(now=NOW) == 4 and not server.asked


def test_a_county_without_a_gateway_writes_e_mails_only_and_what_waits_ends_quietly(
    world: World, server: Server, settings: Any
) -> None:
    person = world.person(Role.ADVOCATE)
    number_of(person)
    tell(person, "before")
    settings.OUTBOX_GATEWAYS = {"text": "", "push": ""}
    tell(person, "after")
    assert messages_relay(now=NOW) == 2
    assert [(row.state, row.problem) for row in rows("text")] == [("ended", "")] and not server.asked


@pytest.mark.parametrize(
    ("status", "state", "problem"),
    [
        (400, "failed", "Refused"),
        (422, "failed", "Refused"),
        (404, "failed", "Refused"),
        (401, "waiting", "KeptOut"),
        (302, "waiting", "KeptOut"),
        (429, "waiting", "NotNow"),
        (500, "waiting", "NotNow"),
        (503, "waiting", "NotNow"),
    ],
)
def test_what_a_gateway_refuses_for_good_fails_at_once_and_all_else_is_tried_again(
    world: World, server: Server, status: int, state: str, problem: str
) -> None:
    person = world.person(Role.ADVOCATE)
    number_of(person)
    tell(person)
    server.status, server.headers = status, {"Location": f"{server.url}/elsewhere"}
    assert messages_relay(now=NOW, channel=Channel.TEXT) == 0
    (row,) = rows("text")
    assert (row.state, row.problem, len(server.asked)) == (state, problem, 1)
    server.status = 200
    assert messages_relay(now=row.next_try_at, channel=Channel.TEXT) == (state == "waiting")
    assert len({body["reference"] for body in server.bodies}) == 1


def test_a_gateway_that_is_not_there_is_asked_twelve_times_and_then_the_list_says_who_was_not_told(
    world: World, server: Server, settings: Any
) -> None:
    person = world.person(Role.ADVOCATE)
    number_of(person)
    tell(person)
    settings.SMS_GATEWAY_URL = "https://127.0.0.1:1/send"
    now = NOW
    for _ in range(MAX_ATTEMPTS):
        messages_relay(now=now, channel=Channel.TEXT)
        now = rows("text")[0].next_try_at
    assert rows("text")[0].state == Message.State.FAILED
    viewer = world.viewer(Role.ADVOCATE, Duty.SUPERVISOR)
    (shown,) = undelivered_page(viewer=viewer).messages
    assert (shown.person, shown.way, shown.given_up) == (person.full_name, "text message", True)
    assert "could not be reached" in shown.problem and NUMBER[-7:] not in repr(shown)


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_ends_and_no_failure_stays(
    world: World, server: Server, status: int
) -> None:
    person, browser = world.person(Role.ADVOCATE), Browser(server.url)
    device = device_of(person, browser)
    tell(person, "one")
    server.status = status
    assert messages_relay(now=NOW, channel=Channel.PUSH) == 0
    assert [(row.state, row.problem) for row in rows("push")] == [("ended", "")]
    with acting_because(WHY):
        device.refresh_from_db()
        assert device.ended_at is not None
    server.status = 201
    tell(person, "two")
    assert messages_relay(now=NOW, channel=Channel.PUSH) == 0
    assert len(rows("push")) == 1 and len(server.asked) == 1


def test_a_number_taken_back_hears_nothing_of_what_was_on_its_way(world: World, server: Server) -> None:
    person = world.person(Role.ADVOCATE)
    number = number_of(person)
    tell(person)
    with acting_because(WHY):
        number.delete()
    assert messages_relay(now=NOW, channel=Channel.TEXT) == 0
    assert rows("text")[0].state == "ended" and not server.asked


def test_killed_between_sending_and_marking_it_says_perhaps_and_goes_again_under_the_same_key(
    world: World, server: Server
) -> None:
    person = world.person(Role.ADVOCATE)
    number_of(person)
    tell(person)
    (mine,) = services._lease(NOW, Channel.TEXT)
    services._deliver(mine, NOW)  # and here the relay's process ends
    later = NOW + LEASE + timedelta(seconds=1)
    with acting_because(WHY):
        assert services.leases_end(now=later) == 1
    assert rows("text")[0].state == Message.State.UNCERTAIN
    assert messages_relay(now=later, channel=Channel.TEXT) == 1
    first, second = (headers["Idempotency-Key"] for headers, _ in server.asked)
    assert first == second


def test_two_relays_at_once_send_everything_once(world: World, server: Server) -> None:
    person, browser = world.person(Role.ADVOCATE), Browser(server.url)
    number_of(person), device_of(person, browser)
    for number in range(12):
        tell(person, f"duty:{number}")
    start, sent = threading.Barrier(2), []

    def relay() -> None:
        start.wait()
        sent.append(messages_relay(now=NOW))
        connections.close_all()

    both = [threading.Thread(target=relay) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(sent) == 36 and len(server.asked) == 24 and len(mail.outbox) == 12
    references = [headers.get("Idempotency-Key") or headers["Topic"] for headers, _ in server.asked]
    assert len(set(references)) == 24


def test_a_channel_that_hangs_gives_back_what_it_has_not_begun(
    world: World, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person(Role.ADVOCATE)
    number_of(person)
    for number in range(3):
        tell(person, f"duty:{number}")
    moments = iter([0.0, 1.0, 31.0, 31.0])
    monkeypatch.setattr(services, "monotonic", lambda: next(moments))
    assert messages_relay(now=NOW, channel=Channel.TEXT) == 1
    left = [(row.state, row.attempts) for row in rows("text") if row.state != "sent"]
    assert left == [("waiting", 0), ("waiting", 0)]
    monkeypatch.undo()
    assert messages_relay(now=NOW, channel=Channel.TEXT) == 2


def test_a_relay_of_one_channel_touches_no_other(world: World, server: Server) -> None:
    person = world.person(Role.ADVOCATE)
    number_of(person)
    tell(person)
    tasks.messages_relay("email")
    assert len(mail.outbox) == 1 and not server.asked
    tasks.messages_relay("text")
    assert len(mail.outbox) == 1 and len(server.asked) == 1


def code_goes(number: TextNumber, now: datetime, key: str = "code:1") -> int:
    with acting_because(WHY):
        code_send(
            channel=Channel.TEXT, target=number.pk, recipient=UUID(str(number.person_id)), key=key, now=now
        )
    return messages_relay(now=now, channel=Channel.TEXT)


def test_a_code_goes_to_the_number_that_waits_and_to_no_other_and_not_after_its_time(
    world: World, server: Server
) -> None:
    waiting = number_of(world.person(Role.ADVOCATE), confirmed=False)
    confirmed = number_of(world.person(Role.PROBATION))
    assert code_goes(waiting, NOW) == 1
    assert code_of(waiting) in server.bodies[0]["text"]
    assert code_goes(waiting, NOW + timedelta(minutes=15), "code:2") == 0
    assert code_goes(confirmed, NOW, "code:3") == 0
    assert len(server.asked) == 1


def test_neither_number_nor_code_nor_address_is_in_a_log_a_row_or_a_tasks_arguments(
    world: World, server: Server, settings: Any
) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    loggers = [logging.getLogger(name) for name in ("", "cseccase")]
    for one in loggers:
        one.addHandler(handler)
    person, browser = world.person(Role.ADVOCATE), Browser(server.url)
    number, _ = number_of(person, confirmed=False), device_of(person, browser)
    code_goes(number, NOW)
    tell(person)
    for server.status in (500, 400, 410):
        messages_relay(now=NOW + timedelta(days=server.status))
        tell(person, f"again:{server.status}")
    settings.OUTBOX_GATEWAYS = dict.fromkeys(("text", "push"), "cseccase.outbox.gateways.ConsoleGateway")
    code_goes(number, NOW, "code:console")
    for one in loggers:
        one.removeHandler(handler)
    said = out.getvalue()
    assert "message not sent" in said and "sent to the console only" in said
    with acting_because(WHY):
        stored = repr(list(Message.objects.values()))
    for secret in (NUMBER[2:], code_of(number), browser.subscription["endpoint"], "127.0.0.1", person.email):
        assert secret not in said and secret not in stored
    beat = [entry.get("kwargs", {}) for entry in django_settings.CELERY_BEAT_SCHEDULE.values()]
    assert {value for kwargs in beat for value in kwargs.values()} <= {"text", "push"}
