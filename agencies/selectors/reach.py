"""Reading by which ways a person chose to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from agencies.models import PushDevice, TextNumber
from agencies.services.reach import CODE_TRIES, DEVICES, code_of
from cseccase.confidentiality.viewer import Viewer
from cseccase.outbox.gateways import ConsoleGateway, gateway_of
from cseccase.outbox.models import Channel
from cseccase.outbox.webpush import private_key, public_text


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A mobile number by its last two digits; whoever looks over a shoulder learns no more.

    `practice_code`: where nothing is sent, the page itself shows what the text message would have said.
    """

    id: UUID
    ending: str
    code_until: datetime
    is_over: bool
    practice_code: str = ""


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device. `ended_at`: its browser takes no notices any more."""

    id: UUID
    name: str
    added_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Every way beside e-mail by which one person is told. `push_key` is empty where the county has no push."""

    texts_on: bool
    number: NumberLine | None
    waiting: NumberLine | None
    push_key: str
    devices: list[DeviceLine]


def own_reach(*, viewer: Viewer, now: datetime) -> Reach:
    """The choices of the person signed in."""
    rows = list(TextNumber.objects.filter(person=viewer.person))
    devices = PushDevice.objects.filter(person=viewer.person).order_by("added_at", "pk")[:DEVICES]
    push_on = gateway_of(Channel.PUSH) is not None
    return Reach(
        texts_on=gateway_of(Channel.TEXT) is not None,
        number=next((_number(row, now) for row in rows if row.confirmed_at), None),
        waiting=next((_number(row, now) for row in rows if not row.confirmed_at), None),
        push_key=public_text(private_key(settings.PUSH_KEY)) if push_on else "",
        devices=[DeviceLine(row.pk, row.name, row.added_at, row.ended_at) for row in devices],
    )


def _number(row: TextNumber, now: datetime) -> NumberLine:
    over = row.confirmed_at is None and (now >= row.code_until or row.tries >= CODE_TRIES)
    practice = settings.PRACTICE_DATA and isinstance(gateway_of(Channel.TEXT), ConsoleGateway)
    code = code_of(row) if practice and row.confirmed_at is None else ""
    return NumberLine(row.pk, row.number[-2:], row.code_until, over, code)
