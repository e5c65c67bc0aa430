"""`manage.py county`: opens a county on a new server, adds its agencies, and sets the numbers that its pages show."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.choices import Role
from agencies.models import County
from agencies.services.county import (
    NOT_CONFIRMED,
    AgencySaid,
    Opened,
    agency_add,
    county_numbers,
    county_open,
)
from agencies.services.people import first_password_path
from cseccase import clock
from cseccase.errors import RuleBroken

NEXT = """
What comes next:
  1. {officer} opens the link, chooses a password and sets up the second step.
  2. {officer} invites the agency's people on the page "People", writes down what their director designated them for,
     and records their trainings. Without a designation and CSEC 101 nobody sees a case.
  3. Name counsel: `manage.py county agency --role CC ...` adds county counsel, whose security officer designates the
     person who confirms or changes the sharing rules. They now stand as the product's default; nothing replaces
     county counsel's word before the first case.
  4. Add the other agencies of the protocol, each with its own security officer: `manage.py county agency ...`"""
NUMBERS = """  5. Give the telephone numbers that pages show at night:
     `manage.py county numbers --hotline "(555) 010-0100" --night-line "At night, call ..."`"""


def role_of(said: str) -> Role:
    """A role by its code or its name. Raises ArgumentTypeError with the list of them."""
    wanted = " ".join(said.replace("_", " ").replace("-", " ").lower().split())
    for role in Role:
        if wanted in (role.value.lower(), role.label.lower(), role.name.replace("_", " ").lower()):
            return role
    known = ", ".join(f"{role.value} ({role.label})" for role in Role)
    raise argparse.ArgumentTypeError(f"there is no agency role “{said}”. The roles are: {known}")


class Command(BaseCommand):
    help = "Opens a county with its first agency and security officer; adds agencies; sets the county's telephone numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="{open,agency,numbers}")
        opening = acts.add_parser(
            "open", help="a new county, its first agency and that agency's security officer"
        )
        opening.add_argument("--name", required=True, help="for example “Valverde County”")
        opening.add_argument("--timezone", required=True, help="for example America/Los_Angeles")
        opening.add_argument("--hotline", default="", help="the child abuse hotline's number")
        opening.add_argument(
            "--night-line", default="", help="whom staff call at night, as one line of words"
        )
        opening.add_argument(
            "--approved-by", default=NOT_CONFIRMED, help="who confirmed the default sharing rules"
        )
        self._agency_words(opening, prefix="agency-")
        adding = acts.add_parser("agency", help="a further agency with its security officer")
        self._agency_words(adding, prefix="")
        numbers = acts.add_parser("numbers", help="the telephone numbers that pages show")
        numbers.add_argument("--hotline", default="")
        numbers.add_argument("--night-line", default="")
        for one in (adding, numbers):
            one.add_argument("--county", default="", help="its name; needed only where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['act']}")(options)
        except RuleBroken as refused:
            raise CommandError(refused.message) from None

    def _open(self, options: dict[str, Any]) -> None:
        opened = county_open(
            name=options["name"],
            zone=options["timezone"],
            first=self._said(options),
            now=clock.now(),
            hotline=options["hotline"],
            night_line=options["night_line"],
            approved_by=options["approved_by"],
        )
        county = opened.agency.county
        if opened.is_new:
            self.stdout.write(
                f"{county.name} is open, in the time zone {county.zone}, under version 1 of its sharing rules."
            )
        self._say(opened, show=options["show_link"])
        self.stdout.write(NEXT.format(officer=opened.officer.full_name))
        if not (county.hotline and county.night_line):
            self.stdout.write(NUMBERS)

    def _agency(self, options: dict[str, Any]) -> None:
        county = self._county(options["county"])
        opened = agency_add(county=county, said=self._said(options), now=clock.now())
        self._say(opened, show=options["show_link"])

    def _numbers(self, options: dict[str, Any]) -> None:
        county = self._county(options["county"])
        county_numbers(
            county=county, hotline=options["hotline"], night_line=options["night_line"], now=clock.now()
        )
        self.stdout.write(
            f"{county.name}: hotline {county.hotline or 'not given'}; at night: {county.night_line or 'not given'}"
        )

    def _say(self, opened: Opened, *, show: bool) -> None:
        """The link opens an account: it is shown to a person at a terminal, and never to a file that keeps what is printed."""
        agency, officer = opened.agency, opened.officer
        now_or_already = "is added" if opened.is_new else "was there already; nothing was changed"
        self.stdout.write(f"{agency.name} ({Role(agency.role).label}) {now_or_already}.")
        if officer.has_usable_password() or not officer.is_active:
            self.stdout.write(f"{officer.full_name} has an account and signs in at {settings.SITE_ADDRESS}.")
            return
        self.stdout.write(
            f"{officer.full_name} is its security officer. A one-time link, good for three days, goes to {officer.email} "
            "as soon as e-mail runs."
        )
        if show or self.stdout.isatty():
            self.stdout.write(
                "Until then hand it over yourself, in person; whoever opens it first chooses the password:\n"
                f"  {settings.SITE_ADDRESS}{first_password_path(officer)}"
            )
        else:
            self.stdout.write(
                "It is not printed here, because this is no terminal and what is printed may be kept. Run the same "
                "command in a terminal, or with --show-link, to see it."
            )

    def _said(self, options: dict[str, Any]) -> AgencySaid:
        prefix = "agency_" if options["act"] == "open" else ""
        return AgencySaid(
            role=options[f"{prefix}role"],
            name=options[f"{prefix}name"],
            officer_name=options["officer_name"],
            officer_email=options["officer_email"],
            designated_by=options["designated_by"],
            governmental=not options["non_governmental"],
        )

    def _county(self, name: str) -> County:
        found = list(County.objects.filter(**({"name__iexact": name} if name else {})).order_by("name")[:20])
        if len(found) == 1:
            return found[0]
        if not found:
            raise CommandError(
                f"There is no county named “{name}”."
                if name
                else "No county is open yet. Begin with `county open`."
            )
        raise CommandError(f"Say which county with --county: {', '.join(county.name for county in found)}.")

    def _agency_words(self, parser: argparse.ArgumentParser, *, prefix: str) -> None:
        parser.add_argument(
            f"--{prefix}role", type=role_of, required=True, help="a code such as CW, or its name"
        )
        parser.add_argument(f"--{prefix}name", required=True)
        parser.add_argument("--officer-email", required=True, help="the security officer's own work address")
        parser.add_argument("--officer-name", required=True)
        parser.add_argument(
            "--designated-by", default="The agency’s director", help="who signed the designation"
        )
        parser.add_argument("--non-governmental", action="store_true", help="a private organisation")
        parser.add_argument(
            "--show-link", action="store_true", help="print the link even where this is no terminal"
        )
