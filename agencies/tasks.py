"""What workers do for the agencies' floor."""

from __future__ import annotations

from celery import shared_task

from agencies.services.staff import memberships_settle_all
from cseccase import clock


@shared_task(name="agencies.tasks.memberships_settle")
def memberships_settle() -> int:
    """Once an hour, because counties lie in different zones: whoever's training or designation ran out leaves the group."""
    return memberships_settle_all(now=clock.now())
