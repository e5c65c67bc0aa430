"""One night on which the clocks change, lived through by the whole product: `python -m tests.proofs.night FOLDER CHANGE`.

Started under `faketime`, so that the database, the worker, beat, the watchman and this program all read the same hour of the
year. Clocks are made to fall due in the minutes around the change; what became of them is printed as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
NEAR = 60
"""Seconds before and after the change in which clocks fall due."""
STEPS = range(-NEAR, NEAR + 1, 30)
HOURS = (2, 24, 72)
"""Lengths in hours that an urgent referral starts; the month is of a meeting that was held."""


@contextmanager
def product_running(port: int) -> Iterator[None]:
    """Web, worker, beat and watchman with servers of their own, as `manage.py up` runs them."""
    command = [sys.executable, "-u", "manage.py", "up", "--no-demo", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("READY"):
                break
        else:
            raise RuntimeError("".join(said[-20:]))
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def clocks_start(change: datetime) -> None:
    """A child for every step and length: referred, or met about, so long before that moment."""
    from agencies.choices import Duty, Role
    from cseccase.confidentiality.context import viewing_as
    from referrals.deadlines import kinds
    from referrals.services.event import event_record
    from referrals.services.sharing import SectionKey
    from tests.proofs import pacific
    from tests.worlds import county_make, referral_make

    world = county_make("Night County")
    for role in (Role.CHILD_WELFARE, Role.PROBATION, Role.ADVOCATE, Role.PUBLIC_HEALTH):
        world.person(role)
        world.person(role, Duty.SUPERVISOR)
    now = datetime.now(UTC)
    for seconds in STEPS:
        due = change + timedelta(seconds=seconds)
        for hours in HOURS:
            referral = referral_make(world, now=now, ago=now - (due - timedelta(hours=hours)))
        local = int(due.timestamp()) + pacific.offset_at(int(due.timestamp()))
        a_month_ago = datetime.fromtimestamp(pacific.from_local(local - 30 * pacific.DAY), UTC)
        viewer = world.viewer(Role.CHILD_WELFARE)
        with viewing_as(viewer):
            event_record(
                viewer=viewer,
                case_file=referral.case_file,
                kind=kinds.MEETING_HELD,
                occurred_at=a_month_ago,
                facts={"tier": "ongoing"},
                key=SectionKey("r03"),
                now=now,
            )


def what_became() -> list[dict[str, Any]]:
    """Every stage of every clock with its moments, and how many people have a notice of it more than once."""
    from django.db import connection

    from cseccase.confidentiality.context import acting_because

    with acting_because("test"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.rule, d.started_at, d.due_at, s.name, s.fire_at, s.fired_at, "
            "(SELECT count(*) FROM agencies_notice n WHERE n.subject = d.id AND n.stage = s.name) "
            "FROM referrals_deadline d JOIN referrals_deadlinestage s ON s.deadline_id = d.id"
        )
        names = ("rule", "started_at", "due_at", "stage", "fire_at", "fired_at", "notices")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def main(folder: str, change: datetime, port: int) -> None:
    os.environ |= {
        "CSECCASE_DATA": folder,
        "SWEEP_SECONDS": "1",
        "DJANGO_SETTINGS_MODULE": "cseccase.settings.demo",
    }
    with product_running(port):
        from cseccase.embedded.folders import DataFolder
        from cseccase.embedded.servers import servers_shared

        with servers_shared(DataFolder(Path(folder))):
            import django

            os.environ.setdefault("SECRET_KEY", "night")
            django.setup()
            clocks_start(change)
            watched_from = datetime.now(UTC)
            end = change + timedelta(seconds=NEAR + 20)
            while datetime.now(UTC) < end:
                time.sleep(1)
            found = {"watched_from": watched_from, "ended_at": datetime.now(UTC), "stages": what_became()}
    print(json.dumps(found, default=lambda moment: moment.isoformat()))


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromtimestamp(int(sys.argv[2]), UTC), int(sys.argv[3]))
