"""Choosing to be told by text message and on devices, beside the e-mail and the inbox that nobody can turn off."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from agencies.models import CodeSent, Person, PushDevice, TextNumber
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from cseccase.outbox.gateways import gateway_of, push_service_known
from cseccase.outbox.models import Channel
from cseccase.outbox.services import code_send
from cseccase.outbox.webpush import Subscription, SubscriptionUnusable

WHY = "a person chooses where they are told"
CODE_HOLDS = timedelta(minutes=15)
CODE_TRIES = 5
CODES_AN_HOUR = 3
DEVICES = 10
TEXTS_OFF = "Your county has not set up text messages. Ask whoever runs the product for your county."
PUSH_OFF = "Your county has not set up notices on devices. Ask whoever runs the product for your county."


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """What became of six digits: right, or how many tries are left; none when a new code is needed."""

    right: bool
    tries_left: int = 0


def number_read(words: str) -> str:
    """A mobile number of the United States as gateways take it: "(555) 010-0142" is "+15550100142". Raises ValueError."""
    plain = re.sub(r"[\s().\-/]", "", words)
    found = re.fullmatch(r"(?:\+?1)?([2-9]\d{9})", plain, re.ASCII)
    if found is None:
        raise ValueError("This is no mobile number of the United States.")
    return f"+1{found[1]}"


def code_of(number: TextNumber) -> str:
    """The six digits that show whose number it is; worked out, never stored."""
    digest = salted_hmac("agencies.text_number", f"{number.pk}:{number.seed}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06}"


@transaction.atomic
def number_ask(*, viewer: Viewer, number: str, now: datetime) -> None:
    """Sends a code to a number; a confirmed one goes on until this one is confirmed.

    Raises RuleBroken without a gateway, for the number that is confirmed already, and for a fourth code in an hour.
    """
    if gateway_of(Channel.TEXT) is None:
        raise RuleBroken(TEXTS_OFF, field="number")
    Person.objects.select_for_update(of=("self",)).get(pk=viewer.person)
    mine = TextNumber.objects.filter(person=viewer.person)
    if any(row.confirmed_at and row.number == number for row in mine):
        raise RuleBroken("Text messages go to this number already.", field="number")
    CodeSent.objects.filter(person=viewer.person, sent_at__lte=now - timedelta(hours=1)).delete()
    if CodeSent.objects.filter(person=viewer.person).count() >= CODES_AN_HOUR:
        raise RuleBroken(
            f"{CODES_AN_HOUR} codes were sent within an hour. Wait, and ask for another then.", field="number"
        )
    mine.filter(confirmed_at=None).delete()
    CodeSent.objects.create(person_id=viewer.person, sent_at=now)
    row = TextNumber.objects.create(
        person_id=viewer.person, number=number, code_until=now + CODE_HOLDS, written_at=now
    )
    with acting_because(WHY):
        code_send(
            channel=Channel.TEXT, target=row.pk, recipient=viewer.person, key=f"code:{uuid4()}", now=now
        )


@transaction.atomic
def number_confirm(*, viewer: Viewer, code: str, now: datetime) -> CodeAnswer:
    """Answers six digits; the right ones make the waiting number the person's own. Raises NotVisible when none waits.

    A wrong answer is counted, so nothing is raised for it: the count must stand.
    """
    row = TextNumber.objects.select_for_update().filter(person=viewer.person, confirmed_at=None).first()
    if row is None:
        raise NotVisible
    if now >= row.code_until or row.tries >= CODE_TRIES:
        return CodeAnswer(right=False)
    if not constant_time_compare(code, code_of(row)):
        row.tries += 1
        row.save(update_fields=["tries"])
        return CodeAnswer(right=False, tries_left=CODE_TRIES - row.tries)
    TextNumber.objects.filter(person=viewer.person).exclude(confirmed_at=None).delete()
    row.confirmed_at = now
    row.save(update_fields=["confirmed_at"])
    return CodeAnswer(right=True)


def number_remove(*, viewer: Viewer, number_id: UUID) -> None:
    """Takes a number of one's own back. Raises NotVisible."""
    gone, _ = TextNumber.objects.filter(pk=number_id, person=viewer.person).delete()
    if not gone:
        raise NotVisible


@transaction.atomic
def device_add(*, viewer: Viewer, browser: Subscription, name: str, now: datetime) -> None:
    """Has a browser show this person's notices, and nobody else's from now on.

    Raises RuleBroken without push, for what is no browser's subscription, for a push service that is not known, and
    for an eleventh device.
    """
    if gateway_of(Channel.PUSH) is None:
        raise RuleBroken(PUSH_OFF)
    try:
        browser.checked()
    except SubscriptionUnusable as refused:
        raise RuleBroken(
            "The browser did not say where it takes notices. Try again, or use another."
        ) from refused
    if not push_service_known(browser.endpoint):
        raise RuleBroken(
            "The push service of this browser is not one that the county trusts. Use another browser."
        )
    Person.objects.select_for_update(of=("self",)).get(pk=viewer.person)
    mark = salted_hmac("agencies.push_device", browser.endpoint, algorithm="sha256").hexdigest()
    with acting_because(WHY):  # the last person at a shared browser may have been somebody else
        PushDevice.objects.filter(fingerprint=mark).delete()
    if PushDevice.objects.filter(person=viewer.person).count() >= DEVICES:
        raise RuleBroken(f"You have {DEVICES} devices. Remove one that you no longer use first.")
    said = {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth}
    PushDevice.objects.create(
        person_id=viewer.person, name=name, subscription=said, fingerprint=mark, added_at=now
    )


def device_remove(*, viewer: Viewer, device_id: UUID) -> None:
    """Ends the notices on one device of one's own. Raises NotVisible."""
    gone, _ = PushDevice.objects.filter(pk=device_id, person=viewer.person).delete()
    if not gone:
        raise NotVisible


def reach_end(*, person: Person) -> None:
    """Somebody left: nothing of the house goes to their own telephone or browser any more."""
    with acting_because("a person who leaves is no longer told"):
        for model in (TextNumber, CodeSent, PushDevice):
            model._default_manager.filter(person=person).delete()


def code_words(target: UUID, now: datetime) -> str:
    """What a waiting number is sent; nothing once it is confirmed, taken back or its time is over."""
    row = TextNumber.objects.filter(pk=target, confirmed_at=None, code_until__gt=now).first()
    if row is None:
        return ""
    return f"Your code for Care Coordination is {code_of(row)}. It holds for 15 minutes. Nobody will ask you for it."


class TextBook:
    """The outbox's address book of text messages."""

    def of(self, people: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
        rows = TextNumber.objects.filter(person__in=people).exclude(confirmed_at=None)
        return rows.values_list("person", "pk")

    def address(self, target: UUID) -> str:
        row = TextNumber.objects.filter(pk=target).first()
        return row.number if row else ""

    def end(self, target: UUID, *, now: datetime) -> None:
        TextNumber.objects.filter(pk=target).delete()


class PushBook:
    """The outbox's address book of browsers."""

    def of(self, people: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
        rows = PushDevice.objects.filter(person__in=people, ended_at=None)
        return rows.values_list("person", "pk")

    def address(self, target: UUID) -> str:
        row = PushDevice.objects.filter(pk=target, ended_at=None).first()
        return Subscription(**row.subscription).text() if row else ""

    def end(self, target: UUID, *, now: datetime) -> None:
        PushDevice.objects.filter(pk=target, ended_at=None).update(ended_at=now)
