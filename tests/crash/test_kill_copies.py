"""Backups, restores and migrations, killed or with a disk that fails, at the calls that change a file."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from palyra_events.blob import keep
from palyra_events.store import EventLog
from palyra_events.store.backup import back_up, restore
from palyra_events.store.check import check_store
from palyra_events.store.copy import LogCopy, survey
from palyra_events.store.location import locate
from palyra_events.store.migration import migrate, plan_migration
from palyra_events.store.snapshot import open_snapshot
from tests.crash.copier import TOLD, WORKS
from tests.crash.tracing import CHANGES, Fault, read_trace, watching
from tests.new_events import new_events
from tests.old_layouts import make_version_0
from tests.scale import scaled

_, BLOB = keep(bytes(20_000))
#: calls after which something is on the disk, or has its name
PLACINGS = ("fdatasync", "fsync", "rename", "link", "unlink", "ftruncate")
#: faults of one kind at other calls of one work in an ordinary run, at most
OTHERS_MAX = 4


class Copier:
    """The process that makes lives."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._orders, self._words = process.stdin, process.stdout
        assert self._words.readline() == "ready\n"

    def live(self, work: str, folder: Path, options: list[str]) -> int:
        """Have the work done under strace, and return the status that it ended with."""
        self._orders.write("\t".join([work, str(folder), str(folder / "trace"), *options]) + "\n")
        self._orders.flush()
        return int(self._words.readline().split()[1])


@pytest.fixture(scope="module")
def copier() -> Iterator[Copier]:
    """One process for all tests: to import everything takes longer than a life."""
    command = [sys.executable, "-m", "tests.crash.copier"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Copier(process)
        process.stdin.close()


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Path:
    """A folder with a log, an older backup of it, an empty log, and one of older tables."""
    folder = tmp_path_factory.mktemp("scene")
    with EventLog.open(f"sqlite:///{folder / 'log.db'}") as log:
        log.append(new_events(300), blobs=[BLOB])
        back_up(log.url, folder / "backup.db")
        log.append(new_events(100, number=2))
    EventLog.open(f"sqlite:///{folder / 'empty.db'}").close()
    make_version_0(f"sqlite:///{folder / 'old.db'}", new_events(3), BLOB)
    return folder


def content(file: Path) -> LogCopy | None:
    """Return what a file holds, every event and blob checked; None where there is no log."""
    if not file.exists():
        return None
    assert check_store(f"sqlite:///{file}").findings == ()
    with open_snapshot(locate(f"sqlite:///{file}")) as snapshot:
        return survey(snapshot)


def check_copy(folder: Path, scene: Path, work: str, *, done: bool) -> None:
    """Check that there is all of it or nothing, and all of it if that was said; then do the work again."""
    name = {"backup --force": "backup.db", "restore into an empty log": "empty.db"}.get(work, "made.db")
    source = "log.db" if work.startswith("backup") else "backup.db"
    whole, before = content(scene / source), content(scene / name)
    found = content(folder / name)
    assert found in ({whole} if done else {whole, before})
    if found != whole:
        WORKS[work](str(folder))
        assert content(folder / name) == whole
    assert not list(folder.glob("*.partial-*"))


def check_migration(folder: Path, *, done: bool) -> None:
    """Check that the tables are of one version or the other, with everything in them; then go on."""
    url = f"sqlite:///{folder / 'old.db'}"
    assert plan_migration(url).found == 1 or not done
    with closing(sqlite3.connect(folder / "old.db")) as connection:
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (3,)
    migrate(url)
    found = content(folder / "old.db")
    assert (found.head, found.blobs) == (3, 1)
    for copy in folder.glob("old.db.version-0*"):
        if copy.suffix != ".partial":
            assert plan_migration(f"sqlite:///{copy}").found == 0


def faults_of(calls: Counter[str], kind: str) -> list[Fault]:
    """Return a fault at each call that brings something to its place, and at others, spread over all."""
    every = [Fault(name, number, kind) for name, many in calls.items() for number in range(1, many + 1)]
    vital = [fault for fault in every if fault.call in PLACINGS]
    others = [fault for fault in every if fault.call not in PLACINGS]
    return [*vital, *others[:: max(1, len(others) // scaled(OTHERS_MAX, full=10_000))]]


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_restore_into_a_server_that_is_killed_leaves_it_empty(scene, postgres, share):
    """Whoever dies in the middle has restored nothing, and the next one restores all."""
    url = postgres.schema()
    EventLog.open(url).close()
    arguments = [str(scene / "backup.db"), url, str(share)]
    died = subprocess.run([sys.executable, "-m", "tests.crash.mortal_restore", *arguments], check=False)
    assert died.returncode == -signal.SIGKILL
    with open_snapshot(locate(url)) as snapshot:
        assert survey(snapshot).head == 0

    assert restore(scene / "backup.db", url) == content(scene / "backup.db")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["KILL", "EIO", "ENOSPC"])
@pytest.mark.parametrize("work", WORKS)
def test_there_is_all_of_it_or_nothing(copier, scene, tmp_path, work, kind):
    """Whatever happens at whichever call: what is said to be done is done, what is not can be done again."""
    first = tmp_path / "first"
    shutil.copytree(scene, first)
    assert copier.live(work, first, watching(CHANGES)) == 0
    calls = Counter(call.name for call in read_trace(first / "trace"))

    ends = Counter()
    for number, fault in enumerate(faults_of(calls, kind)):
        folder = tmp_path / str(number)
        shutil.copytree(scene, folder)
        status = copier.live(work, folder, [*watching(CHANGES), "-e", fault.option])
        ends[status] += 1
        assert status in {0, TOLD, -signal.SIGKILL}, f"{work}: {fault}"
        if work == "migrate":
            check_migration(folder, done=status == 0)
        else:
            check_copy(folder, scene, work, done=status == 0)
        shutil.rmtree(folder)
    assert ends[-signal.SIGKILL if kind == "KILL" else TOLD] > 0
