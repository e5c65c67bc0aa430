"""The sweeper: tells people about stages that fell due. PostgreSQL's clock decides, and each notice exists once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from agencies.choices import Duty, Role
from agencies.models import Designation, Notice, Person
from cseccase.confidentiality.context import viewing_as
from cseccase.logs import logger
from cseccase.outbox.models import Message
from cseccase.outbox.services import Letter, messages_write
from referrals.deadlines.stages import COORDINATOR, OWING_SUPERVISORS, OWING_WORKERS, audience_of
from referrals.models import Deadline, DeadlineStage
from referrals.services.beats import Driver, heartbeat, still_beating
from referrals.services.named import restriction_fact

WHY = "the sweeper fires the stages of every case"
BATCH = 200
log = logger("sweep")

BOUNDS = """
SELECT clock_timestamp(), set_config('lock_timeout', '10s', true),
       set_config('idle_in_transaction_session_timeout', '60s', true)
"""
"""A sweeper that is frozen in its transaction gives its stages back: the database ends its session."""


def stages_fire(*, now: datetime, by: Driver = Driver.TASK) -> int:
    """Fires everything that is due, oldest first, in batches of one transaction each. Returns how many fired.

    What is due and when it was told is for the database's clock; `now`, the caller's own, is only compared with it.
    Any number of sweepers may run at the same time: each takes what no other has in its hands.
    """
    heartbeat(by, clock=now)
    total, stuck = 0, set[UUID]()
    while True:
        try:
            fired = _batch(by, stuck)
        except Exception:
            if not connection.is_usable():
                raise
            fired = _batch(by, stuck, each_alone=True)
        total += fired
        if fired < BATCH:
            return total - len(stuck)


def _batch(by: Driver, stuck: set[UUID], *, each_alone: bool = False) -> int:
    """Fires the next stages. With `each_alone` one that cannot be told joins the `stuck`, and the others are told."""
    with viewing_as(None, because=WHY):
        with connection.cursor() as cursor:
            cursor.execute(BOUNDS)
            now: datetime = cursor.fetchone()[0]
        batch = stages_claim(stuck)
        deadlines = {
            row.pk: row
            for row in Deadline.objects.unrestricted(because=WHY)
            .filter(pk__in={stage.deadline_id for stage in batch})
            .select_related("owed_by__county", "case_file__county")
        }
        living = [stage for stage in batch if deadlines[stage.deadline_id].is_open]
        if each_alone:
            for stage in living:
                _tell_alone(deadlines[stage.deadline_id], stage, now, stuck)
        else:
            _tell((n for stage in living for n in _notices(deadlines[stage.deadline_id], stage, now)), now)
        _mark(
            [stage for stage in batch if stage.pk not in stuck],
            [stage for stage in living if stage.pk not in stuck],
        )
        still_beating(by, count=len(batch))
    if batch:
        log.info("stages fired", count=len(batch))
    return len(batch)


def _tell_alone(deadline: Deadline, stage: DeadlineStage, now: datetime, stuck: set[UUID]) -> None:
    """One stage that cannot be told must not keep everybody else's back; it stays due, and turns late."""
    try:
        with transaction.atomic():
            _tell(_notices(deadline, stage, now), now)
    except Exception as error:  # noqa: BLE001  # whatever it is, the next stage is somebody else's
        stuck.add(stage.pk)
        log.error("stage cannot be told", stage=str(stage.pk), exc_type=type(error).__name__)


def stages_claim(stuck: Collection[UUID] = ()) -> list[DeadlineStage]:
    """The oldest waiting stages that are due and in nobody's hands, locked until the transaction ends."""
    waiting = DeadlineStage.objects.filter(fired_at=None, cancelled_at=None, fire_at__lte=Now())
    if stuck:
        waiting = waiting.exclude(pk__in=stuck)
    return list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("fire_at")[:BATCH])


def _mark(batch: Collection[DeadlineStage], living: Collection[DeadlineStage]) -> None:
    """A fired stage is one whose duty was still open; the stage of a duty that is done was overtaken."""
    fired = {stage.pk for stage in living}
    if fired:
        DeadlineStage.objects.filter(pk__in=fired).update(fired_at=Now())
    overtaken = {stage.pk for stage in batch} - fired
    if overtaken:
        DeadlineStage.objects.filter(pk__in=overtaken).update(cancelled_at=Now())


def _notices(deadline: Deadline, stage: DeadlineStage, now: datetime) -> list[Notice]:
    audience = audience_of(stage.name)
    return [
        Notice(
            recipient_id=person,
            about=Notice.About.DEADLINE,
            subject=deadline.pk,
            stage=stage.name,
            escalated=escalated,
            created_at=now,
        )
        for person, escalated in _people(deadline, audience, now).items()
    ]


def _tell(notices: Iterable[Notice], now: datetime) -> None:
    notices = list(notices)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    messages_write(
        (
            Letter(
                notice.recipient_id,
                Message.Template.DUTY,
                letter_key(notice),
            )
            for notice in notices
        ),
        now=now,
    )


def letter_key(notice: Notice) -> str:
    """What makes the message of a notice exist once."""
    return f"{notice.subject}:{notice.stage}:{notice.recipient_id}"


def _people(deadline: Deadline, audience: frozenset[str], now: datetime) -> dict[UUID, bool]:
    """Whom a stage is for: the owner or the agency's workers, its supervisors, the county's coordinators.

    A duty is never told to nobody: where an agency has none of those it should reach, everybody in its group is told.
    The value says whether the person is told because the duty was escalated to them.
    """
    found: dict[UUID, bool] = {}
    agency, county = deadline.owed_by, deadline.owed_by.county_id
    today = now.astimezone(ZoneInfo(agency.county.zone)).date()
    if OWING_WORKERS in audience:
        owner = Person.objects.filter(is_active=True, groups=agency.group_id)
        owner = owner.filter(pk=deadline.owner_id) if deadline.owner_id else owner.none()
        workers = list(owner.values_list("pk", flat=True)) or _designated(
            Q(agency=agency), (Duty.LINE_WORKER, Duty.HOTLINE), today
        )
        found.update(dict.fromkeys(workers, False))
    if OWING_SUPERVISORS in audience:
        found.update(dict.fromkeys(_designated(Q(agency=agency), (Duty.SUPERVISOR,), today), True))
    if COORDINATOR in audience:
        lead = Q(agency__county=county, agency__role=Role.CHILD_WELFARE)
        found.update(dict.fromkeys(_designated(lead, (Duty.COORDINATOR,), today), True))
    if not found:
        everybody = Person.objects.filter(agency=agency, is_active=True, groups=agency.group_id)
        found.update(dict.fromkeys(everybody.values_list("pk", flat=True), True))
    return _among_named(deadline, found, now)


def _among_named(deadline: Deadline, found: dict[UUID, bool], now: datetime) -> dict[UUID, bool]:
    """In a restricted case: those of them it names; else who it names of the agency; else all it names. Never nobody."""
    fact = restriction_fact(deadline.case_file, now=now)
    if fact is None:
        return found
    told = {person: escalated for person, escalated in found.items() if fact.names(person)}
    others = fact.of(deadline.owed_by_id) or frozenset(person for person, _ in fact.people)
    return told or dict.fromkeys(others, True)


def _designated(where: Q, duties: tuple[Duty, ...], today: date) -> list[UUID]:
    people = Person.objects.filter(where, is_active=True, groups__isnull=False).values("pk")
    rows = Designation.objects.filter(person__in=people, duty__in=duties, starts_on__lte=today)
    return list(
        rows.filter(Q(ends_on=None) | Q(ends_on__gte=today)).values_list("person", flat=True).distinct()
    )
