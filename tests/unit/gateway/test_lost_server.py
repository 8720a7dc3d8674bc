"""A gateway whose PostgreSQL server ends its connections, or itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text

from palyra_events.delivery import AttemptSucceeded, DeliveryScheduled
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.config import DispatchSettings
from palyra_runtime.dispatch import role_holder
from tests.history import check_history, check_views
from tests.postgres_server import running
from tests.running_gateway import PATIENCE_S, events_of, gateway_in_a_thread, wait_for
from tests.stage import Stage, StageEntropy, answering

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def gateway(postgres, tmp_path: Path) -> Iterator[tuple[Stage, Palyra]]:
    """A stage over a database of its own, and a gateway with two workers that is not up yet."""
    with Stage(postgres.database(), tmp_path) as stage, busy_palyra(stage) as palyra:
        stage.ready(answering())
        yield stage, palyra


def busy_palyra(stage: Stage) -> Palyra:
    surroundings = Surroundings(stage.clock, StageEntropy("gateway"), dispatch=DispatchSettings(workers=2))
    return Palyra.open(stage.url, home=stage.folder, surroundings=surroundings)


def sessions(stage: Stage) -> set[int]:
    """Return the numbers of all sessions of the database but the one that asks."""
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with stage.engine.connect() as connection:
        return set(connection.scalars(text(query)))


def end_session(stage: Stage, pid: int) -> None:
    with stage.engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})


def test_a_killed_connection_loses_nothing_and_repeats_nothing(gateway):
    """Each of its sessions is ended in turn, several times; what happens meanwhile is carried out once."""
    stage, palyra = gateway
    others = sessions(stage)
    ended: set[int] = set()
    with gateway_in_a_thread(palyra, stage.log):
        wait_for(stage.log, AttemptSucceeded)
        for _ in range(3):
            for pid in sorted(sessions(stage) - others - ended):
                end_session(stage, pid)
                ended.add(pid)
                position = stage.fire()
                wait_for(stage.log, AttemptSucceeded, after=position)

    assert len(ended) > 5
    assert len(events_of(stage.log, AttemptSucceeded)) == len(events_of(stage.log, DeliveryScheduled))
    check_history(stage.log)
    check_views(stage.log)


def test_a_role_that_is_lost_with_its_session_is_taken_again(gateway):
    """The gateway that loses the role notices; it, or another one, schedules on."""
    stage, palyra = gateway
    second = stage.open("second gateway")
    with gateway_in_a_thread(palyra, stage.log), gateway_in_a_thread(second, stage.log):
        wait_for(stage.log, AttemptSucceeded, 2)
        for count in range(3, 6):
            lost = end_holder(stage)
            stage.fire()
            wait_for(stage.log, AttemptSucceeded, count)
            wait_for_holder(stage, but=lost)

    check_history(stage.log)


def end_holder(stage: Stage) -> datetime:
    """End the session that has the role, and return when it had begun."""
    holder = wait_for_holder(stage)
    query = "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    with stage.engine.connect() as connection:
        connection.execute(text(query))
    return holder


def wait_for_holder(stage: Stage, but: datetime | None = None) -> datetime:
    """Wait until a session has the role, but not the one that began at a time, and return when it began."""
    waiting, deadline = threading.Event(), monotonic() + PATIENCE_S
    while True:
        holder = role_holder(stage.engine, stage.log)
        if holder is not None and holder.since not in {None, but}:
            return holder.since
        assert not waiting.wait(0.05)
        assert monotonic() < deadline


def test_a_server_that_is_started_again_loses_nothing(tmp_path: Path):
    """While it is away the gateway waits; what was acknowledged is there, and it goes on by itself."""
    with running() as server, Stage(server.database(), tmp_path) as stage, busy_palyra(stage) as palyra:
        stage.ready(answering())
        with gateway_in_a_thread(palyra, stage.log) as gateway:
            wait_for(stage.log, AttemptSucceeded)
            for count in (2, 3):
                server.stop()
                server.start()
                stage.fire()
                wait_for(stage.log, AttemptSucceeded, count)
            assert not gateway.done()

        check_history(stage.log)
        check_views(stage.log)
