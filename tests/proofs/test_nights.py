"""Both nights on which the clocks change, through the whole product: a real database, worker, beat and watchman.

`manage.py test --proof nights`: about ten minutes, and needs the program `faketime` (`apt-get install faketime`). Everything
reads the same false hour; clocks of hours and of a month fall due in the two minutes around the change.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from referrals.deadlines.calendar import unit_of
from referrals.deadlines.register import ALL_RULES
from tests.proofs import pacific

YEAR = 2027
AHEAD = timedelta(minutes=4)
"""How long before the change the product is started."""
PROMPT = timedelta(seconds=10)
RULES = {rule.id: rule for rule in ALL_RULES}


def port_free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lived_through(change: int, folder: Path) -> dict[str, Any]:
    """What one night's clocks did; every moment read back as one."""
    faketime = shutil.which("faketime")
    if faketime is None:
        pytest.fail("This proof needs the program faketime: apt-get install --no-install-recommends faketime")
    servers = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PROOF")
    plain = {name: value for name, value in os.environ.items() if name not in servers}
    home = {**plain, "CSECCASE_DATA": str(folder), "CSECCASE_NO_BOOTSTRAP": "1"}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], env=home, check=True)
    start = datetime.fromtimestamp(change, UTC) - AHEAD
    done = subprocess.run(
        [
            *(faketime, start.strftime("%Y-%m-%d %H:%M:%SZ")),
            *(sys.executable, "-m", "tests.proofs.night", str(folder), str(change), str(port_free())),
        ],
        env=home,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    for name in ("watched_from", "ended_at"):
        found[name] = datetime.fromisoformat(found[name])
    for stage in found["stages"]:
        for name in ("started_at", "due_at", "fire_at", "fired_at"):
            stage[name] = stage[name] and datetime.fromisoformat(stage[name])
    return found


@pytest.mark.proof("nights")
@pytest.mark.parametrize("which", [0, 1], ids=["spring", "autumn"])
def test_a_night_on_which_the_clocks_change_moves_no_limit_and_delays_no_stage(
    which: int, tmp_path: Path, proof_counts: dict[str, int]
) -> None:
    change = pacific.summer_of(YEAR)[which]
    found = lived_through(change, tmp_path / "data")
    near = timedelta(seconds=60)
    moment = datetime.fromtimestamp(change, UTC)
    assert found["watched_from"] < moment - near, "the product came up too late for this night"
    dues = 0
    for stage in found["stages"]:
        within = RULES[stage["rule"]].within
        meant = pacific.due(int(stage["started_at"].timestamp()), unit_of(within), within.count)
        assert int(stage["due_at"].timestamp()) == meant, stage
        watched = found["watched_from"] <= stage["fire_at"] < found["ended_at"] - PROMPT
        if watched:
            assert stage["fired_at"] is not None, ("never fired", stage)
        if stage["fired_at"] is not None:
            assert stage["fired_at"] >= stage["fire_at"], ("too early", stage)
            if watched:
                assert stage["fired_at"] - stage["fire_at"] <= PROMPT, ("late", stage)
                assert stage["notices"] > 0, ("told nobody", stage)
        elif stage["fire_at"] <= found["ended_at"] - PROMPT:
            pytest.fail(f"lost: {stage}")
        dues += stage["stage"] == "due" and abs(stage["due_at"] - moment) <= near
    wall = {
        stage["due_at"].astimezone(ZoneInfo("America/Los_Angeles")).strftime("%H:%M %Z")
        for stage in found["stages"]
    }
    assert len({words.split()[1] for words in wall}) == 2, "limits on both sides of the change"
    assert dues >= 20
    proof_counts.update(stages=len(found["stages"]), limits_around_the_change=dues, moved=0, late=0)
