"""One process after the other dies at each statement of what it does; then people and sweepers simply go on."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from referrals.services.sweep import stages_fire
from tests.proofs.storm import acts
from tests.proofs.storm.checker import verdict
from tests.proofs.storm.children import Nursery, nursery_open
from tests.proofs.storm.servers import Servers

ACTS = ("create", "close", "sweep", "relay")


@dataclass
class Dying:
    """Crashes of one act at a time, each followed by a look at what stands. `wrong` says where what was left."""

    servers: Servers
    nursery: Nursery
    told_saved: list[str] = field(default_factory=list)
    wrong: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    crashes: Counter[str] = field(default_factory=Counter)

    def everywhere(self, what: str, *, step: int, offset: int) -> None:
        """Dies before every statement of this act, or every `step`-th, and once after the last."""
        statements = int(self.nursery.act(what, about=self._prepared(what))[-1])
        for boundary in range(1 + offset % step, statements + 1, step):
            about = self._prepared(what)
            answer = self.nursery.act(what, about=about, boundary=boundary)
            self.crashes[what] += not answer
            self._go_on(what, about, answer)
            self._look(f"{what} at {boundary} of {statements}", but="not sent")

    def _prepared(self, what: str) -> str:
        """A case whose first stages are due; for the relay, messages of it that wait."""
        if what == "create":
            return ""
        file = str(acts.referral_enter(datetime.now(UTC) - timedelta(hours=2, minutes=1)).pk)
        if what == "relay":
            stages_fire(now=datetime.now(UTC))
        self.told_saved.append(file)
        return file

    def _go_on(self, what: str, about: str, answer: list[str]) -> None:
        """Who was told nothing does it again; an undisturbed sweep follows."""
        if what == "create":
            received_at = datetime.now(UTC) - timedelta(hours=3)
            self.told_saved.append(answer[0] if answer else str(acts.referral_enter(received_at).pk))
        if what == "close":
            self.told_saved.append(answer[0] if answer else str(acts.arrival_record(UUID(about))))
        stages_fire(now=datetime.now(UTC))

    def _look(self, where: str, *, but: str = "") -> None:
        found = verdict(self.servers, told_saved=self.told_saved, postbox=self.nursery.postbox)
        bad = {name: ids[:5] for name, ids in found.items() if ids and name != but}
        if bad:
            self.wrong[where] = bad

    def all_sent(self) -> None:
        """When the leases of those who died have run out, everything that waits is sent."""
        time.sleep(3.1)
        while self.nursery.act("relay all")[0] != "0":
            pass
        stages_fire(now=datetime.now(UTC))
        self._look("when everything was sent")


def crash_everywhere(
    servers: Servers,
    folder: Path,
    *,
    step: int = 1,
    offset: int = 0,
    without: str = "",
    says: Callable[[str], None] = lambda words: None,
) -> Dying:
    """All four acts, crashed at every `step`-th statement."""
    acts.county_staffed()
    with nursery_open(servers, folder, without=without) as nursery:
        dying = Dying(servers, nursery)
        for what in ACTS:
            dying.everywhere(what, step=step, offset=offset)
            says(f"{dying.crashes[what]} crashes of {what}")
        dying.all_sent()
    return dying
