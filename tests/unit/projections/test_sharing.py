from __future__ import annotations

import multiprocessing
import os
import signal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine

from palyra_events.hook import HookBound, HookDisabled
from palyra_events.store import EventLog
from projections import (
    PROJECTIONS,
    FillingKilled,
    ProjectionFailed,
    Projector,
    Views,
    content_digest,
    filling_in_processes,
)
from projections.fact import Fact
from projections.filling import Filling
from projections.rows import Rows
from tests.fragile_view import FragileView
from tests.journal import Journal
from tests.sample_events import TARGET

NAMES = [projection.name for projection in PROJECTIONS]


class MortalView(FragileView):
    """Whoever fills it in a process of its own is killed."""

    name = "mortal"

    def _bound(self, fact: Fact[Any], rows: Rows) -> None:
        if multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        super()._bound(fact, rows)


def in_processes(log: EventLog) -> Filling:
    """Fill in two other processes."""
    return filling_in_processes(partial(EventLog.open, log.url, create=False), log.url, 2)


class Crash(BaseException):
    """Somebody wants no more of it."""


@pytest.fixture(autouse=True)
def history(journal: Journal) -> None:
    """Hooks that were bound and switched off."""
    for number in range(30):
        journal.add(HookBound, hook_id=f"h{number}", target=TARGET, reason=f"reason {number}")
        journal.add(HookDisabled, hook_id=f"h{number}")


def test_views_that_are_shared_out_are_the_same(projector: Projector, engine: Engine, log: EventLog):
    """Whoever fills a view, it holds the same rows, byte for byte."""
    projector.catch_up()
    before = {name: content_digest(engine, name) for name in NAMES}
    told: list[tuple[int, int]] = []

    projector.rebuild(progress=lambda *where: told.append(where), filling=in_processes(log))

    assert {name: content_digest(engine, name) for name in NAMES} == before
    assert told[-1] == (60, 60)


def test_an_event_that_fails_in_another_process_is_named(engine: Engine, log: EventLog, journal: Journal):
    """The view is folded once more to find it; it stays as it was."""
    projector = Projector(engine, log, projections=[FragileView])
    projector.catch_up()
    journal.add(HookBound, hook_id="bad", target=TARGET)

    with pytest.raises(ProjectionFailed, match="bad is bad") as failed:
        projector.rebuild(filling=in_processes(log))

    assert failed.value.details["position"] == 61


def test_a_process_that_is_killed_leaves_the_live_views(engine: Engine, log: EventLog):
    """Nothing half-made goes live, and the next rebuild drops it."""
    projector = Projector(engine, log, projections=[MortalView])
    projector.catch_up()

    with pytest.raises(FillingKilled):
        projector.rebuild(filling=in_processes(log))
    projector.rebuild()

    (row,) = Views(engine, projector).status()
    assert (row.state, row.rows) == ("live", 30)


def test_whoever_gives_up_does_not_wait_for_the_others(projector: Projector, engine: Engine, log: EventLog):
    """They stop at their next page, and the live views are as they were."""
    projector.catch_up()
    before = {name: content_digest(engine, name, 1) for name in NAMES}

    def crash(_position: int, _until: int) -> None:
        raise Crash

    with pytest.raises(Crash):
        projector.rebuild(progress=crash, filling=in_processes(log))

    assert {name: content_digest(engine, name) for name in NAMES} == before
