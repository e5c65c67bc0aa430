"""`manage.py bench NAME [--json]`: one JSON object a line, or a small table."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.bench.measure import Figure, scratch_database

BENCHES = ("referral", "caselist", "duties", "committee", "search", "hidden", "audit", "visible", "deadlines")


class Command(BaseCommand):
    help = "Measures the product against floors taken in the same run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=[*BENCHES, "all"])
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--scale", "--rows", type=int, default=100_000, help="case files in the database")

    def handle(self, *args: Any, **options: Any) -> None:
        names = BENCHES if options["name"] == "all" else (options["name"],)
        missed: list[Figure] = []
        logging.disable(logging.WARNING)  # thousands of refusals are part of a figure, their lines are not
        with scratch_database():
            for name in names:
                bench = import_module(f"reporting.bench.{name}")
                for figure in bench.figures(scale=options["scale"]):
                    self._print(figure, as_json=options["json"])
                    if figure.goal is not None and figure.ratio > figure.goal:
                        missed.append(figure)
        if missed:
            raise CommandError(
                f"{len(missed)} over their goal: {', '.join(figure.name for figure in missed)}"
            )

    def _print(self, figure: Figure, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(figure.line())
            return
        self.stdout.write(
            f"{figure.name:<44} {figure.value:>10.3f} {figure.unit}  floor {figure.floor:>9.3f}"
            f"  ratio {figure.ratio:>6.2f}  goal {'none' if figure.goal is None else f'{figure.goal:g}'}"
        )
