"""What a person who leaves an agency held alone: the duties they had taken on, and the sections open to them by name."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from agencies.choices import Duty
from agencies.models import Agency, Notice, Person
from cseccase.confidentiality.context import acting_because
from cseccase.outbox.models import Message
from cseccase.outbox.services import Letter, messages_write
from referrals.models import CaseFile, CaseRestriction, Deadline, FileSection, SectionUserGrant
from referrals.services.named import restriction_fact
from referrals.services.sharing import sharing_settle

WHY = "what a leaver held goes back to the agency, whoever closes the account"


def duties_give_back(person: Person, now: datetime) -> int:
    """Open duties this person had taken on go back to the agency's pool; its supervisors are told once."""
    with acting_because(WHY):
        mine = Deadline.objects.unrestricted(because=WHY).select_for_update(of=("self",))
        held = list(mine.filter(owner=person, met_at=None, dropped_by=None).order_by("pk"))
        for deadline in held:
            deadline.owner, deadline.taken_at = None, None
            deadline.save()
        supervisors_tell(person, now, files={deadline.case_file_id for deadline in held})
    return len(held)


def grants_end(person: Person, now: datetime) -> int:
    """Every section that was open to this person by name is shut to them."""
    with acting_because(WHY):
        ended, _ = SectionUserGrant.objects.filter(user=person).delete()
        _restricted_settle(person, now)
    return int(ended)


def _restricted_settle(person: Person, now: datetime) -> None:
    """Files restricted to people among whom this one is: whoever stands in sees them, whoever came back as well."""
    rows = CaseRestriction.objects.unrestricted(because=WHY).filter(
        ended_at=None, people__contains=[person.pk]
    )
    for restriction in rows.select_related("case_file__county").order_by("pk"):
        sharing_settle(case_file=restriction.case_file, now=now)


def grants_begin(person: Person, now: datetime) -> int:
    """The sections a person once opened for themselves alone are theirs again when they come back."""
    with acting_because(WHY):
        own = FileSection.objects.unrestricted(because=WHY).filter(author=person).values("case_file")
        files = CaseFile.objects.unrestricted(because=WHY).filter(pk__in=own).order_by("pk")
        for case_file in files:
            sharing_settle(case_file=case_file, now=now)
        _restricted_settle(person, now)
        return len(files)


def supervisors_tell(person: Person, now: datetime, *, files: Set[UUID]) -> None:
    """One notice and one message to each supervisor of the leaver's agency, however much came back in these files.

    Of a restricted file only the supervisors whom it names hear, since to the others there is no such file.
    """
    stage = f"returned-{now:%y%m%d%H%M}"
    people = [one for one in _supervisors(person.agency, now) if _may_hear(one, files, now)] if files else []
    Notice.objects.bulk_create(
        (
            Notice(
                recipient_id=one.pk,
                about=Notice.About.RETURNED,
                subject=person.pk,
                stage=stage,
                escalated=True,
                created_at=now,
            )
            for one in people
        ),
        ignore_conflicts=True,
    )
    messages_write(
        [Letter(one.pk, Message.Template.DUTY, f"{person.pk}:{stage}:{one.pk}") for one in people], now=now
    )


def _may_hear(person: Person, files: Set[UUID], now: datetime) -> bool:
    """Whether one of these files at least is open to this person, as far as restrictions go."""
    rows = CaseFile.objects.unrestricted(because=WHY).filter(pk__in=files).select_related("county")
    facts = (restriction_fact(case_file, now=now) for case_file in rows.order_by("pk"))
    return any(fact is None or person.pk in dict(fact.people) for fact in facts)


def _supervisors(agency: Agency, now: datetime) -> list[Person]:
    """The agency's supervisors; everybody who works its cases where it has none."""
    today = now.astimezone(ZoneInfo(agency.county.zone)).date()
    workers = Person.objects.filter(agency=agency, is_active=True, groups=agency.group_id)
    current = Q(designations__ends_on=None) | Q(designations__ends_on__gte=today)
    found = workers.filter(
        current, designations__duty=Duty.SUPERVISOR, designations__starts_on__lte=today
    ).distinct()
    return list(found) or list(workers)
