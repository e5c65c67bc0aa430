"""Telling people in the transaction that made it necessary: an inbox notice and a content-free e-mail, once each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from agencies.choices import Duty
from agencies.models import Designation, Notice, Person
from cseccase.confidentiality.context import acting_because
from cseccase.outbox.models import Message
from cseccase.outbox.services import Letter, messages_write

WHY = "people are told what they must know at once"


def supervisors_of(agencies: Iterable[UUID], *, now: datetime, zone: ZoneInfo) -> set[UUID]:
    """Active, trained people designated as supervisors of these agencies today."""
    today = now.astimezone(zone).date()
    people = Person.objects.filter(agency__in=list(agencies), is_active=True, groups__isnull=False).values(
        "pk"
    )
    rows = Designation.objects.filter(person__in=people, duty=Duty.SUPERVISOR, starts_on__lte=today)
    return set(rows.filter(Q(ends_on=None) | Q(ends_on__gte=today)).values_list("person", flat=True))


def people_tell(
    *,
    about: Notice.About,
    subject: UUID,
    stage: str,
    people: Iterable[UUID],
    now: datetime,
    escalated: bool = False,
) -> None:
    """Each of these people once for this subject and stage, whatever is tried again."""
    told = sorted(set(people))
    with acting_because(WHY):
        Notice.objects.bulk_create(
            [
                Notice(
                    recipient_id=person,
                    about=about,
                    subject=subject,
                    stage=stage,
                    escalated=escalated,
                    created_at=now,
                )
                for person in told
            ],
            ignore_conflicts=True,
        )
        messages_write(
            (Letter(person, Message.Template.DUTY, f"{subject}:{stage}:{person}") for person in told), now=now
        )
