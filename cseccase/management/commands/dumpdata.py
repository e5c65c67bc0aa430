"""`dumpdata` would open everything and write it down in plain words; backups are `pg_dump`'s."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.dumpdata import Command as DumpdataCommand


class Command(DumpdataCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "This would write names and narratives in plain words. Back up with pg_dump (docs/deploy)."
        )
