"""Two people sign what the county agrees: who the second may be, and that each hears when it is their turn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from agencies.choices import Duty, Role
from agencies.models import County, Notice, Person
from agencies.selectors.people import designated
from cseccase.confidentiality.context import viewing_as
from cseccase.outbox.models import Message
from cseccase.outbox.services import Letter, messages_write

WHY = "whoever signs for the county is told"


def signers_of(county: County, *, but: UUID, now: datetime) -> list[UUID]:
    """Everybody of the county who may decide a proposal (`may_decide_rules`), but who made it."""
    today = now.astimezone(ZoneInfo(county.zone)).date()
    pairs = [(Role.COUNTY_COUNSEL.value, Duty.COUNSEL.value)]
    if county.second_signer_role and county.second_signer_duty:
        pairs.append((county.second_signer_role, county.second_signer_duty))
    people = Person.objects.filter(agency__county=county)
    found = {
        person
        for role, duty in pairs
        for person in designated(people.filter(agency__role=role), duty=duty, on=today)
    }
    return sorted(found - {but})


def signing_tell(
    *, about: Notice.About, subject: UUID, stage: str, people: Iterable[UUID], now: datetime
) -> None:
    """A notice and a message without content, once for each state that a proposal reaches."""
    people = list(people)
    with viewing_as(None, because=WHY):
        Notice.objects.bulk_create(
            (
                Notice(recipient_id=person, about=about, subject=subject, stage=stage, created_at=now)
                for person in people
            ),
            ignore_conflicts=True,
        )
        messages_write(
            [Letter(person, Message.Template.ACCOUNT, f"{subject}:{stage}:{person}") for person in people],
            now=now,
        )
