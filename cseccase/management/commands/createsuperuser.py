"""There is no superuser here; this stands in front of Django's command of the same name and says what to do instead."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Refused: nobody has every right. Security officers open accounts, one agency each."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        for flag in ("--noinput", "--no-input"):
            parser.add_argument(flag, action="store_true")
        for option in ("--email", "--username", "--database", "--full_name"):
            parser.add_argument(option)

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "There is no superuser: the database refuses one. An agency's first security officer is named by its "
            "director; every other account is opened by a security officer on the page “People”."
        )
