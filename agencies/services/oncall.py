"""Writing an agency's on-call roster: shifts, a weekly pattern, handing over. Whoever it concerns is told.

That nobody stands twice, and nobody is their own backup, the database keeps (`OnCallShift`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from agencies.models import Notice, OnCallShift, Person
from agencies.policies import MAY_NOT_HAND_OVER, MAY_NOT_ROSTER, may_hand_over, may_write_roster
from agencies.rosters import Span, pattern
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from cseccase.outbox.models import Message
from cseccase.outbox.services import Letter, messages_write
from cseccase.wording import day_time_words

TELLING = "people are told that they are on call"
LONGEST = timedelta(days=14)
ASSIGNED, HANDED, GONE = "assigned", "handed", "gone"


@dataclass(frozen=True, slots=True)
class PatternSaid:
    """A week's pattern: who, with whom behind them, on which weekdays (Monday is 0), between which hours, for how long."""

    person: UUID
    backup: UUID | None
    weekdays: frozenset[int]
    begins: time
    ends: time
    first_day: date
    weeks: int


@transaction.atomic
def shift_add(*, viewer: Viewer, person: UUID, span: Span, is_backup: bool, now: datetime) -> OnCallShift:
    """Puts one person on call. Raises `NotAllowed`, `RuleBroken` for a span that is none or that somebody has already."""
    _require_roster(viewer)
    if span.ends_at <= span.starts_at:
        raise RuleBroken("The shift ends before it begins.", field="ends_at")
    if span.ends_at <= now:
        raise RuleBroken("This shift is over already.", field="ends_at")
    if span.ends_at - span.starts_at > LONGEST:
        raise RuleBroken(f"One shift lasts {LONGEST.days} days at most.", field="ends_at")
    _require_person(viewer, person, field="person")
    (shift,) = _write(viewer, [(person, is_backup, span)], now)
    _tell([(shift.person_id, shift.pk, ASSIGNED)], now=now)
    _log(viewer, shift, now, did="added")
    return shift


@transaction.atomic
def roster_fill(*, viewer: Viewer, said: PatternSaid, now: datetime) -> int:
    """Writes every shift of a weekly pattern that is not over, or none of them. Returns how many; raises as `shift_add`."""
    _require_roster(viewer)
    if said.backup == said.person:
        raise RuleBroken("The backup is somebody else.", field="backup")
    _require_person(viewer, said.person, field="person")
    if said.backup is not None:
        _require_person(viewer, said.backup, field="backup")
    try:
        spans = pattern(
            weekdays=said.weekdays,
            begins=said.begins,
            ends=said.ends,
            first_day=said.first_day,
            weeks=said.weeks,
            zone=ZoneInfo(viewer.zone),
        )
    except ValueError as error:
        raise RuleBroken(str(error)) from error
    ahead = [span for span in spans if span.ends_at > now]
    if not ahead:
        raise RuleBroken(
            "All of these shifts would be over already. Choose a later first day.", field="first_day"
        )
    wanted = [(said.person, False, span) for span in ahead]
    if said.backup is not None:
        wanted += [(said.backup, True, span) for span in ahead]
    shifts = _write(viewer, wanted, now)
    firsts = {shift.person_id: shift.pk for shift in reversed(shifts)}
    _tell([(person, shift, ASSIGNED) for person, shift in firsts.items()], now=now)
    _log(viewer, shifts[0], now, did="filled", shifts=len(shifts))
    return len(shifts)


@transaction.atomic
def shift_hand_over(*, viewer: Viewer, shift_id: UUID, to: UUID, now: datetime) -> OnCallShift:
    """Gives a shift, or what is left of it, to a colleague; both are told. Returns the colleague's shift.

    Raises `NotVisible`, `NotAllowed` for others than its holder and who writes the roster, `RuleBroken`.
    """
    shift = _held(viewer, shift_id)
    if not may_hand_over(viewer, agency=shift.agency_id, holder=shift.person_id):
        raise NotAllowed(MAY_NOT_HAND_OVER)
    if shift.ends_at <= now:
        raise RuleBroken("This shift is over already.")
    if to == shift.person_id:
        raise RuleBroken("That person has this shift already.", field="person")
    _require_person(viewer, to, field="person")
    rest = Span(max(shift.starts_at, now), shift.ends_at)
    holder, cut = shift.person_id, shift.starts_at < now
    if cut:
        shift.ends_at = now
        shift.save(update_fields=["ends_at"])
    else:
        OnCallShift.objects.filter(handed_from=shift).update(handed_from=None)
        shift.delete()
    (handed,) = _write(viewer, [(to, shift.is_backup, rest)], now)
    if cut:
        handed.handed_from = shift
        handed.save(update_fields=["handed_from"])
    _tell([(to, handed.pk, HANDED), (holder, handed.pk, GONE)], now=now)
    _log(viewer, handed, now, did="handed over", holder=str(holder))
    return handed


@transaction.atomic
def shift_remove(*, viewer: Viewer, shift_id: UUID, now: datetime) -> None:
    """Takes out a shift that has not begun; its person is told. One that runs is handed over instead."""
    _require_roster(viewer)
    shift = _held(viewer, shift_id)
    if shift.starts_at <= now:
        raise RuleBroken("This shift has begun. Hand it over, so that somebody answers.")
    OnCallShift.objects.filter(handed_from=shift).update(handed_from=None)
    gone, person = shift.pk, shift.person_id
    _log(viewer, shift, now, did="taken out")
    shift.delete()
    _tell([(person, gone, GONE)], now=now)


def _require_roster(viewer: Viewer) -> None:
    if not may_write_roster(viewer):
        raise NotAllowed(MAY_NOT_ROSTER)


def _require_person(viewer: Viewer, person: UUID, *, field: str) -> None:
    """Only somebody who may act for the agency can answer for it: an open account in its group."""
    able = Person.objects.filter(pk=person, agency=viewer.agency, is_active=True)
    if not able.filter(groups=F("agency__group")).exists():
        raise RuleBroken("Choose somebody of your agency who is designated and trained.", field=field)


def _held(viewer: Viewer, shift_id: UUID) -> OnCallShift:
    rows = OnCallShift.objects.select_for_update(of=("self",))
    shift = rows.filter(pk=shift_id, agency=viewer.agency).first()
    if shift is None:
        raise NotVisible
    return shift


def _write(viewer: Viewer, wanted: Sequence[tuple[UUID, bool, Span]], now: datetime) -> list[OnCallShift]:
    rows = [
        OnCallShift(
            agency_id=viewer.agency,
            person_id=person,
            is_backup=is_backup,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            written_by_id=viewer.person,
            written_at=now,
        )
        for person, is_backup, span in wanted
    ]
    _refuse_overlap(viewer, rows)
    try:
        with transaction.atomic():
            return OnCallShift.objects.bulk_create(rows)
    except IntegrityError as error:
        raise RuleBroken(
            "Somebody wrote the same hours in this moment. Look at the roster and try again."
        ) from error


def _refuse_overlap(viewer: Viewer, rows: Sequence[OnCallShift]) -> None:
    """Names the shift that is in the way; one query, however many are written. The database refuses it too."""
    near = OnCallShift.objects.filter(
        starts_at__lt=max(row.ends_at for row in rows), ends_at__gt=min(row.starts_at for row in rows)
    )
    mine = Q(agency=viewer.agency) | Q(person__in={row.person_id for row in rows})
    standing = list(near.filter(mine).select_related("person").order_by("starts_at", "is_backup"))
    found = next((one for row in rows for one in standing if _in_the_way(one, row)), None)
    if found is not None:
        raise RuleBroken(
            f"{found.person.full_name} is on call{' as backup' if found.is_backup else ''} from "
            f"{day_time_words(found.starts_at, ZoneInfo(viewer.zone))} until "
            f"{day_time_words(found.ends_at, ZoneInfo(viewer.zone))}. "
            "Two people share hours only as first and backup; hand that shift over, or choose other hours."
        )


def _in_the_way(one: OnCallShift, row: OnCallShift) -> bool:
    """Whether two shifts share hours and a place, or a person."""
    same_place = (one.agency_id, one.is_backup) == (row.agency_id, row.is_backup)
    same_hours = one.starts_at < row.ends_at and row.starts_at < one.ends_at
    return same_hours and (same_place or one.person_id == row.person_id)


def _tell(told: Iterable[tuple[UUID, UUID, str]], *, now: datetime) -> None:
    """A notice and a content-free message to each of these people about a shift."""
    told = list(told)
    with acting_because(TELLING):
        Notice.objects.bulk_create(
            [
                Notice(
                    recipient_id=person,
                    about=Notice.About.ON_CALL,
                    subject=shift,
                    stage=stage,
                    created_at=now,
                )
                for person, shift, stage in told
            ],
            ignore_conflicts=True,
        )
        messages_write(
            [
                Letter(person, Message.Template.DUTY, f"{shift}:{stage}:{person}")
                for person, shift, stage in told
            ],
            now=now,
        )


def _log(viewer: Viewer, shift: OnCallShift, now: datetime, *, did: str, **facts: object) -> None:
    record(
        Verb.ROSTER_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind="shift",
        subject=shift.pk,
        facts={"did": did, "person": str(shift.person_id), "backup": shift.is_backup, **facts},
    )
