"""The watchmen: what must be true of the running product for deadlines to be kept, by the database's clock alone."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db.models import F, Func, Value
from django.db.models.functions import Now

from cseccase.confidentiality.context import viewing_as
from referrals.models import DeadlineStage, Heartbeat
from referrals.services.beats import SWEEPERS, Driver

WHY = "the watchman looks whether the deadlines run"
SKEW = 2.0  # seconds


class AlarmName(StrEnum):
    """Every alarm there is. docs/deploy/runbook.md says of each what it means and what to do."""

    STAGE_LATE = "stage-late"
    SWEEPERS_SILENT = "sweepers-silent"
    RECONCILER_SILENT = "reconciler-silent"
    DRIVER_SILENT = "driver-silent"
    CLOCK_SKEW = "clock-skew"
    STAGES_MISSING = "stages-missing"
    STAGE_FIRED_EARLY = "stage-fired-early"
    STAGE_TOLD_NOBODY = "stage-told-nobody"
    NOTICE_TOO_SOON = "notice-too-soon"
    NOTICE_WITHOUT_MESSAGE = "notice-without-message"
    DEADLINE_DIFFERS = "deadline-differs"
    MESSAGE_LEASED_LONG = "message-leased-long"
    MESSAGES_WAIT = "messages-wait"
    MESSAGE_FAILED = "message-failed"


def deadlines_trouble() -> list[AlarmName]:
    """What an outside monitor must know: a stage is late, no sweeper is at work, or nobody looks any more.

    Empty when all is well.
    """
    with viewing_as(None, because=WHY):
        trouble = []
        if DeadlineStage.objects.filter(
            fired_at=None, cancelled_at=None, fire_at__lte=Now() - settings.STAGE_LATE_AFTER
        ).exists():
            trouble.append(AlarmName.STAGE_LATE)
        awake = Heartbeat.objects.filter(beat_at__gte=Now() - settings.SWEEPER_SILENT_AFTER)
        if not awake.filter(name__in=SWEEPERS).exists():
            trouble.append(AlarmName.SWEEPERS_SILENT)
        long_ago = Now() - 5 * settings.SWEEPER_SILENT_AFTER
        if Heartbeat.objects.filter(name=Driver.RECONCILER, beat_at__lt=long_ago).exists():
            trouble.append(AlarmName.RECONCILER_SILENT)
        return trouble


def drivers_trouble() -> list[AlarmName]:
    """What is wrong with single drivers: one that once ran is silent, or a clock is off.

    A driver that never ran on this installation is not missed; see the runbook for one that was taken out on purpose.
    """
    trouble = []
    if Heartbeat.objects.filter(
        name__in=SWEEPERS, beat_at__lt=Now() - 2 * settings.SWEEPER_SILENT_AFTER
    ).exists():
        trouble.append(AlarmName.DRIVER_SILENT)
    lately = Heartbeat.objects.filter(beat_at__gte=Now() - 2 * settings.SWEEPER_SILENT_AFTER)
    if lately.annotate(off=Func(F("skew"), function="abs")).filter(off__gt=Value(SKEW)).exists():
        trouble.append(AlarmName.CLOCK_SKEW)
    return trouble
