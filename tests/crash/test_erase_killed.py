"""An erasure that is killed midway: done again, all is gone that was to go, and nothing else."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from psycopg.sql import SQL, Identifier

from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from palyra_events.subject import SubjectErased
from palyra_runtime.erasure import survey
from tests.crash.tracing import CHANGES, Fault, read_trace, watching
from tests.dice import Dice
from tests.erased_words import BOB, FILLED_IN, NAME, WORDS, act, found_in, make_ready, open_palyra
from tests.postgres_server import Server
from tests.scale import scaled
from tests.stage import OPEN_POLICY, Stage

#: what a client of a server says to it, one call for each message
SAYS = ("sendto",)
#: calls of each name at which an erasure dies: the first, the last and some between; and others by lot
OF_EACH = scaled(2, 40)
BY_LOT = scaled(3, 100)


class Scene(NamedTuple):
    """A database where a person has written, its home, and the server that it is on, if there is one."""

    url: str
    folder: Path
    server: Server | None


class Eraser:
    """The process that makes lives."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._orders, self._words = process.stdin, process.stdout
        assert self._words.readline() == "ready\n"

    def live(self, scene: Scene, options: Sequence[str]) -> int:
        """Erase the person under strace, and return the status that it ended with."""
        self._orders.write("\t".join([scene.url, str(scene.folder), *options]) + "\n")
        self._orders.flush()
        return int(self._words.readline().split()[1])


@pytest.fixture(scope="module")
def eraser() -> Iterator[Eraser]:
    """One process for all tests: to import everything takes longer than a life."""
    command = [sys.executable, "-m", "tests.crash.eraser"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Eraser(process)
        process.stdin.close()


def played(url: str, folder: Path, server: Server | None) -> Scene:
    """Let the person act; all of their words are found."""
    with Stage(url, folder, policy=OPEN_POLICY) as stage:
        make_ready(stage)
        with open_palyra(url, folder) as palyra:
            act(palyra, stage)
    assert set(found_in(folder, url, server)) == {*WORDS, FILLED_IN, NAME}
    return Scene(url, folder, server)


def copied(scene: Scene, folder: Path) -> Scene:
    """Return a copy of a scene."""
    shutil.copytree(scene.folder, folder)
    if scene.server is None:
        return Scene(f"sqlite:///{folder / 'palyra.db'}", folder, None)
    url = scene.server.database()
    source, target = (Identifier(each.rpartition("/")[2].partition("?")[0]) for each in (scene.url, url))
    scene.server.execute(SQL("DROP DATABASE {}").format(target))
    scene.server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(target, source))
    return Scene(url, folder, scene.server)


def points(trace: Path, seed: str) -> list[Fault]:
    """Return where to die: at some calls of each name, and at others by lot."""
    counted = Counter(call.name for call in read_trace(trace))
    every = [Fault(name, number, "KILL") for name, many in counted.items() for number in range(1, many + 1)]
    chosen = {
        Fault(name, 1 + (many - 1) * step // max(1, OF_EACH - 1), "KILL")
        for name, many in counted.items()
        for step in range(OF_EACH)
    }
    dice = Dice(seed)
    chosen |= {dice.pick(every) for _ in range(BY_LOT)}
    return sorted(chosen, key=every.index)


def is_recorded(url: str) -> bool:
    """Say whether the log tells of the erasure."""
    with EventLog.open(url) as log:
        topics = {row.topic for row in log.read(0, 1_000_000)}
    return REGISTRY.topics[SubjectErased] in topics


def check(scene: Scene, whole: int, fault: Fault) -> None:
    """Nothing is half erased; done again all of it is gone, and the log and its views are sound."""
    if not is_recorded(scene.url):
        assert survey(scene.url, BOB).blobs == whole, fault
    with open_palyra(scene.url, scene.folder) as palyra:
        palyra.subjects.erase(BOB, reason="asked for it")
        assert found_in(scene.folder, scene.url, scene.server) == {}, fault
        report = palyra.ledger.verify(views=True)
        assert report.findings == (), fault
        palyra.projections.rebuild()
        assert found_in(scene.folder, scene.url, scene.server) == {}, fault


def kill_everywhere(scene: Scene, eraser: Eraser, calls: Sequence[str], tmp_path: Path) -> Counter[str]:
    """Kill erasures of copies of a scene at such calls, check each, and return how many died at which."""
    first = copied(scene, tmp_path / "first")
    whole = survey(first.url, BOB).blobs
    assert eraser.live(first, watching(calls)) == 0
    died = Counter[str]()
    for number, fault in enumerate(points(tmp_path / "first.trace", scene.url.partition(":")[0])):
        copy = copied(scene, tmp_path / str(number))
        status = eraser.live(copy, [*watching([fault.call]), "-e", fault.option])
        assert status in {0, -signal.SIGKILL}, fault
        died[fault.call] += status != 0
        check(copy, whole, fault)
        shutil.rmtree(copy.folder)
    return died


@pytest.mark.slow
@pytest.mark.timeout(scaled(900, 36_000))
def test_an_erasure_killed_at_any_kind_of_call_is_finished_by_the_next(eraser, tmp_path):
    """At every system call that changes a file, the first and the last of it, and at others by lot."""
    (tmp_path / "scene").mkdir()
    scene = played(f"sqlite:///{tmp_path / 'scene' / 'palyra.db'}", tmp_path / "scene", None)

    died = kill_everywhere(scene, eraser, CHANGES, tmp_path)

    assert {"pwrite64", "fdatasync", "ftruncate", "unlink"} <= died.keys()
    assert all(died.values()), died


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(scaled(900, 36_000))
def test_an_erasure_on_a_server_killed_at_any_message_is_finished_by_the_next(eraser, postgres, tmp_path):
    """What the server was not asked for any more, the next one asks for."""
    (tmp_path / "scene").mkdir()
    scene = played(postgres.database(), tmp_path / "scene", postgres)

    died = kill_everywhere(scene, eraser, SAYS, tmp_path)

    assert died["sendto"] > OF_EACH
