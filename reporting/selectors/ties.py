"""Who had what to do with a case: duties, referrals, entries, the lead, seats; asked for a whole page of looks at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q

from agencies.choices import Duty
from agencies.models import Designation
from mdt.models import Seat
from referrals.models import CaseEvent, Child, Deadline, Referral

Pair = tuple[UUID, UUID]
WHY = "who had a task in the cases that a person opened"
ANSWERING = (Duty.SUPERVISOR, Duty.COORDINATOR)
"""Who answers for the work of others is tied to every case in which their agency owes something."""


def ties_of(*, people: Collection[UUID], cases: Collection[UUID]) -> set[Pair]:
    """Each person with each of these cases in which they have or had a task of their own; five queries."""
    found: set[Pair] = set()
    sources = (
        (Referral, "received_by", "case_file"),
        (CaseEvent, "recorded_by", "case_file"),
        (Deadline, "owner", "case_file"),
        (Child, "lead_worker", "case_file"),
        (Seat, "person", "meeting__case_file"),
    )
    for model, person, case in sources:
        rows = model.objects.unrestricted(because=WHY).filter(
            **{f"{person}__in": people, f"{case}__in": cases}
        )  # type: ignore[attr-defined]
        found |= set(rows.values_list(person, case).distinct())
    return found


def agencies_at_work(*, cases: Collection[UUID]) -> set[Pair]:
    """Each agency with each of these cases in which it owes or owed something."""
    rows = Deadline.objects.unrestricted(because=WHY).filter(case_file__in=cases)
    return set(rows.values_list("owed_by", "case_file").distinct())


def duties_between(*, people: Collection[UUID], first: date, last: date) -> Mapping[UUID, set[str]]:
    """What each person was designated for on any of these days."""
    rows = Designation.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first), person__in=people, starts_on__lte=last
    )
    found: dict[UUID, set[str]] = {}
    for person, duty in rows.values_list("person", "duty"):
        found.setdefault(person, set()).add(duty)
    return found
