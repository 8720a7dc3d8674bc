from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest
from sqlalchemy import Engine

from palyra_events.hook import HookBound, HookDisabled, HookEnabled
from palyra_events.store import EventLog
from projections import PROJECTIONS, Projector, Views, content_digest, open_engine
from projections.fold import STEP_EVENTS
from tests.journal import Journal
from tests.sample_events import TARGET

NAMES = [projection.name for projection in PROJECTIONS]
EVENTS = 4 * STEP_EVENTS

#: folds until all events are there, in pages that are as small as they get
FOLDER = """
import sys
from itertools import count
from palyra_events.store import EventLog
from projections import Projector, open_engine

with EventLog.open(sys.argv[1]) as log:
    engine, seconds = open_engine(log.url), count()
    projector = Projector(engine, log, monotonic=lambda: float(next(seconds)))
    print("ready", flush=True)
    while projector.catch_up() < int(sys.argv[2]):
        pass
    engine.dispose()
"""


def _fill(journal: Journal, events: int) -> None:
    """Write hooks that are switched on and off: a row folded twice, or not at all, would be seen."""
    for name in range(events // STEP_EVENTS):
        hook = {"hook_id": f"h{name}"}
        switches = [(HookEnabled if n % 2 else HookDisabled, hook) for n in range(STEP_EVENTS - 1)]
        journal.add_all([(HookBound, {**hook, "target": TARGET}), *switches])


def _digests(engine: Engine) -> dict[str, str]:
    return {name: content_digest(engine, name) for name in NAMES}


def test_threads_that_fold_at_once_fold_each_event_once(engine: Engine, log: EventLog, journal: Journal):
    """Four projectors, each with its own idea of where it is, make the views of one."""
    seconds, start = count(), Barrier(4)
    _fill(journal, EVENTS)

    def fold(_: int) -> int:
        projector = Projector(engine, log, monotonic=lambda: float(next(seconds)))
        start.wait()
        return projector.catch_up()

    with ThreadPoolExecutor(4) as threads:
        reached = list(threads.map(fold, range(4)))
    together = _digests(engine)
    Projector(engine, log).rebuild()

    assert reached == [EVENTS] * 4
    assert _digests(engine) == together


def test_processes_that_fold_at_once_fold_each_event_once(
    engine: Engine, log: EventLog, journal: Journal, views: Views
):
    """Two processes start on an empty database and fold what a third one appends, all three at once."""
    command = [sys.executable, "-c", FOLDER, log.url, str(EVENTS)]
    folders = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for folder in folders:
        assert folder.stdout is not None
        assert folder.stdout.readline() == "ready\n"

    _fill(journal, EVENTS)
    for folder in folders:
        folder.communicate()
    together = _digests(engine)
    Projector(engine, log).rebuild()

    assert [folder.returncode for folder in folders] == [0, 0]
    assert _digests(engine) == together
    assert {status.position for status in views.status()} == {EVENTS}


@pytest.mark.parametrize("rebuilds", [1, 2])
def test_a_rebuild_while_others_fold_gives_the_same_views(
    engine: Engine, log: EventLog, journal: Journal, rebuilds: int
):
    """The log grows, the live views are folded and one or two rebuilds run, all at once."""
    _fill(journal, EVENTS // 2)
    Projector(engine, log).catch_up()
    start = Barrier(rebuilds + 2)

    def fold() -> None:
        start.wait()
        while Projector(engine, log).catch_up() < EVENTS:
            pass

    def rebuild() -> None:
        seconds = count()
        start.wait()
        Projector(engine, log, monotonic=lambda: float(next(seconds))).rebuild()

    def append() -> None:
        start.wait()
        for number in range(EVENTS // 2):
            journal.add(HookBound, hook_id=f"late{number}", target=TARGET)

    with ThreadPoolExecutor(rebuilds + 2) as threads:
        for done in [threads.submit(job) for job in (fold, append, *[rebuild] * rebuilds)]:
            done.result()
    together = _digests(engine)
    Projector(engine, log).rebuild()

    assert _digests(engine) == together


def test_an_engine_of_its_own_sees_what_others_folded(engine: Engine, log: EventLog, journal: Journal):
    """Two connections to one database agree at once."""
    _fill(journal, STEP_EVENTS)
    Projector(engine, log).catch_up()
    other = open_engine(log.url)

    seen = _digests(other)

    assert seen == _digests(engine)
    other.dispose()
