"""Alarms: what the product says about its own running, to whoever runs it, without a word about anybody."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db.models.functions import Now

from cseccase.confidentiality.context import viewing_as
from cseccase.database import database_now
from cseccase.logs import logger
from cseccase.outbox.models import Alarm, Message

WHY = "an alarm belongs to whoever runs the product"
log = logger("alarm")


def alarms_agree(*, seen: Collection[str], watched: Collection[str]) -> list[str]:
    """Makes the open alarms among `watched` exactly those `seen` in this round. Returns the names that are new.

    A new one writes a message to every address of ALARM_EMAILS, once however many watchmen see it at the same time.
    """
    with viewing_as(None, because=WHY):
        gone = Alarm.objects.filter(name__in=set(watched) - set(seen), ended_at=None)
        for name in gone.values_list("name", flat=True):
            log.info("alarm ended", name=name)
        gone.update(ended_at=Now())
        return [name for name in sorted(seen) if _seen(name)]


def _seen(name: str) -> bool:
    """Whether the alarm is new; an open one is seen again."""
    if Alarm.objects.filter(name=name, ended_at=None).update(last_seen_at=Now()):
        return False
    now = database_now()
    alarm = Alarm(name=name, first_seen_at=now, last_seen_at=now)
    Alarm.objects.bulk_create([alarm], ignore_conflicts=True)
    if not Alarm.objects.filter(pk=alarm.pk).exists():
        return False  # another watchman was quicker, and writes the message
    log.error("alarm", name=name)
    Message.objects.bulk_create(
        Message(
            key=f"alarm:{alarm.pk}:{number}",
            address=address,
            alarm=name,
            template=Message.Template.ALARM,
            created_at=now,
            next_try_at=now,
        )
        for number, address in enumerate(settings.ALARM_EMAILS)
    )
    return True


def alarms_open() -> list[str]:
    """The names of the alarms that last, in order."""
    return sorted(Alarm.objects.filter(ended_at=None).values_list("name", flat=True))
