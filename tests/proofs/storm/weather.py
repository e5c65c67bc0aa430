"""The storm itself: whoever keeps the deadlines is killed, frozen and cut off, while people start and stop clocks."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg2
from django.db import DatabaseError, InterfaceError, connection, connections

from cseccase.errors import NotRecorded
from tests.proofs.storm import acts
from tests.proofs.storm.checker import verdict
from tests.proofs.storm.children import Child, Nursery, nursery_open
from tests.proofs.storm.servers import STORM, Servers
from tests.workers import eventually

CREW = ("worker", "worker", "beat", "watch", "sweeper", "relay")
SLOW_CREW = ("sweeper",) * 4
CALM = ("worker", "beat", "watch", "relay")
Act = Callable[[UUID], object]
ACTS: dict[Act, int] = {
    acts.arrival_record: 8,
    acts.call_record: 3,
    acts.arrival_take_back: 5,
    acts.start_correct: 3,
    acts.word_give: 2,
    acts.glass_break: 3,
}
"""What people do, and how often beside one another."""
SKEW = 300.0  # seconds, either way
LOOKS_DUE = """
UPDATE referrals_emergencylook SET review_due_at = clock_timestamp() + interval '3 seconds'
WHERE review_due_at > clock_timestamp() + interval '1 hour'
"""


class People(threading.Thread):
    """Those who enter referrals, arrive, telephone and correct. What fails under them they do again, as people would."""

    def __init__(
        self, servers: Servers, *, seed: int, files_at_most: int, mostly: Act | None = None, pace: float = 0.1
    ) -> None:
        super().__init__(name="people", daemon=True)
        self.servers, self.chance = servers, random.Random(seed)
        self.files_at_most, self.pace = files_at_most, pace
        self.weights = {**ACTS, **({mostly: 60} if mostly else {})}
        self.files: list[UUID] = []
        self.told_saved: list[str] = []
        self.counted: Counter[str] = Counter()
        self.broke: BaseException | None = None
        self.stop = threading.Event()

    @property
    def idle(self) -> bool:
        """Whether they have hardly done anything yet, as on a busy machine."""
        return self.broke is None and min(self.counted["clocks started"], self.counted["clocks stopped"]) < 3

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self._once()
                self.stop.wait(self.chance.uniform(0, self.pace))
        except BaseException as broke:  # noqa: BLE001  # the test's own thread raises it again
            self.broke = broke
        finally:
            connections.close_all()

    def _once(self) -> None:
        begun = len(self.files)
        if begun == 0 or (begun < self.files_at_most and self.chance.random() < 0.3):
            file = self._until_saved(lambda: acts.referral_enter(acts.received(self.chance)))
            self.files.append(file.pk)
            self.told_saved.append(str(file.pk))
            self.counted["clocks started"] += 1
            return
        file_pk = self.chance.choice(self.files[-4:])
        act = self.chance.choices(list(self.weights), weights=list(self.weights.values()))[0]
        saved = self._until_saved(partial(act, file_pk))
        if isinstance(saved, UUID):
            self.told_saved.append(str(saved))
        if act is acts.glass_break and self.chance.random() < 0.4:
            self._until_saved(self._looks_due)
        self.counted["clocks stopped"] += act in {acts.arrival_record, acts.call_record}
        self.counted["clocks moved or reopened"] += act in {acts.arrival_take_back, acts.start_correct}

    def _looks_due(self) -> None:
        """The reviews of the last looks, which have a working day, are due in a moment."""
        self.servers.administer("SET session_replication_role = replica", LOOKS_DUE, database=STORM)

    def _until_saved(self, act: Callable[[], object]) -> object:
        end = time.monotonic() + 90
        while True:
            try:
                return act()
            except (DatabaseError, InterfaceError, OSError, psycopg2.OperationalError, NotRecorded):
                if time.monotonic() > end:
                    raise
                connection.close()
                self.counted["tried again"] += 1
                time.sleep(0.1)


@dataclass
class Storm:
    """A crew at work, and what befalls it. `slow` is how long some of it fall asleep between deciding and telling, and
    `every` the seconds from one kill to the next."""

    servers: Servers
    nursery: Nursery
    chance: random.Random
    crew: Sequence[str] = CREW
    slow: float = 1.0
    slow_share: float = 0.3
    every: float = 0.23
    says: Callable[[str], None] = lambda words: None
    counted: Counter[str] = field(default_factory=Counter)
    alive: list[Child] = field(default_factory=list)
    frozen: list[tuple[float, Child]] = field(default_factory=list)

    def rage(self, kills: int, *, enough: Callable[[], bool], people: People) -> None:
        """Until so many processes were killed and some clocks were stopped meanwhile, or enough was seen."""
        end = time.monotonic() + 120
        for kind in self.crew:
            self._join(kind)
        while self.counted["kills"] < kills or (people.idle and time.monotonic() < end):
            time.sleep(self.chance.uniform(0.2, 1.8) * self.every)
            self._thaw()
            number = self.counted["kills"]
            self._victim_kill()
            if number % 4 == 1:
                self._freeze()
            self._befalls(number)
            if enough():
                return
            if number % 100 == 99:
                self.says(f"{number + 1} kills")

    def _befalls(self, number: int) -> None:
        """What happens to the servers at this kill."""
        if number % 8 == 5:
            self.counted["sessions ended"] += self.servers.backends_terminate(0.5)
        if number % 15 == 7:
            self.servers.queue_flush()
            self.counted["queue flushed"] += 1
        if number % 30 == 11:
            self.servers.queue_drop(self.chance.uniform(0.1, 1))
            self.counted["queue dropped"] += 1
        if number % 30 == 20:
            self.servers.postgres_restart()
            self.counted["database restarted"] += 1

    def _join(self, kind: str) -> None:
        skew = self.chance.choice((0.0, self.chance.uniform(-SKEW, SKEW)))
        slow = self.slow if self.chance.random() < self.slow_share else 0.0
        self.counted["skewed"] += bool(skew)
        how = {"pool": self.chance.choice(("solo", "prefork"))} if kind == "worker" else {}
        self.alive.append(self.nursery.bear(kind, skew=skew, slow=slow, **how))

    def _victim_kill(self) -> None:
        """One of the crew, frozen or not, with all it started; sometimes a worker's pool process alone."""
        child = self.chance.choice(self.alive)
        self.counted["kills"] += 1
        self.counted[f"killed {child.kind}"] += 1
        pool = child.started()
        if pool and self.chance.random() < 0.4:
            Child(pool[0], "pool", 0).signal_one(signal.SIGKILL)
            return
        self.nursery.kill(child)
        self.alive.remove(child)
        self.frozen = [(until, other) for until, other in self.frozen if other is not child]
        self._join(child.kind)

    def _freeze(self) -> None:
        child = self.chance.choice(self.alive)
        child.signal(signal.SIGSTOP)
        self.frozen.append((time.monotonic() + self.chance.uniform(0.3, 5), child))
        self.counted["frozen"] += 1

    def _thaw(self, *, everybody: bool = False) -> None:
        for until, child in list(self.frozen):
            if everybody or until < time.monotonic():
                child.signal(signal.SIGCONT)
                self.frozen.remove((until, child))

    def calm(self) -> None:
        """The frozen wake up, everybody is killed, the queue forgets all, and an undisturbed crew does what is left."""
        self._thaw(everybody=True)
        time.sleep(0.3)
        self.clear()
        self.servers.queue_flush()
        for kind in CALM:
            how = {"pool": "prefork"} if kind == "worker" else {}
            self.alive.append(self.nursery.bear(kind, **how))

    def clear(self) -> None:
        for child in self.alive:
            self.nursery.kill(child)
        self.alive.clear()
        self.frozen.clear()


@dataclass
class After:
    """What a storm left: what must not be there, and what was counted."""

    wrong: dict[str, list[str]]
    counted: Counter[str]


def storm(
    servers: Servers,
    folder: Path,
    *,
    kills: int,
    seed: int,
    without: str = "",
    expected: str = "",
    mostly: Act | None = None,
    says: Callable[[str], None] = lambda words: None,
) -> After:
    """A whole storm and the calm after it.

    With `expected`, for a product of which something is taken away, only slow sweepers are at work, and it ends as soon
    as something of that name is wrong.
    """
    acts.county_staffed()
    people = People(servers, seed=seed, files_at_most=4 + kills // 8, mostly=mostly)
    with nursery_open(servers, folder, without=without) as nursery:
        raging = Storm(servers, nursery, random.Random(seed), says=says)
        if expected:
            raging.crew, raging.slow, raging.slow_share, raging.every = SLOW_CREW, 0.4, 1.0, 1.0
        people.start()

        def look() -> dict[str, list[str]]:
            return verdict(servers, told_saved=people.told_saved, postbox=nursery.postbox)

        try:
            raging.rage(kills, enough=lambda: bool(expected and look()[expected]), people=people)
        finally:
            people.stop.set()
            people.join(timeout=120)
        if people.broke is not None:
            raise people.broke
        counted = raging.counted + people.counted
        if expected and look()[expected]:
            return After(look(), counted)
        raging.calm()
        wrong = look()

        def settled() -> bool:
            nonlocal wrong
            wrong = look()
            return not (wrong["lost"] or wrong["not sent"])

        try:
            eventually(
                settled, seconds=20 if expected else 120 + kills / 4, what="the end of all that is left to do"
            )
        except AssertionError:
            return After(wrong, counted)
        raging.clear()
        counted["notices"] = servers.administer("SELECT count(*) FROM agencies_notice", database=STORM)[0][0]
        return After(look(), counted)
