"""The relay's task: safe to run twice and at the same time."""

from __future__ import annotations

from celery import shared_task

from cseccase.database import database_now
from cseccase.outbox import services


@shared_task(name="cseccase.outbox.tasks.messages_relay")
def messages_relay() -> int:
    """Sends what waits in the outbox."""
    return services.messages_relay(now=database_now())
