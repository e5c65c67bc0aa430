"""The ladder: a stage that nobody acknowledges in its time goes one level up, once a level, by the sweeper's own hand.

A duty has at most one step of the ladder waiting. It is called off by the word of anybody whom the stage reached, and
by whatever stops the duty's clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from referrals.deadlines.stages import UP, acknowledge_within, kind_of, next_still, up_after
from referrals.models import Deadline, DeadlineStage, DutyAcknowledgement
from referrals.services.audience import length_of
from referrals.services.calling import Call

WHY = "the ladder of a duty that nobody acknowledged"


@dataclass(frozen=True, slots=True)
class _Step:
    """Which steps may come next for one duty, lowest first, and when."""

    names: list[str]
    fire_at: datetime


def unacknowledged(deadlines: Collection[Deadline]) -> dict[UUID, list[str]]:
    """The stages of these duties that have come, ask for a word, and have none yet; two queries, however many duties."""
    ids = [deadline.pk for deadline in deadlines if deadline.is_open]
    asked = DeadlineStage.objects.filter(deadline__in=ids).exclude(fired_at=None)
    fired = asked.order_by("fire_at").values_list("deadline", "name")
    said = set(
        DutyAcknowledgement.objects.unrestricted(because=WHY)
        .filter(deadline__in=ids)
        .values_list("deadline", "stage")
    )
    lengths = {deadline.pk: length_of(deadline) for deadline in deadlines}
    found: dict[UUID, list[str]] = {}
    for deadline, name in fired:
        needs = kind_of(name) != UP and acknowledge_within(name, lengths[deadline])
        if needs and (deadline, name) not in said:
            found.setdefault(deadline, []).append(name)
    return found


def answered_meanwhile(calls: Sequence[Call]) -> set[UUID]:
    """Those steps of the ladder among these stages that somebody's word has made needless."""
    steps = [call for call in calls if kind_of(call.stage.name) == UP]
    waiting = unacknowledged([call.deadline for call in steps]) if steps else {}
    return {call.stage.pk for call in steps if call.deadline.pk not in waiting}


def ladder_follow(calls: Sequence[Call], *, now: datetime) -> None:
    """What follows from the stages that just fired: the next "still", and the next step up unless somebody answers."""
    wanted: dict[UUID, _Step] = {}
    later: list[DeadlineStage] = []
    for call in calls:
        later += _next_still(call, now)
        step = _step_after(call, now)
        if step is not None:
            before = wanted.get(call.deadline.pk)
            # Of several stages that came together, the one that reached highest goes on.
            if before is None or len(step.names) <= len(before.names):
                wanted[call.deadline.pk] = step
    later += _steps_set(wanted, now)
    # In one order everywhere, so that two sweepers wait for each other at most once.
    later.sort(key=lambda row: (row.deadline_id, row.name))
    DeadlineStage.objects.bulk_create(later, ignore_conflicts=True)


def _next_still(call: Call, now: datetime) -> Iterable[DeadlineStage]:
    following = next_still(
        call.stage.name, started_at=call.deadline.started_at, due_at=call.deadline.due_at, now=now
    )
    if following is not None:
        name, moment = following
        yield DeadlineStage(deadline=call.deadline, name=name, fire_at=moment)


def _step_after(call: Call, now: datetime) -> _Step | None:
    length = length_of(call.deadline)
    within = acknowledge_within(call.stage.name, length)
    return None if within is None else _Step(up_after(call.stage.name, length), now + within)


def _steps_set(wanted: dict[UUID, _Step], now: datetime) -> list[DeadlineStage]:
    """Makes the one next step wait: lower ones that still wait are called off, one called off before is called again.

    Returns those that must be made.
    """
    standing: dict[UUID, dict[str, DeadlineStage]] = {}
    # One that another sweeper is firing this moment is left to it.
    rows_held = DeadlineStage.objects.select_for_update(skip_locked=True, of=("self",))
    for row in rows_held.filter(deadline__in=wanted, name__startswith=f"{UP}-"):
        standing.setdefault(row.deadline_id, {})[row.name] = row
    made, changed = [], []
    for deadline, step in wanted.items():
        rows = standing.get(deadline, {})
        free = [name for name in step.names if name not in rows or rows[name].fired_at is None]
        for row in rows.values():
            if row.fired_at is None and row.cancelled_at is None:
                row.cancelled_at = now
                changed.append(row)
        if not free:
            continue
        if free[0] not in rows:
            made.append(DeadlineStage(deadline_id=deadline, name=free[0], fire_at=step.fire_at))
            continue
        row = rows[free[0]]
        row.fire_at, row.cancelled_at = step.fire_at, None
        if row not in changed:
            changed.append(row)
    DeadlineStage.objects.bulk_update(changed, ["fire_at", "cancelled_at"])
    return made


def ladder_call_off(deadline: UUID, *, now: datetime) -> None:
    """Nobody further up is told of what came so far."""
    DeadlineStage.objects.filter(
        deadline=deadline, name__startswith=f"{UP}-", fired_at=None, cancelled_at=None
    ).update(cancelled_at=now)
