"""What people do in a storm, and the same acts in a process that dies at a chosen statement."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from agencies.choices import Duty, Role
from agencies.models import Person
from agencies.viewers import viewer_of
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.database import database_now
from cseccase.errors import RuleBroken
from cseccase.outbox import services as outbox
from cseccase.outbox.services import messages_relay
from referrals.deadlines import kinds
from referrals.models import CaseEvent, CaseFile, Deadline
from referrals.services.acknowledgement import duty_acknowledge
from referrals.services.emergency import emergency_open
from referrals.services.event import event_correct, event_record
from referrals.services.referral import ChildSaid, ReferralSaid, referral_log
from referrals.services.sweep import stages_fire
from tests.worlds import county_make

WHY = "a storm"
LIMITS = (timedelta(minutes=90), timedelta(hours=2), timedelta(hours=2, minutes=15), timedelta(hours=24))
"""Some moments in the life of urgent clocks: a warning, a limit, the breach, a longer limit."""


def county_staffed() -> None:
    """The agencies whose duties run in a storm, each with a worker and a supervisor, one with a director too."""
    world = county_make()
    for role in (Role.CHILD_WELFARE, Role.PROBATION, Role.ADVOCATE, Role.PUBLIC_HEALTH):
        world.person(role)
        world.person(role, Duty.SUPERVISOR)
    world.person(Role.CHILD_WELFARE, Duty.HOTLINE)
    world.person(Role.CHILD_WELFARE, Duty.COORDINATOR)
    world.person(Role.ADVOCATE, Duty.DIRECTOR)


def viewer_now(role: Role, duty: Duty = Duty.LINE_WORKER) -> Viewer:
    """The first person of this role with this duty, as they stand now."""
    people = Person.objects.filter(agency__role=role, designations__duty=duty).order_by("email")
    return viewer_of(people[0], now=datetime.now(UTC))


def referral_enter(received_at: datetime) -> CaseFile:
    """The hotline logs an urgent referral. Returns its file."""
    viewer = viewer_now(Role.CHILD_WELFARE, Duty.HOTLINE)
    with viewing_as(viewer):
        referral = referral_log(
            viewer=viewer,
            said=ReferralSaid(urgent=True, received_at=received_at),
            children=[ChildSaid(given_name="Jay", family_name="Marker", age_said=15)],
            now=datetime.now(UTC),
        )[0]
        return referral.case_file


def arrival_record(case_file: UUID) -> UUID:
    """The advocate is with the child: its two-hour clock stops. Returns the entry."""
    viewer, now = viewer_now(Role.ADVOCATE), datetime.now(UTC)
    with viewing_as(viewer):
        file = CaseFile.objects.visible_to(viewer).get(pk=case_file)
        return event_record(
            viewer=viewer, case_file=file, kind=kinds.RESPONDER_ARRIVED, occurred_at=now, now=now
        ).pk


def call_record(case_file: UUID) -> UUID:
    """Child Welfare has told law enforcement by telephone. Returns the entry."""
    viewer, now = viewer_now(Role.CHILD_WELFARE), datetime.now(UTC)
    with viewing_as(viewer):
        file = CaseFile.objects.visible_to(viewer).get(pk=case_file)
        return event_record(
            viewer=viewer,
            case_file=file,
            kind=kinds.CROSS_REPORT_MADE,
            occurred_at=now,
            now=now,
            facts={"to": "le", "mode": "telephone"},
        ).pk


def arrival_take_back(case_file: UUID) -> UUID | None:
    """Nobody had arrived after all: the clock runs again. Returns the entry, or None where there is none to correct."""
    viewer, now = viewer_now(Role.ADVOCATE), datetime.now(UTC)
    with viewing_as(viewer):
        mine = CaseEvent.objects.visible_to(viewer).filter(
            case_file=case_file, kind=kinds.RESPONDER_ARRIVED, recorded_by=viewer.person
        )
        last = mine.order_by("-recorded_at").first()
        if last is None:
            return None
        with suppress(RuleBroken):  # pressed twice: it is corrected already
            return event_correct(
                viewer=viewer, event_id=last.pk, now=now, reason="nobody came", withdraw=True
            ).pk
    return None


def start_correct(case_file: UUID) -> UUID | None:
    """The report came at another minute than was written: every clock of the referral moves. Returns the entry."""
    viewer, now = viewer_now(Role.CHILD_WELFARE, Duty.HOTLINE), datetime.now(UTC)
    with viewing_as(viewer), suppress(RuleBroken):
        last = (
            CaseEvent.objects.visible_to(viewer)
            .filter(case_file=case_file, kind=kinds.REFERRAL_RECEIVED)
            .order_by("-recorded_at")
            .first()
        )
        if last is not None and last.received_at is not None:
            moved = last.received_at + timedelta(seconds=random.uniform(-3, 3))
            return event_correct(
                viewer=viewer,
                event_id=last.pk,
                now=now,
                reason="a typing error",
                received_at=moved,
                occurred_at=moved,
            ).pk
    return None


def word_give(case_file: UUID) -> None:
    """The advocate says of a duty that called: I see to it."""
    viewer, now = viewer_now(Role.ADVOCATE), datetime.now(UTC)
    with viewing_as(viewer):
        duties = Deadline.objects.visible_to(viewer).filter(
            case_file=case_file, owed_by=viewer.agency, met_at=None, dropped_by=None
        )
        duty = duties.first()
        if duty is not None:
            with suppress(RuleBroken):
                duty_acknowledge(viewer=viewer, deadline=duty, now=now)


def glass_break(case_file: UUID) -> None:
    """Somebody of Probation or Public Health opens the file in an emergency, which must be reviewed."""
    role = random.choice((Role.PROBATION, Role.PUBLIC_HEALTH))
    viewer = viewer_now(role, random.choice((Duty.LINE_WORKER, Duty.SUPERVISOR)))
    with acting_because(WHY):
        number = CaseFile.objects.unrestricted(because=WHY).get(pk=case_file).number
    with viewing_as(viewer), suppress(RuleBroken):
        emergency_open(
            viewer=viewer,
            number=number,
            reason="danger",
            words="The child is said to be at the motel by the highway.",
            now=datetime.now(UTC),
        )


def received(chance: random.Random) -> datetime:
    """Such that some stage of the referral falls due within the next seconds, and others have passed."""
    return datetime.now(UTC) - chance.choice(LIMITS) + timedelta(seconds=chance.uniform(-1, 4))


def few_relay() -> int:
    """Four messages, so that there are not more places to die at than tell anything new."""
    outbox.BATCH = 4
    return messages_relay(now=database_now())


DYING: dict[str, Callable[[str], object]] = {
    "create": lambda _: referral_enter(datetime.now(UTC) - timedelta(hours=3)).pk,
    "close": lambda case_file: arrival_record(UUID(case_file)),
    "sweep": lambda _: stages_fire(now=datetime.now(UTC)),
    "relay": lambda _: few_relay(),
    "relay all": lambda _: messages_relay(now=database_now()),
}


def act_die(*, what: str, about: str, boundary: int, answer: str) -> None:
    """Does one act, and dies before its statement number `boundary` (a commit counts as one; 0 is never).

    One past the last is after everything, before the answer. Writes what came of it, and how many statements it took.
    """
    passed = 0

    def pass_boundary() -> None:
        nonlocal passed
        passed += 1
        if passed == boundary:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        pass_boundary()
        return execute(sql, params, many, context)

    connection.ensure_connection()
    commit = connection._commit

    def commit_counted() -> None:
        pass_boundary()
        commit()

    connection._commit = commit_counted  # type: ignore[method-assign]
    with connection.execute_wrapper(statement):
        came = DYING[what](about)
    pass_boundary()
    Path(answer).write_text(f"{came} {passed}")
