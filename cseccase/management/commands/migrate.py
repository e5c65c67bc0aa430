"""`migrate` runs as the owner of the tables; everything else runs as the application role."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand

from cseccase.database import become_owner


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        with become_owner():
            call_command(
                "createcachetable", verbosity=0
            )  # before the walls go up, so that it gets its rights
            super().handle(*args, **options)
