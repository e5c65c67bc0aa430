"""The agency's board: what it owes, narrowed as a supervisor asks, and what was late without an accepted reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from agencies.selectors.oncall import people_to_choose
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from referrals.deadlines.rules import DEFAULT_RULEBOOK
from referrals.models import BreachReason, Deadline
from referrals.selectors.duty import DutyPage, DutyRow, duty_list, rows_of

PAGE = 25
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class BoardAsked:
    """What a board is narrowed to: one rule, one person (or nobody's), what is overdue."""

    rule: str = ""
    person: str = ""
    overdue: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> BoardAsked:
        """What an address asks for; anything it cannot ask for narrows nothing."""
        person = asked.get("person", "")
        if person != NOBODY:
            try:
                person = str(UUID(person))
            except ValueError:
                person = ""
        rule = asked.get("rule", "")
        known = {one.id for one in DEFAULT_RULEBOOK.rules}
        return cls(rule if rule in known else "", person, asked.get("overdue") == "1")

    def where(self, now: datetime) -> Q:
        """The same as a condition over duties."""
        found = Q(rule=self.rule) if self.rule else Q()
        if self.person:
            found &= Q(owner=None) if self.person == NOBODY else Q(owner=self.person)
        return found & Q(due_at__lt=now) if self.overdue else found


def board_page(
    *, viewer: Viewer, now: datetime, asked: BoardAsked, after: str = "", refreshed: bool = False
) -> DutyPage:
    """A page of what the viewer's agency owes, soonest first, narrowed; the look is recorded."""
    return duty_list(
        viewer=viewer, now=now, after=after, limit=PAGE, refreshed=refreshed, where=asked.where(now)
    )


def late_unexplained(*, viewer: Viewer, now: datetime, page: int) -> tuple[list[DutyRow], bool]:
    """Duties of the viewer's agency that were done late and have no accepted reason, the latest first; and whether more
    follow. The look is recorded."""
    accepted = BreachReason.objects.visible_to(viewer).filter(deadline=OuterRef("pk"), verdict="accepted")
    first = (page - 1) * PAGE
    late = Deadline.objects.visible_to(viewer).filter(
        owed_by=viewer.agency, met_at__gt=F("due_at"), dropped_by=None
    )
    walked = list(
        late.exclude(Exists(accepted))
        .order_by("-met_at", "pk")
        .values_list("pk", flat=True)[first : first + PAGE + 1]
    )
    shown = Deadline.objects.visible_to(viewer).filter(pk__in=walked[:PAGE]).order_by("-met_at", "pk")
    rows = rows_of(shown, viewer=viewer, now=now)
    record(
        Verb.DUTY_LISTED,
        viewer=viewer,
        at=now,
        subject_kind="deadline",
        facts={"ids": [str(row.deadline.pk) for row in rows]},
    )
    return rows, len(walked) > PAGE


def rules_to_choose() -> list[tuple[str, str]]:
    """Every rule a board may be narrowed to: id and title."""
    return sorted(((rule.id, rule.title) for rule in DEFAULT_RULEBOOK.rules), key=lambda one: one[1])


def owners_to_choose(*, viewer: Viewer) -> list[tuple[str, str]]:
    """Whose duties a board may be narrowed to: everybody of the agency who can own one, and nobody."""
    return [(NOBODY, "Nobody yet"), *people_to_choose(viewer=viewer)]
