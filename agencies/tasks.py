"""What workers do for the agencies' floor."""

from __future__ import annotations

from celery import shared_task

from agencies.services.review import reviews_remind
from agencies.services.staff import memberships_settle_all
from cseccase import clock
from cseccase.drafts.kept import forms_forget_old


@shared_task(name="agencies.tasks.memberships_settle")
def memberships_settle() -> int:
    """Once an hour, because counties lie in different zones: whoever's training or designation ran out leaves the group."""
    return memberships_settle_all(now=clock.now())


@shared_task(name="agencies.tasks.people_remind")
def people_remind() -> int:
    """Once an hour: security officers whose review is near or overdue are told, and forms nobody came back for go."""
    now = clock.now()
    forms_forget_old(now=now)
    return reviews_remind(now=now)
