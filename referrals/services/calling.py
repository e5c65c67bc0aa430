"""Telling people that a stage of a duty has come: a notice at once, and an e-mail now or with the daily digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from agencies.models import Notice
from agencies.rosters import next_morning
from cseccase.outbox.models import Message
from cseccase.outbox.services import Letter, messages_write
from referrals.deadlines.stages import is_quiet
from referrals.models import Deadline, DeadlineStage
from referrals.services.audience import Audience, length_of

DIGEST_AT: Final = time(7)
"""When the daily e-mail goes out, by the county's clock."""


@dataclass(frozen=True, slots=True)
class Call:
    """One stage of one open duty that has come."""

    deadline: Deadline
    stage: DeadlineStage


def people_call(calls: Sequence[Call], *, now: datetime) -> None:
    """Writes each notice once, and the message that belongs to it, in the transaction that fires the stages."""
    audience = Audience(now)
    notices: list[Notice] = []
    letters: list[Letter] = []
    for call in calls:
        told = audience.of(call.deadline, call.stage.name)
        quiet = is_quiet(call.stage.name, length_of(call.deadline))
        for person, escalated in told.items():
            notice = Notice(
                recipient_id=person,
                about=Notice.About.DEADLINE,
                subject=call.deadline.pk,
                stage=call.stage.name,
                escalated=escalated,
                created_at=now,
            )
            notices.append(notice)
            letters.append(_digest(call, person, now) if quiet else letter_of(notice))
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    # In one order everywhere: two sweepers may write to the same person's digest at once.
    messages_write(sorted(letters, key=lambda letter: letter.key), now=now)


def letter_of(notice: Notice) -> Letter:
    """The message of one notice; its key makes it exist once."""
    key = f"{notice.subject}:{notice.stage}:{notice.recipient_id}"
    return Letter(notice.recipient_id, Message.Template.DUTY, key)


def _digest(call: Call, person: UUID, now: datetime) -> Letter:
    """One e-mail a person and morning, however many quiet notices came since the last."""
    zone = ZoneInfo(call.deadline.owed_by.county.zone)
    morning = next_morning(now, zone, at=DIGEST_AT)
    day = morning.astimezone(zone).date()
    return Letter(person, Message.Template.DUTY, f"digest:{person}:{day.isoformat()}", not_before=morning)
