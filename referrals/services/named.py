"""Whom a restricted case file is open to: asked wherever something of a case finds its way to people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from agencies.disclosure.facts import RestrictionFact
from agencies.models import Person
from cseccase.confidentiality.viewer import Viewer
from referrals.choices import KEEPING
from referrals.models import CaseFile, CaseParty, CaseRestriction
from referrals.policies import REFERRAL_ROLES
from referrals.services.telling import supervisors_of

WHY = "a restricted file is open to the people it names"


def restriction_of(case_file: UUID) -> CaseRestriction | None:
    """The restriction in force, whoever asks: for the rule, under a lifted wall."""
    rows = CaseRestriction.objects.unrestricted(because=WHY)
    return rows.filter(case_file=case_file, ended_at=None).first()


def restriction_fact(case_file: CaseFile, *, now: datetime) -> RestrictionFact | None:
    """The people who stand for a restricted file now, by agency; `None` where it is not restricted.

    Where nobody it names is left in an agency that keeps the file, that agency's supervisors stand in, so that no file
    is ever locked away from everybody.
    """
    restriction = restriction_of(case_file.pk)
    if restriction is None:
        return None
    named = _working(restriction.people)
    keepers = CaseParty.objects.unrestricted(because=WHY).filter(
        case_file=case_file, kind__in=KEEPING, until=None
    )
    agencies = set(keepers.filter(agency__role__in=REFERRAL_ROLES).values_list("agency", flat=True))
    if not agencies & set(named.values()):
        named |= _working(supervisors_of(agencies, now=now, zone=ZoneInfo(case_file.county.zone)))
    return RestrictionFact(frozenset(named.items()))


def hidden_from(viewer: Viewer) -> QuerySet[CaseRestriction, UUID]:
    """The files that are restricted to others than this viewer; to be asked under a lifted wall."""
    rows = CaseRestriction.objects.unrestricted(because=WHY).filter(ended_at=None)
    return rows.exclude(people__contains=[viewer.person]).values_list("case_file", flat=True)


def among_named(case_file: CaseFile, people: Iterable[UUID], *, now: datetime) -> set[UUID]:
    """Of these people, those who may hear of the case; where a restriction names none of them, all whom it names."""
    asked = set(people)
    fact = restriction_fact(case_file, now=now)
    if fact is None:
        return asked
    named = {person for person, _ in fact.people}
    return asked & named or named


def _working(people: Iterable[UUID]) -> dict[UUID, UUID]:
    rows = Person.objects.filter(pk__in=list(people), is_active=True, groups__isnull=False)
    return dict(rows.values_list("pk", "agency"))
