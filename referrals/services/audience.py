"""Who is told about a stage of a duty: the owner, the agency's on-call, its supervisors, its director, the coordinator.

A duty is never told to nobody, and never to somebody who may not hear of a restricted case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from agencies.choices import Duty, Role
from agencies.disclosure.facts import RestrictionFact
from agencies.models import Agency, Designation, Person
from agencies.selectors.oncall import on_call_people
from referrals.deadlines.stages import (
    BREACHED,
    COORDINATOR,
    DIRECTOR,
    DUE,
    LADDER,
    ON_CALL,
    OWING_SUPERVISORS,
    OWING_WORKERS,
    UP,
    Length,
    audience_of,
    is_escalated,
    kind_of,
)
from referrals.deadlines.stages import length_of as duty_length
from referrals.models import Deadline
from referrals.services.named import restriction_fact

WORKERS = (Duty.LINE_WORKER, Duty.HOTLINE)
BOTH_ON_CALL = frozenset({DUE, BREACHED, UP})
"""From the limit on, the backup is told with the first person on call."""


def length_of(deadline: Deadline) -> Length:
    """The kind of time that a duty leaves."""
    return duty_length(deadline.started_at, deadline.due_at, at_once=deadline.at_once)


@dataclass
class Audience:
    """Who stands on which step of the ladder at one moment; each agency is asked for once, however many duties it owes."""

    now: datetime
    _levels: dict[tuple[UUID, str], list[UUID]] = field(default_factory=dict)
    _owners: dict[tuple[UUID, UUID], list[UUID]] = field(default_factory=dict)
    _named: dict[UUID, RestrictionFact | None] = field(default_factory=dict)

    def of(self, deadline: Deadline, stage: str) -> dict[UUID, bool]:
        """Whom this stage of this duty is for; the value says whether they are told because somebody below did nothing.

        Where nobody is on call, the supervisors are told; where nobody at all stands on the steps that a stage calls,
        the next ones up, and at last everybody in the agency's group.
        """
        called = audience_of(stage, length_of(deadline))
        found: dict[UUID, bool] = {}
        for level in LADDER:
            if level in called:
                for person in self._called(deadline, level, stage, called):
                    found[person] = found.get(person, False) or is_escalated(stage, level)
        above = LADDER[max(LADDER.index(level) for level in called) + 1 :]
        if kind_of(stage) == UP:
            for level in above:
                if not found:
                    found = dict.fromkeys(self._level(deadline.owed_by, level), True)
        if not found:
            found = dict.fromkeys(self._level(deadline.owed_by, ""), True)
        return self._among_named(deadline, found)

    def _called(self, deadline: Deadline, level: str, stage: str, called: frozenset[str]) -> Iterable[UUID]:
        agency = deadline.owed_by
        if level == OWING_WORKERS:
            owner = self._owner(deadline)
            answered_for = ON_CALL in called and self._level(agency, ON_CALL)
            return owner or ([] if answered_for else self._level(agency, OWING_WORKERS))
        if level == ON_CALL:
            on_call = self._level(agency, ON_CALL)
            if not on_call:
                return self._level(agency, OWING_SUPERVISORS)
            return on_call if kind_of(stage) in BOTH_ON_CALL else on_call[:1]
        return self._level(agency, level)

    def _owner(self, deadline: Deadline) -> list[UUID]:
        """The person who took the duty on, while they still may act for the agency that owes it."""
        if deadline.owner_id is None:
            return []
        key = (deadline.owner_id, deadline.owed_by_id)
        if key not in self._owners:
            rows = Person.objects.filter(
                is_active=True, groups=deadline.owed_by.group_id, pk=deadline.owner_id
            )
            self._owners[key] = list(rows.values_list("pk", flat=True))
        return self._owners[key]

    def _level(self, agency: Agency, level: str) -> list[UUID]:
        key = (agency.pk, level)
        if key not in self._levels:
            self._levels[key] = self._ask(agency, level)
        return self._levels[key]

    def _ask(self, agency: Agency, level: str) -> list[UUID]:
        if level == ON_CALL:
            return on_call_people([agency.pk], now=self.now).get(agency.pk, [])
        if level == OWING_WORKERS:
            return self._designated(Q(agency=agency), WORKERS, agency)
        if level == OWING_SUPERVISORS:
            return self._designated(Q(agency=agency), (Duty.SUPERVISOR,), agency)
        if level == DIRECTOR:
            return self._designated(Q(agency=agency), (Duty.DIRECTOR,), agency)
        if level == COORDINATOR:
            lead = Q(agency__county=agency.county_id, agency__role=Role.CHILD_WELFARE)
            return self._designated(lead, (Duty.COORDINATOR,), agency)
        everybody = Person.objects.filter(agency=agency, is_active=True, groups=agency.group_id)
        return list(everybody.values_list("pk", flat=True))

    def _designated(self, where: Q, duties: tuple[Duty, ...], agency: Agency) -> list[UUID]:
        today = self.now.astimezone(ZoneInfo(agency.county.zone)).date()
        people = Person.objects.filter(where, is_active=True, groups__isnull=False).values("pk")
        rows = Designation.objects.filter(person__in=people, duty__in=duties, starts_on__lte=today)
        standing = rows.filter(Q(ends_on=None) | Q(ends_on__gte=today))
        return list(standing.values_list("person", flat=True).distinct())

    def _among_named(self, deadline: Deadline, found: dict[UUID, bool]) -> dict[UUID, bool]:
        """In a restricted case: those of them it names; else who it names of the agency; else all it names. Never nobody."""
        if deadline.case_file_id not in self._named:
            self._named[deadline.case_file_id] = restriction_fact(deadline.case_file, now=self.now)
        fact = self._named[deadline.case_file_id]
        if fact is None:
            return found
        told = {person: escalated for person, escalated in found.items() if fact.names(person)}
        others = fact.of(deadline.owed_by_id) or frozenset(person for person, _ in fact.people)
        return told or dict.fromkeys(others, True)
