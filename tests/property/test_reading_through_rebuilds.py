"""Reading goes on while views are rebuilt: no error, nothing empty, no step back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Engine, text

from palyra_events.hook import HookBound, HookDisabled, HookEnabled
from palyra_events.store import EventLog
from projections import Projector, Views, open_engine
from projections.engine import reading
from projections.generation import Status, generations
from tests.journal import Journal
from tests.sample_events import TARGET

REBUILDS = 10
HOOKS = 20


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def log(request: pytest.FixtureRequest, tmp_path) -> Iterator[EventLog]:
    """A log of hooks that are switched on and off."""
    is_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'views.db'}" if is_file else request.getfixturevalue("postgres").schema()
    with EventLog.open(str(url)) as opened:
        journal = Journal(opened)
        for number in range(HOOKS):
            hook = {"hook_id": f"h{number:02}"}
            switches = [(HookEnabled if n % 2 else HookDisabled, hook) for n in range(30)]
            journal.add_all([(HookBound, {**hook, "target": TARGET}), *switches])
        yield opened


@pytest.fixture
def engine(log: EventLog) -> Iterator[Engine]:
    """An engine on the log's database."""
    opened = open_engine(log.url)
    yield opened
    opened.dispose()


def _poll(engine: Engine, projector: Projector, over: Event) -> list[tuple[int, int]]:
    """Ask every millisecond how many hooks there are, and how many events the audit view has."""
    views, seen = Views(engine, projector).as_is, []
    while not over.is_set():
        seen.append((len(views.hooks()), views.audit(limit=1, newest_first=True)[0].position))
        time.sleep(0.001)
    return seen


def test_a_reader_notices_nothing_of_ten_rebuilds(log: EventLog, engine: Engine):
    """The log grows and is folded, views are built anew, and every answer is whole and no older."""
    projector, journal, over = Projector(engine, log), Journal(log), Event()
    projector.catch_up()

    with ThreadPoolExecutor(1) as reader:
        polling = reader.submit(_poll, engine, projector, over)
        try:
            for number in range(REBUILDS):
                journal.add(HookBound, hook_id=f"late{number}", target=TARGET)
                projector.catch_up()
                projector.rebuild(["hook", "audit"])
        finally:
            over.set()
        seen = polling.result()

    assert seen == sorted(seen)
    assert min(seen) >= (HOOKS, 31 * HOOKS)
    assert len(seen) > REBUILDS


def test_a_long_reader_holds_up_no_rebuild(log: EventLog, engine: Engine):
    """Who began to read before still sees the build of then, also when others read the next one."""
    projector = Projector(engine, log)
    projector.catch_up()
    count = text("SELECT count(*) FROM hook_g1 WHERE valid_to IS NULL")

    with reading(engine) as long:
        before = long.scalar(count)
        for _ in range(3):
            projector.rebuild(["hook"])
        during = long.scalar(count)
        rows = Views(engine, projector).hooks()
    projector.rebuild(["hook"])

    assert (before, during, len(rows)) == (HOOKS, HOOKS, HOOKS)
    with reading(engine) as connection:
        builds = [g.number for g in generations(connection, *Status) if g.projection == "hook"]
    assert builds == [4, 5]
