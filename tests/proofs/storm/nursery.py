"""A process that has read the product once and forks real workers, beats and loops from it, each within a moment.

`python -m tests.proofs.storm.nursery` reads one order a line (JSON) and answers each. A child leads a process group of
its own, makes its own connections, and dies with the nursery. Time is compressed in every child alike.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import django

LADDER_FASTER = 450
PR_SET_PDEATHSIG = 1
READ_ONCE = (
    "celery.bin.celery",
    "celery.worker.components",
    "tests.proofs.storm.acts",
    "tests.proofs.storm.postbox",
)


def time_compressed() -> None:
    """A lease and a frozen transaction last three seconds, a step of the ladder two and more."""
    from cseccase.outbox import services as outbox
    from referrals.services import sweep

    stages: Any = import_module("referrals.deadlines.stages")  # the package has a function of this name
    outbox.LEASE = timedelta(seconds=3)
    sweep.BOUNDS = sweep.BOUNDS.replace("'60s'", "'3s'")
    stages.ACKNOWLEDGE_WITHIN = {
        length: {stage: within / LADDER_FASTER for stage, within in table.items()}
        for length, table in stages.ACKNOWLEDGE_WITHIN.items()
    }


def clock_skewed(seconds: float) -> None:
    """Every clock of this process but the monotonic one is ahead by so much."""
    import time_machine

    time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds), tick=True).start()


def made_slow(seconds: float) -> None:
    """Between deciding whom to tell, telling them and writing the message this process falls asleep, up to so long."""
    from django.db import connection

    def sleepy(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(('INSERT INTO "agencies_notice"', 'INSERT INTO "outbox_message"')):
            time.sleep(random.uniform(seconds / 2, seconds))
        return execute(sql, params, many, context)

    connection.execute_wrappers.append(sleepy)


def row_lock_away() -> None:
    """The sweeper claims stages without holding them."""
    from referrals.models import DeadlineStage
    from referrals.services import sweep

    def claim(now: datetime, stuck: Any = ()) -> list[DeadlineStage]:
        waiting = DeadlineStage.objects.filter(fired_at=None, cancelled_at=None, fire_at__lte=now)
        return list(waiting.order_by("fire_at")[: sweep.BATCH])

    sweep.stages_claim = claim


def outbox_away() -> None:
    """Messages are handed over after the transaction that made them necessary, not in it."""
    from django.db import transaction

    from referrals.services import calling

    write = calling.messages_write

    def later(letters: Any, *, now: datetime) -> None:
        kept = list(letters)
        transaction.on_commit(lambda: write(kept, now=now))

    calling.messages_write = later


TAKEN_AWAY: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "row lock": row_lock_away,
    "outbox": outbox_away,
}


def worker(*, name: str, pool: str) -> None:
    from cseccase.celery import app

    app.worker_main(
        [
            *("worker", "--pool", pool, "--concurrency", "1", "--loglevel", "error", "-n", f"{name}@storm"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
    )


def beat(*, name: str, folder: str) -> None:
    from cseccase.celery import app

    schedule = str(Path(folder) / name)
    app.start(["beat", "--schedule", schedule, "--loglevel", "error", "--pidfile="])


def watch() -> None:
    from django.core.management import call_command

    call_command("watch", every=0.3, reconcile_every=1.0)


def sweeper() -> None:
    from referrals.tasks import deadlines_sweep

    _again_and_again("sweep", deadlines_sweep)


def relay() -> None:
    from cseccase.outbox.tasks import messages_relay

    _again_and_again("relay", messages_relay)


def _again_and_again(name: str, act: Callable[[], object]) -> None:
    from referrals.services.watch import Work

    work = Work(name, act, 0.15)
    while True:
        if work.due <= time.monotonic():
            work.try_now()
        time.sleep(0.03)


def act(**order: Any) -> None:
    from tests.proofs.storm.acts import act_die

    act_die(**order)


KINDS: dict[str, Callable[..., None]] = {
    "worker": worker,
    "beat": beat,
    "watch": watch,
    "sweeper": sweeper,
    "relay": relay,
    "act": act,
}


def bear(
    kind: str, *, log: str, skew: float = 0, slow: float = 0, without: str = "", **how: Any
) -> dict[str, int]:
    """Forks one child of this kind, and answers when it leads a group of its own."""
    parent, (stands, standing) = os.getpid(), os.pipe()
    pid = os.fork()
    if pid:
        os.close(standing)
        os.read(stands, 1)
        os.close(stands)
        return {"pid": pid}
    code = 1
    try:
        os.setsid()
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        os.close(stands)
        os.close(standing)
        into = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(into, 1)
        os.dup2(into, 2)
        random.seed()
        TAKEN_AWAY[without]()
        if skew:
            clock_skewed(skew)
        if slow:
            made_slow(slow)
        KINDS[kind](**how)
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0) if not isinstance(ended.code, str) else 1
    except BaseException:  # noqa: BLE001  # the copy of the nursery must end here, whatever happens
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def bury(pid: int) -> dict[str, int]:
    """Waits for a child's end: minus the signal that killed it, or its exit code."""
    _, status = os.waitpid(pid, 0)
    return {"ended": os.waitstatus_to_exitcode(status)}


ORDERS: dict[str, Callable[..., dict[str, int]]] = {"bear": bear, "bury": bury}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cseccase.settings.demo")
    django.setup()
    from django.conf import settings

    from cseccase.celery import app

    settings.EMAIL_BACKEND = "tests.proofs.storm.postbox.Postbox"
    app.loader.import_default_modules()
    app.finalize()
    for name in READ_ONCE:
        import_module(name)
    time_compressed()
    gc.freeze()
    print("{}", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(ORDERS[order.pop("do")](**order)), flush=True)


if __name__ == "__main__":
    main()
