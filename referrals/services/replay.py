"""Replaying cases from scratch, a few in each round: what is stored must be what their events alone would give."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from cseccase.confidentiality.context import acting_because
from cseccase.logs import logger
from referrals.deadlines.engine import Clock, clocks
from referrals.models import CaseFile, Deadline, Heartbeat
from referrals.selectors.rulebook import rulebooks_of
from referrals.services.beats import Driver
from referrals.services.deadline import events_of
from referrals.services.sharing import case_lock

WHY = "a replay of the case's events is compared with its deadlines"
Standing = dict[tuple[str, str, str, UUID], tuple[object, ...]]
log = logger("replay")


def cases_replay(*, count: int) -> list[UUID]:
    """Replays the next `count` cases after those of the last round, and round again. Returns the files that differ."""
    with acting_because(WHY):
        beat = Heartbeat.objects.filter(name=Driver.RECONCILER)
        after = beat.values_list("cursor", flat=True).first()
        waiting = CaseFile.objects.unrestricted(because=WHY).select_related("county").order_by("pk")
        files = list(waiting.filter(pk__gt=after)[:count] if after else waiting[:count])
        beat.update(cursor=files[-1].pk if len(files) == count else None)
        differing = [file.pk for file in files if case_differs(file)]
    for pk in differing:
        log.error("deadlines differ from their replay", case_file=str(pk))
    return differing


def case_differs(case_file: CaseFile) -> bool:
    """Whether the deadlines of a case are not what its events give; asked again under its lock before it is said."""
    with acting_because(WHY):
        if _stored(case_file) == _replayed(case_file):
            return False
        case_lock(case_file.pk)
        return _stored(case_file) != _replayed(case_file)


def _stored(case_file: CaseFile) -> Standing:
    rows = Deadline.objects.unrestricted(because=WHY).filter(case_file=case_file).select_related("owed_by")
    return {
        (row.rule, row.owed_by.role, row.owed_to, row.started_root): (
            row.started_at,
            row.due_at,
            row.met_by,
            row.met_at,
            row.dropped_by,
        )
        for row in rows
        # Dropped by the very entry that started it: that entry was corrected away, and a replay knows it no more.
        if row.dropped_by is None or row.dropped_by != row.started_root
    }


def _replayed(case_file: CaseFile) -> Standing:
    zone = ZoneInfo(case_file.county.zone)
    found = clocks(events_of(case_file), rulebook=rulebooks_of(case_file.county_id), zone=zone)
    return {_key(clock): _facts(clock) for clock in found if clock.dropped_by != clock.key.started_root}


def _key(clock: Clock) -> tuple[str, str, str, UUID]:
    key = clock.key
    return (key.rule_id, key.owed_by_role, key.owed_to or "", key.started_root)


def _facts(clock: Clock) -> tuple[object, ...]:
    return (clock.started_at, clock.due_at, clock.met_by, clock.met_at, clock.dropped_by)
