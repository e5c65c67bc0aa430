"""The loop that keeps deadlines without Celery: sweeps, reminds, relays and reconciles, whatever happens to the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

from django.db import connections

from cseccase import clock
from cseccase.database import database_now
from cseccase.logs import logger
from cseccase.outbox.models import Channel
from cseccase.outbox.services import messages_relay
from referrals.services.beats import Driver
from referrals.services.emergency import reviews_remind
from referrals.services.reconcile import deadlines_reconcile
from referrals.services.request import requests_settle
from referrals.services.sweep import stages_fire

SWEEP_EVERY = 5.0  # seconds
RECONCILE_EVERY = 30.0  # so that an alarm about a stage two minutes late is written within three
LONGEST_PAUSE = 30.0
log = logger("watch")


@dataclass
class Work:
    """One thing the loop does again and again, each on its own: one that fails hinders no other."""

    name: str
    act: Callable[[], object]
    every: float
    due: float = 0.0
    failures: int = 0

    def try_now(self) -> None:
        """Does it. A failure (a database that restarts, a lock) closes the connection and is tried again, later each time."""
        try:
            self.act()
        except Exception as error:  # noqa: BLE001  # a watchman that dies of what it watches is none
            connections.close_all()
            pause = min(2.0**self.failures, LONGEST_PAUSE)
            self.failures += 1
            self.due = monotonic() + pause
            log.warning("round failed", name=self.name, exc_type=type(error).__name__, seconds=pause)
            return
        if self.failures:
            log.info("round works again", name=self.name)
        self.failures, self.due = 0, monotonic() + self.every


def relay(channel: Channel) -> int:
    """One round of one channel."""
    return messages_relay(now=database_now(), channel=channel)


@dataclass
class Watch:
    """Runs until it is asked to stop, and then finishes what is in its hands."""

    sweep_every: float = SWEEP_EVERY
    reconcile_every: float = RECONCILE_EVERY
    stop: Event = field(default_factory=Event)

    def works(self) -> tuple[Work, ...]:
        """Everything that must happen though no worker runs."""
        return (
            Work("sweep", lambda: stages_fire(now=clock.now(), by=Driver.LOOP), self.sweep_every),
            Work("reviews", lambda: reviews_remind(now=database_now()), self.reconcile_every),
            Work("requests", lambda: requests_settle(now=database_now()), self.reconcile_every),
            Work("relay", lambda: relay(Channel.EMAIL), self.sweep_every),
            Work("relay text messages", lambda: relay(Channel.TEXT), self.sweep_every),
            Work("relay notices to devices", lambda: relay(Channel.PUSH), self.sweep_every),
            Work("reconcile", lambda: deadlines_reconcile(now=clock.now()), self.reconcile_every),
        )

    def run(self) -> None:
        """Returns after `stop` is set."""
        works = self.works()
        while not self.stop.is_set():
            for work in works:
                if work.due <= monotonic() and not self.stop.is_set():
                    work.try_now()
            self.stop.wait(max(0.05, min(work.due for work in works) - monotonic()))
        connections.close_all()
