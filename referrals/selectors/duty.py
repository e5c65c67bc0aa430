"""Reading duties: my own, my agency's, a case's, and the door to one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from agencies.choices import Role
from agencies.models import Agency
from cseccase.audit.services import record, record_refresh
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals.deadlines import kinds
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Rule
from referrals.models import CaseFile, Child, Deadline
from referrals.selectors.rulebook import rulebooks_of

PAGE = 50
BESIDE = ("case_file", "owed_by", "owner")
"""What a row of duties is read with."""
ROLE_OF = {
    kinds.TO_LAW_ENFORCEMENT: Role.LAW_ENFORCEMENT,
    kinds.TO_DISTRICT_ATTORNEY: Role.DISTRICT_ATTORNEY,
    kinds.TO_CHILD_WELFARE: Role.CHILD_WELFARE,
}
"""Which agency role stands behind a recipient's key."""
OVERDUE, NOW, TODAY, LATER = "overdue", "now", "today", "later"


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty as a person reads it. `initials` is empty where the viewer may not know who the child is."""

    deadline: Deadline
    rule: Rule
    initials: str
    age: int | None
    group: str


@dataclass(frozen=True, slots=True)
class DutyPage:
    """One page of duties, soonest first; `after` is the key of the next page, or None at the end."""

    rows: list[DutyRow]
    after: str | None


def access_duty(*, viewer: Viewer, duty_id: UUID, now: datetime) -> Deadline:
    """The only way from an id to a duty. Hidden and absent look the same, and the look is recorded."""
    deadline = (
        Deadline.objects.visible_to(viewer)
        .select_related("case_file", "case_file__county", "owed_by", "owner", "section")
        .filter(pk=duty_id)
        .first()
    )
    if deadline is None:
        raise NotVisible
    record(
        Verb.DUTY_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="deadline",
        subject=deadline.pk,
        case_file=deadline.case_file_id,
        category=deadline.section.category,
    )
    return deadline


def duty_list(
    *,
    viewer: Viewer,
    now: datetime,
    mine_only: bool = False,
    after: str = "",
    limit: int = PAGE,
    refreshed: bool = False,
    where: Q | None = None,
) -> DutyPage:
    """What the viewer's agency owes, soonest first, a page at a time; the look is recorded.

    `where` narrows it. `refreshed`: an open page asks again by itself. Raises `NotVisible` for a page key that is none.
    """
    seen = _seen_first(
        viewer, mine_only=mine_only, after=_key_read(after), limit=limit + 1, where=where or Q()
    )
    rows = _rows(seen, viewer=viewer, now=now)
    shown = rows[:limit]
    write = record_refresh if refreshed else record
    write(
        Verb.DUTY_LISTED,
        viewer=viewer,
        at=now,
        subject_kind="deadline",
        facts={"ids": [str(row.deadline.pk) for row in shown]},
    )
    last: tuple[datetime, UUID] | None = None
    if len(rows) > limit:
        last = (shown[-1].deadline.due_at, shown[-1].deadline.pk)
    return DutyPage(shown, f"{last[0].isoformat()}|{last[1]}" if last else None)


def _key_read(after: str) -> tuple[datetime, UUID] | None:
    if not after:
        return None
    moment, _, duty_id = after.partition("|")
    try:
        return datetime.fromisoformat(moment), UUID(duty_id)
    except ValueError as error:
        raise NotVisible from error


def _seen_first(
    viewer: Viewer, *, mine_only: bool, after: tuple[datetime, UUID] | None, limit: int, where: Q
) -> list[Deadline]:
    """The first so many open duties that the viewer may see, soonest first.

    Pages are cut at rows that are shown, never at one that is hidden: its key would tell of it. Where some are hidden, it
    walks on; somebody without case work owes nothing and walks nowhere.
    """
    seen: list[Deadline] = []
    while viewer.groups:
        walked = _due_first(viewer, mine_only=mine_only, after=after, limit=2 * limit, where=where)
        open_rows = Deadline.objects.visible_to(viewer).filter(pk__in=[pk for _, pk in walked])
        seen += open_rows.select_related(*BESIDE).order_by("due_at", "pk")[: limit - len(seen)]
        if len(seen) >= limit or len(walked) < 2 * limit:
            break
        after = walked[-1]
    return seen


def _due_first(
    viewer: Viewer, *, mine_only: bool, after: tuple[datetime, UUID] | None, limit: int, where: Q
) -> list[tuple[datetime, UUID]]:
    """What the agency owes, soonest first, along the index; both walls are asked of these rows alone.

    Asked of the whole table, either wall would first collect every section that the agency may see.
    """
    because = "the order in which an agency's own duties fall due"
    with acting_because(because):
        rows = Deadline.objects.unrestricted(because=because)
        rows = rows.filter(where, owed_by=viewer.agency, met_at=None, dropped_by=None)
        if mine_only:
            rows = rows.filter(Q(owner=viewer.person) | Q(owner=None))
        if after is not None:
            due_at, pk = after
            rows = rows.filter(due_at__gte=due_at).exclude(due_at=due_at, pk__lte=pk)
        return list(rows.order_by("due_at", "pk").values_list("due_at", "pk")[:limit])


def duties_of(*, viewer: Viewer, case_file: CaseFile, now: datetime) -> list[DutyRow]:
    """Every duty of a case that this viewer may see in full, open ones first."""
    rows = Deadline.objects.visible_to(viewer).filter(case_file=case_file).order_by("due_at", "pk")
    return sorted(rows_of(rows, viewer=viewer, now=now), key=lambda row: not row.deadline.is_open)


def next_duties(*, viewer: Viewer, cases: Collection[UUID]) -> dict[UUID, Deadline]:
    """What the viewer's agency owes first in each of these cases; one query however many."""
    rows = Deadline.objects.visible_to(viewer).filter(
        case_file__in=cases, owed_by=viewer.agency, met_at=None, dropped_by=None
    )
    first = rows.order_by("case_file", "due_at", "pk").distinct("case_file")
    return {row.case_file_id: row for row in first}


def others_owe(*, viewer: Viewer, now: datetime) -> list[DutyRow]:
    """What other agencies owe in cases that this viewer's agency leads, overdue or soon due: at most ten."""
    if viewer.role != Role.CHILD_WELFARE:
        return []
    because = "the order in which other agencies' duties fall due"
    with acting_because(because):
        first = list(
            Deadline.objects.unrestricted(because=because)
            .filter(
                owed_by__county=viewer.county,
                met_at=None,
                dropped_by=None,
                due_at__lte=now + timedelta(hours=24),
            )
            .exclude(owed_by=viewer.agency)
            .order_by("due_at", "pk")
            .values_list("pk", flat=True)[:40]
        )
    rows = Deadline.objects.visible_to(viewer).filter(pk__in=first).order_by("due_at", "pk")[:10]
    return rows_of(rows, viewer=viewer, now=now)


def row_of(deadline: Deadline, *, viewer: Viewer, now: datetime) -> DutyRow:
    """One duty that came through its door, as a row."""
    return rows_of(Deadline.objects.visible_to(viewer).filter(pk=deadline.pk), viewer=viewer, now=now)[0]


def recipients_of(deadline: Deadline) -> list[tuple[str, str]]:
    """Which agencies of the county a cross-report may be made to: id and name; empty where no agency is chosen."""
    rule = DEFAULT_RULEBOOK.rule(deadline.rule)
    if rule.met_by != kinds.CROSS_REPORT_MADE or deadline.owed_to not in ROLE_OF:
        return []
    agencies = Agency.objects.filter(
        county=deadline.case_file.county_id, role=ROLE_OF[deadline.owed_to], is_active=True
    )
    return [(str(agency.pk), agency.name) for agency in agencies.order_by("name")]


def duty_counts(rows: list[DutyRow]) -> dict[str, int]:
    """How many open duties stand in each group."""
    counts = dict.fromkeys((OVERDUE, NOW, TODAY, LATER), 0)
    for row in rows:
        if row.deadline.is_open:
            counts[row.group] += 1
    return counts


def rows_of(deadlines: QuerySet[Deadline], *, viewer: Viewer, now: datetime) -> list[DutyRow]:
    """Duties with their rules and, where visible, the child's initials; four queries however many rows."""
    return _rows(list(deadlines.select_related(*BESIDE)), viewer=viewer, now=now)


def _rows(found: list[Deadline], *, viewer: Viewer, now: datetime) -> list[DutyRow]:
    """Each reads by the version of the county's rules that was in force when its clock started."""
    children = {
        child.case_file_id: child
        for child in Child.objects.visible_to(viewer).filter(
            case_file__in={row.case_file_id for row in found}
        )
    }
    today = now.astimezone(ZoneInfo(viewer.zone)).date()
    books = rulebooks_of(viewer.county)
    rows = []
    for deadline in found:
        child = children.get(deadline.case_file_id)
        rows.append(
            DutyRow(
                deadline=deadline,
                rule=books.of(deadline.rulebook).rule(deadline.rule),
                initials=child.initials if child else "",
                age=child.age_on(today) if child else None,
                group=group_of(deadline, now=now, zone=ZoneInfo(viewer.zone)),
            )
        )
    return rows


def group_of(deadline: Deadline, *, now: datetime, zone: ZoneInfo) -> str:
    """Overdue, due at once, later today, or later. What is due at once is never "later", however far its limit."""
    if deadline.due_at < now:
        return OVERDUE
    if deadline.at_once or deadline.due_at - now <= timedelta(hours=2):
        return NOW
    if deadline.due_at.astimezone(zone).date() == now.astimezone(zone).date():
        return TODAY
    return LATER
