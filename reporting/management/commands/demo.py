"""`manage.py demo`: fills an empty database with the made-up practice county."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from agencies.choices import Duty, Role
from agencies.models import County
from agencies.practice import what_to_try
from cseccase import clock
from reporting.practice.county import NAME, county_set_up
from reporting.practice.people import PASS_PHRASE, PEOPLE
from reporting.practice.rosters import rosters_fill
from reporting.practice.story import story_tell


class Command(BaseCommand):
    help = (
        "Makes the practice county: 17 made-up agencies, their people, and a dozen made-up children’s cases."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when any county is there already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PRACTICE_DATA:
            raise CommandError(
                "These settings are for a county in earnest, and made-up people do not belong there. "
                "Use cseccase.settings.demo."
            )
        found = County.objects.order_by("name").values_list("name", flat=True).first()
        if found and options["if_empty"]:
            return
        if found and found != NAME:
            raise CommandError(f"This database holds {found} already. Use an empty one for practice.")
        if found:
            self.stdout.write(
                f"{NAME} is here already; nothing was changed. For a fresh start use an empty database."
            )
        else:
            with transaction.atomic():
                practice = county_set_up(now=clock.now())
                cases = story_tell(practice)
                rosters_fill(practice)
            self.stdout.write(
                f"Made {NAME}: {len(practice.agencies)} agencies, {len(practice.people)} people, {cases} cases. "
                "Every name, number and place is made up."
            )
        self._say_what_to_try()

    def _say_what_to_try(self) -> None:
        self.stdout.write("\nWhat to try, by role (open the sign-in page and pick the person):")
        for who in PEOPLE:
            words = what_to_try(role=who.role, duties={who.duty}, may_work=who.trained)
            self.stdout.write(f"  {who.name:<18} {Role(who.role).label}, {Duty(who.duty).label}: {words}")
        self.stdout.write(
            f"\nOr sign in with an e-mail address and a password, for example {PEOPLE[0].address}\n"
            f"Password of everybody in the practice county: {PASS_PHRASE}"
        )
