"""The relay's task: safe to run twice and at the same time."""

from __future__ import annotations

from celery import shared_task

from cseccase.database import database_now
from cseccase.outbox import services
from cseccase.outbox.models import Channel


@shared_task(name="cseccase.outbox.tasks.messages_relay")
def messages_relay(channel: str = Channel.EMAIL.value) -> int:
    """Sends what waits in the outbox for one channel; each has its own task, so that none waits for another's server."""
    return services.messages_relay(now=database_now(), channel=Channel(channel))
