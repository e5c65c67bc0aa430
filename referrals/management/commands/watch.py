"""`manage.py watch`: keeps deadlines without Celery and Redis, beside the worker and safe to run together with it."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from referrals.services.watch import RECONCILE_EVERY, SWEEP_EVERY, Watch


class Command(BaseCommand):
    help = "Fires due stages, relays messages and looks whether all deadlines are kept, until it is stopped."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=SWEEP_EVERY, help="seconds between two sweeps")
        parser.add_argument(
            "--reconcile-every", type=float, default=RECONCILE_EVERY, help="seconds between two looks"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        watch = Watch(sweep_every=options["every"], reconcile_every=options["reconcile_every"])
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: watch.stop.set())
        watch.run()
