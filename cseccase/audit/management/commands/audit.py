"""`manage.py audit seal` and `manage.py audit verify`: the access log's seals, by hand."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cseccase import clock
from cseccase.audit.sealing import log_seal
from cseccase.audit.verifying import log_verify


class Command(BaseCommand):
    help = "Seals the access log, or verifies it and names the first entry that is not as it was sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["seal", "verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "seal":
            self.stdout.write(f"{log_seal(now=clock.now()):,} entries sealed.")
            return
        begun = time.monotonic()
        verdict = log_verify(now=clock.now())
        if verdict.fault:
            raise CommandError(f"BROKEN at {verdict.fault}. {verdict.entries:,} entries before it hold.")
        self.stdout.write(
            f"{verdict.entries:,} entries under {verdict.seals:,} seals hold ({time.monotonic() - begun:.1f} s). "
            f"{verdict.waiting:,} newer ones wait for their seal; nothing vouches for them yet."
        )
