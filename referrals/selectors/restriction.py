"""Reading whom a case file is restricted to, for those it names and who may change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies.models import Person
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from referrals import policies
from referrals.models import CaseFile, CaseRestriction

EARLIER_LIMIT = 20


@dataclass(frozen=True, slots=True)
class RestrictionPage:
    """The restriction in force with the people it names, and those before it; `None` where the file is open as agreed."""

    current: CaseRestriction | None
    people: Sequence[Person]
    earlier: Sequence[CaseRestriction]


def restriction_page(*, viewer: Viewer, case_file: CaseFile, now: datetime) -> RestrictionPage:
    """Raises `NotAllowed` for anybody but supervisors of agencies that keep files; the look is recorded."""
    policies.require_restrict(viewer)
    record(
        Verb.SHARING_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="restriction",
        subject=case_file.pk,
        case_file=case_file.pk,
    )
    rows = list(
        CaseRestriction.objects.visible_to(viewer)
        .filter(case_file=case_file)
        .select_related("began_by", "ended_by")
        .order_by("-began_at")[: EARLIER_LIMIT + 1]
    )
    current = next((row for row in rows if row.ended_at is None), None)
    people = Person.objects.filter(pk__in=current.people if current else []).select_related("agency")
    return RestrictionPage(
        current=current,
        people=list(people.order_by("agency__name", "full_name")),
        earlier=[row for row in rows if row.ended_at is not None],
    )
