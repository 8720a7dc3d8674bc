from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from palyra_events.errors import DatabaseUnavailable
from palyra_events.store import EventLog
from palyra_runtime.dispatch import DispatcherBusy, Holder, gateways_up, role_holder
from palyra_runtime.dispatch.role import dispatcher_role
from projections import open_engine
from tests.stage import NOON, Stage

HOLDER = """
import sys
from palyra_events.store import EventLog
from palyra_runtime.dispatch.role import dispatcher_role
from projections import open_engine

with EventLog.open(sys.argv[1]) as log, dispatcher_role(open_engine(log.url), log):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """Hold the role in another process for as long as the block runs, or until the process is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.stdin.close()


def test_a_second_process_is_refused(each_stage: Stage):
    """While one process dispatches, another one that does not want to wait is told so."""
    with (
        another_process(each_stage.url),
        pytest.raises(DispatcherBusy),
        dispatcher_role(each_stage.engine, each_stage.log),
    ):
        pass


def test_the_role_is_refused_within_a_process_too(each_stage: Stage):
    """Two faces in one process are two dispatchers."""
    other = open_engine(each_stage.url)
    with (
        dispatcher_role(each_stage.engine, each_stage.log),
        pytest.raises(DispatcherBusy),
        dispatcher_role(other, each_stage.log),
    ):
        pass
    other.dispose()


def test_whoever_waits_gets_the_role_when_it_is_free(each_stage: Stage):
    """A dispatcher that waits goes on as soon as the other one ends."""
    with another_process(each_stage.url) as process:
        waiting = threading.Timer(0.1, process.stdin.close)
        waiting.start()
        with dispatcher_role(each_stage.engine, each_stage.log, wait_ms=60_000):
            process.wait()
        waiting.join()

    assert process.returncode == 0


def test_a_killed_holder_frees_the_role(each_stage: Stage):
    """``kill -9`` frees the role at once: the kernel or the server lets go of it."""
    with another_process(each_stage.url) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()

        with dispatcher_role(each_stage.engine, each_stage.log, wait_ms=60_000):
            pass


def test_an_error_inside_frees_the_role(each_stage: Stage):
    """Whatever ends the block, the role can be had again."""
    with pytest.raises(KeyboardInterrupt), dispatcher_role(each_stage.engine, each_stage.log):
        raise KeyboardInterrupt

    with dispatcher_role(each_stage.engine, each_stage.log):
        pass


def test_roles_of_two_logs_do_not_meet(postgres, tmp_path: Path):
    """Advisory locks are shared by all schemas of a server's database: the role belongs to one log."""
    urls = [postgres.schema(), postgres.schema()]
    with EventLog.open(urls[0]) as first, EventLog.open(urls[1]) as second:
        engines = [open_engine(url) for url in urls]
        with dispatcher_role(engines[0], first), dispatcher_role(engines[1], second):
            pass
        for engine in engines:
            engine.dispose()


def test_a_link_to_the_database_leads_to_the_same_role(stage: Stage, tmp_path: Path):
    """Who opens the database under another name is a second dispatcher all the same."""
    link = tmp_path / "elsewhere.db"
    link.symlink_to(stage.log.path)
    with (
        EventLog.open(f"sqlite:///{link}") as linked,
        dispatcher_role(stage.engine, stage.log),
        pytest.raises(DispatcherBusy),
        dispatcher_role(stage.engine, linked),
    ):
        pass


def test_the_lock_file_is_private(stage: Stage):
    """The file beside the database is readable by its owner alone."""
    with dispatcher_role(stage.engine, stage.log):
        (lock,) = stage.folder.glob("*.dispatch.lock")

        assert lock.stat().st_mode & 0o777 == 0o600


def test_a_lock_file_that_cannot_be_made_is_a_typed_error(stage: Stage):
    """Where something else is in the place of the lock file, the message says which path it is."""
    (stage.folder / "palyra.db.dispatch.lock").mkdir()

    with (
        pytest.raises(DatabaseUnavailable, match=r"palyra\.db\.dispatch\.lock"),
        dispatcher_role(stage.engine, stage.log),
    ):
        pass


def test_a_session_that_the_server_ended_is_a_typed_error(postgres, tmp_path: Path):
    """Who loses the session that holds the role hears of it; the role is free again."""
    with Stage(postgres.schema(), tmp_path) as stage:
        with pytest.raises(DatabaseUnavailable), dispatcher_role(stage.engine, stage.log):
            end_sessions_with_locks(stage)

        with dispatcher_role(stage.engine, stage.log, wait_ms=60_000):
            pass


def end_sessions_with_locks(stage: Stage) -> None:
    other = open_engine(stage.url)
    with other.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND pid <> pg_backend_pid()"
        )
    other.dispose()


def test_whoever_holds_the_role_says_so(each_stage: Stage):
    """Others read who it is: by the file on SQLite, by the session's name on PostgreSQL."""
    holder = Holder(part="gateway", pid=4711, since=NOON)
    with dispatcher_role(each_stage.engine, each_stage.log, holder=holder) as role:
        first = role_holder(each_stage.engine, each_stage.log)
        role.introduce(holder.model_copy(update={"gateway_id": "ab12"}))
        second = role_holder(each_stage.engine, each_stage.log)
        up = gateways_up(each_stage.engine, each_stage.log)

    assert (first.part, first.pid, first.gateway_id) == ("gateway", 4711, None)
    assert second.gateway_id == "ab12"
    assert second in up
    assert role_holder(each_stage.engine, each_stage.log) is None


def test_who_is_refused_is_told_who_holds_the_role(stage: Stage):
    """The message names what it is, which process, and since when."""
    holder = Holder(part="gateway", pid=4711, since=NOON)
    told = r"A gateway \(pid 4711, since 2026-03-01 12:00:00 UTC\) dispatches over this database\."
    with (
        dispatcher_role(stage.engine, stage.log, holder=holder),
        pytest.raises(DispatcherBusy, match=told),
        dispatcher_role(stage.engine, stage.log),
    ):
        pass


def test_what_a_dead_holder_wrote_names_nobody(stage: Stage):
    """A file that was left behind, or says something else, is not taken for a holder."""
    lock = stage.folder / "palyra.db.dispatch.lock"
    lock.write_text(Holder(part="gateway", pid=4711).model_dump_json())
    left_behind = role_holder(stage.engine, stage.log)
    with dispatcher_role(stage.engine, stage.log):
        lock.write_text("{")
        garbled = role_holder(stage.engine, stage.log)

    assert (left_behind, garbled) == (None, None)


def test_a_stranger_s_session_is_no_holder():
    """Only names that we gave are read."""
    given = ["gateway x", "gateway 0", "gateway 1 a b", "poet 7"]
    names = ["psql", "palyra", *(f"palyra {words}" for words in given)]

    assert [Holder.of_session(name, None, None) for name in names] == [None] * len(names)


@pytest.mark.parametrize("port", [None, 65_535])
@pytest.mark.parametrize("gateway_id", [None, "f" * 32])
def test_a_session_names_its_holder(gateway_id: str | None, port: int | None):
    """PostgreSQL cuts names after 63 bytes; who serves a port tells it with the id of the run."""
    holder = Holder(part="gateway", pid=4_194_304, gateway_id=gateway_id, port=port)

    read = Holder.of_session(holder.session_name, None, None)

    assert read == (holder if gateway_id else holder.model_copy(update={"port": None}))
    assert len(holder.session_name) <= 63
