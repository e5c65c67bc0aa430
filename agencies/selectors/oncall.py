"""Reading who is on call: now in every agency of the county, and an agency's roster week by week."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Exists, F, OuterRef, When

from agencies.models import Agency, OnCallShift, Person
from agencies.policies import (
    MAY_NOT_HAND_OVER,
    MAY_NOT_SEE_ON_CALL,
    may_hand_over,
    may_see_on_call,
    may_write_roster,
)
from agencies.rosters import Span, gaps, moment_of
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible

PAGE = 50
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Answering:
    """One person who answers for an agency now, and until when."""

    name: str
    phone: str
    until: datetime


@dataclass(frozen=True, slots=True)
class OnCallLine:
    """Who answers for one agency now; `phone` is the agency's own, for when nobody is on call."""

    agency: str
    phone: str
    is_own: bool
    first: Answering | None
    backup: Answering | None


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One line of a roster: a shift, or a gap (`id` and `person` empty) in which nobody is on call."""

    id: UUID | None
    person: str
    is_backup: bool
    starts_at: datetime
    ends_at: datetime
    is_now: bool
    cannot_act: bool = False
    handed: bool = False
    may_hand_over: bool = False
    may_remove: bool = False

    @property
    def is_gap(self) -> bool:
        return self.id is None


@dataclass(frozen=True, slots=True)
class RosterWeek:
    """One week of an agency's roster, gaps included."""

    monday: date
    lines: list[ShiftLine]
    gaps: int
    before: date
    after: date
    may_write: bool


def on_call_people(agencies: Collection[UUID], *, now: datetime) -> dict[UUID, list[UUID]]:
    """Who is on call at this moment, the first person before the backup; only those who may act for their agency.

    One query, whatever the number of agencies.
    """
    rows = (
        OnCallShift.objects.filter(agency__in=agencies, starts_at__lte=now, ends_at__gt=now)
        .filter(person__is_active=True, person__groups=F("agency__group"))
        .order_by("agency", "is_backup")
        .values_list("agency", "person")
    )
    found: dict[UUID, list[UUID]] = {}
    for agency, person in rows:
        found.setdefault(agency, []).append(person)
    return found


def on_call_now(*, viewer: Viewer, now: datetime, page: int = 1) -> tuple[list[OnCallLine], bool]:
    """Every agency of the county with who answers for it now, one's own first; and whether more follow. Two queries."""
    _require(viewer)
    rows = Agency.objects.filter(county=viewer.county, is_active=True)
    first = (page - 1) * PAGE
    mine_first = Case(When(pk=viewer.agency, then=0), default=1)
    shown = list(rows.order_by(mine_first, "name", "pk")[first : first + PAGE + 1])
    answering = _answering([agency.pk for agency in shown[:PAGE]], now)
    lines = [
        OnCallLine(
            agency=agency.name,
            phone=agency.phone,
            is_own=agency.pk == viewer.agency,
            first=answering.get((agency.pk, False)),
            backup=answering.get((agency.pk, True)),
        )
        for agency in shown[:PAGE]
    ]
    return lines, len(shown) > PAGE


def own_on_call(*, viewer: Viewer, now: datetime) -> OnCallLine:
    """Who answers for the viewer's own agency now. One query."""
    answering = _answering([viewer.agency], now)
    return OnCallLine(
        agency=viewer.agency_name,
        phone="",
        is_own=True,
        first=answering.get((viewer.agency, False)),
        backup=answering.get((viewer.agency, True)),
    )


def _answering(agencies: Collection[UUID], now: datetime) -> dict[tuple[UUID, bool], Answering]:
    rows = OnCallShift.objects.filter(agency__in=agencies, starts_at__lte=now, ends_at__gt=now)
    able = rows.filter(person__is_active=True, person__groups=F("agency__group"))
    return {
        (row.agency_id, row.is_backup): Answering(
            row.person.full_name, row.person.phone or row.agency.phone, row.ends_at
        )
        for row in able.select_related("person", "agency")
    }


def roster_week(*, viewer: Viewer, day: date, now: datetime) -> RosterWeek:
    """The week of the viewer's agency in which this day lies: every shift, and every hour in which nobody answers.

    Who may no longer act for the agency counts as nobody. One query.
    """
    _require(viewer)
    zone = ZoneInfo(viewer.zone)
    monday = day - timedelta(days=day.weekday())
    start = moment_of(monday, time(0), zone)
    end = moment_of(monday + WEEK, time(0), zone)
    in_group = Person.groups.through.objects.filter(
        person=OuterRef("person"), group=OuterRef("agency__group")
    )
    shifts = list(
        OnCallShift.objects.filter(agency=viewer.agency, starts_at__lt=end, ends_at__gt=start)
        .annotate(in_group=Exists(in_group))
        .select_related("person")
        .order_by("starts_at", "is_backup")
    )
    able = {shift.pk for shift in shifts if shift.person.is_active and shift.in_group}
    empty = gaps(
        [Span(shift.starts_at, shift.ends_at) for shift in shifts if shift.pk in able], start=start, end=end
    )
    writes = may_write_roster(viewer)
    lines = [
        ShiftLine(
            id=shift.pk,
            person=shift.person.full_name,
            is_backup=shift.is_backup,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            is_now=shift.starts_at <= now < shift.ends_at,
            cannot_act=shift.pk not in able,
            handed=shift.handed_from_id is not None,
            may_hand_over=shift.ends_at > now
            and may_hand_over(viewer, agency=shift.agency_id, holder=shift.person_id),
            may_remove=writes and shift.starts_at > now,
        )
        for shift in shifts
    ] + [
        ShiftLine(None, "", False, gap.starts_at, gap.ends_at, gap.starts_at <= now < gap.ends_at)
        for gap in empty
    ]
    lines.sort(key=lambda line: (line.starts_at, line.is_gap, line.is_backup))
    return RosterWeek(monday, lines, len(empty), monday - WEEK, monday + WEEK, writes)


def people_to_choose(*, viewer: Viewer) -> list[tuple[str, str]]:
    """Who of the viewer's agency can be on call: id and name of everybody designated and trained."""
    rows = Person.objects.filter(agency=viewer.agency, is_active=True, groups=F("agency__group"))
    return [(str(pk), name) for pk, name in rows.order_by("full_name", "pk").values_list("pk", "full_name")]


def access_shift(*, viewer: Viewer, shift_id: UUID) -> OnCallShift:
    """One shift of the viewer's own agency. Raises NotAllowed, or NotVisible for everybody else's."""
    _require(viewer)
    shift = OnCallShift.objects.select_related("person").filter(pk=shift_id, agency=viewer.agency).first()
    if shift is None:
        raise NotVisible
    return shift


def shift_to_hand_over(*, viewer: Viewer, shift_id: UUID) -> OnCallShift:
    """A shift that this viewer may hand over. Raises as `access_shift`, and NotAllowed for a colleague's shift."""
    shift = access_shift(viewer=viewer, shift_id=shift_id)
    if not may_hand_over(viewer, agency=shift.agency_id, holder=shift.person_id):
        raise NotAllowed(MAY_NOT_HAND_OVER)
    return shift


def _require(viewer: Viewer) -> None:
    if not may_see_on_call(viewer):
        raise NotAllowed(MAY_NOT_SEE_ON_CALL)
