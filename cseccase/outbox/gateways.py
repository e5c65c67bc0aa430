"""Ways out of the house beside e-mail: the county's gateway for text messages, and the push services of browsers.

One small protocol, chosen by the setting OUTBOX_GATEWAYS; a channel without a gateway is not offered to anybody. What a
gateway raises says only what kind of answer came, never the address and never what a server wrote back.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from cseccase.database import database_now
from cseccase.logs import logger
from cseccase.outbox.models import Channel
from cseccase.outbox.webpush import Subscription, SubscriptionUnusable, private_key, sealed_for, sender_proof

TIMEOUT = 10  # seconds
PUSH_TTL = 24 * 3600
log = logger("gateway")


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says: two fixed sentences and where to sign in."""

    title: str
    sentence: str
    link: str


class GatewayRefusal(Exception):
    """A gateway did not take a message."""

    permanent: ClassVar[bool] = False


class NotNow(GatewayRefusal):
    """It may be taken later: the server is busy, ill, or did not answer."""


class KeptOut(GatewayRefusal):
    """The server does not let this installation in; whoever runs the product must look, and then it goes."""


class Refused(GatewayRefusal):
    """This message is never taken: the address or the words are wrong."""

    permanent = True


class AddressGone(GatewayRefusal):
    """Nobody takes messages at this address any more."""

    permanent = True


class Gateway(Protocol):
    """One way out. `key` is the message's stable id: a server that knows it already need not send it twice."""

    def send(self, address: str, words: Words, key: str) -> None:
        """Returns when the message is taken. Raises GatewayRefusal."""


class ConsoleGateway:
    """Practice and development: the log says that a message was sent, and its key. Nothing leaves."""

    def send(self, address: str, words: Words, key: str) -> None:
        log.info("message sent to the console only", message=key)


class TextGateway:
    """The county's own gateway for text messages: one JSON object a message, POSTed over HTTPS with a bearer token."""

    def send(self, address: str, words: Words, key: str) -> None:
        text = f"{words.sentence} {words.link}".strip()
        body = json.dumps({"to": address, "text": text, "reference": key}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if settings.SMS_GATEWAY_TOKEN:
            headers["Authorization"] = f"Bearer {settings.SMS_GATEWAY_TOKEN}"
        _post(settings.SMS_GATEWAY_URL, body, headers, gone=frozenset())


class PushGateway:
    """The push service of whichever browser it is. It carries a sealed box and learns neither words nor person.

    Only services named in PUSH_SERVICES are asked, whatever address a browser gave.
    """

    def send(self, address: str, words: Words, key: str) -> None:
        try:
            browser = Subscription.parse(address)
        except SubscriptionUnusable:
            raise AddressGone from None
        if not push_service_known(browser.endpoint):
            raise AddressGone
        said = {"title": words.title, "body": words.sentence, "url": words.link, "tag": key}
        proof = sender_proof(
            browser.endpoint,
            key=private_key(settings.PUSH_KEY),
            contact=settings.PUSH_CONTACT,
            now=database_now(),
        )
        headers = {
            "Authorization": proof,
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(PUSH_TTL),
            "Urgency": "high",
            "Topic": key.replace("-", "")[
                :32
            ],  # one that still waits there is replaced by the same one again
        }
        gone = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
        _post(browser.endpoint, sealed_for(browser, json.dumps(said).encode()), headers, gone=gone)


def push_service_known(endpoint: str) -> bool:
    """Whether an address is one of PUSH_SERVICES; "https://*.example" stands for every host below example."""
    parts = urlsplit(endpoint)
    if parts.username is not None or parts.password is not None:
        return False
    for service in settings.PUSH_SERVICES:
        scheme, _, host = service.partition("://")
        if parts.scheme != scheme:
            continue
        if host.startswith("*.") and parts.netloc.endswith(host[1:]):
            return True
        if parts.netloc == host:
            return True
    return False


def gateway_of(channel: Channel) -> Gateway | None:
    """The gateway of a channel; None where the county has set none up."""
    named = settings.OUTBOX_GATEWAYS.get(channel.value, "")
    return import_string(named)() if named else None


LATER = frozenset({408, 425, 429})
OURS = frozenset({401, 403, 407})


def _post(url: str, body: bytes, headers: dict[str, str], *, gone: frozenset[int]) -> None:
    """POSTs once, follows nothing, and reads no answer but its number. Raises GatewayRefusal."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310  # scheme: `_opener`
    try:
        with _opener().open(request, timeout=TIMEOUT) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        error.close()
        status = error.code
    except Exception:  # noqa: BLE001  # what a server or a library says may repeat the address
        raise NotNow from None
    if status in gone:
        raise AddressGone
    if status in OURS or 300 <= status < 400:
        raise KeptOut
    if status in LATER or status >= 500:
        raise NotNow
    if status >= 400:
        raise Refused


def _opener() -> urllib.request.OpenerDirector:
    """HTTP and HTTPS through the environment's proxy: no redirect, no file, no other scheme."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
