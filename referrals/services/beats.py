"""Heartbeats of the drivers that fire stages and of the watchman, each with the skew of its own clock."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.db.models.functions import Now

from referrals.models import Heartbeat


class Driver(StrEnum):
    """Who keeps the deadlines running. Any sweeper alone is enough; the reconciler looks after both."""

    TASK = "sweeper woken by beat"
    LOOP = "sweeper on its own"
    RECONCILER = "reconciler"


SWEEPERS = (Driver.TASK, Driver.LOOP)

BEAT = """
INSERT INTO referrals_heartbeat (name, beat_at, count, skew)
VALUES (%(name)s, clock_timestamp(), 0, extract(epoch FROM %(clock)s - clock_timestamp()))
ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at, skew = excluded.skew
"""


def heartbeat(driver: Driver, *, clock: datetime) -> None:
    """A driver begins its round; `clock` is what its own clock said this moment."""
    with connection.cursor() as cursor:
        cursor.execute(BEAT, {"name": driver, "clock": clock})


def still_beating(driver: Driver, *, count: int) -> None:
    """A driver has done a part of its round, of so many rows."""
    Heartbeat.objects.filter(name=driver).update(beat_at=Now(), count=count)
