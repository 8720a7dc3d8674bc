"""A worker process over a PostgreSQL, which somebody kills and halts as he likes.

It makes lives as `tests.crash.lives` tells, but for no lines: another one whenever one has ended, until it is
killed itself. A life says ``began DELIVERY ATTEMPT`` before a guest is invoked, and ``refused`` where the
outcome of an attempt was recorded by somebody else.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import traceback
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from time import monotonic

import palyra_events.store.postgres  # noqa: F401 - a life imports nothing of its own
from palyra_runtime.dispatch import Worker
from palyra_runtime.gateway.lookout import Lookout
from palyra_runtime.gateway.stop import Stop
from palyra_runtime.sandbox import Execution, Invocation, invoke
from tests.crash.lives import make_life, tell
from tests.crash.victim import PACE
from tests.crash.warmth import warm_up
from tests.stage import NOON, OPEN_POLICY, Stage, StageClock

#: milliseconds of a lease: a halted process outlives it
LEASE_MS = 300
THREADS = 2
#: seconds after which a process that found nothing looks again
LOOK_AGAIN_S = 0.2


class SharedClock(StageClock):
    """The fast clock of all processes of a test, which began at the same moment."""

    def __init__(self, start: str) -> None:
        super().__init__()
        self._start = float(start)

    def __call__(self) -> datetime:
        return NOON + timedelta(seconds=(monotonic() - self._start) * PACE)


class Refusals(logging.Handler):
    """Tells of outcomes that the log refused."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell, where it is one."""
        if "came too late" in record.getMessage():
            tell("refused")


def telling(module: bytes, invocation: Invocation) -> Execution:
    """Run a guest, and say so before."""
    document = json.loads(invocation.input)
    tell(f"began {document['delivery_id']} {document['attempt']}")
    return invoke(module, invocation)


def labor(stage: Stage, worker: Worker, lookout: Lookout) -> None:
    """Carry out whatever comes, for ever, like a gateway's threads; but look again soon, as retries do."""
    stop = Stop(stage.log)
    while lookout.enter(stop):
        with ExitStack() as on_lookout:
            on_lookout.callback(lookout.leave)
            head = stage.log.head()
            if not worker.work(begun=on_lookout.close):
                stage.log.wait(head, LOOK_AGAIN_S)


def live(url: str, start: str) -> None:
    """Open the database and work in several threads."""
    logging.getLogger("palyra_runtime.dispatch").addHandler(Refusals())
    with (
        tempfile.TemporaryDirectory() as folder,
        Stage(url, Path(folder), policy=OPEN_POLICY, clock=SharedClock(start), lease_ms=LEASE_MS) as stage,
    ):
        worker = stage.worker(run=telling, claims=stage.claims(stagger=os.getpid()))
        lookout = Lookout()
        threads = [Thread(target=guarded, args=(stage, worker, lookout)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def guarded(stage: Stage, worker: Worker, lookout: Lookout) -> None:
    """Work; an error is the end of the life, and of the test."""
    try:
        labor(stage, worker, lookout)
    except BaseException:  # noqa: BLE001 - the parent of all is told, and fails
        traceback.print_exc()
        os._exit(1)


def main() -> None:
    """Make lives, one after the other."""
    url, start = sys.argv[1:]
    warm_up()
    tell("ready")
    while True:
        make_life(live, url, start)


if __name__ == "__main__":
    main()
