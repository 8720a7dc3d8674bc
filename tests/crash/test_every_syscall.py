"""A fault at every system call that changes a file: whoever was told that it is done, has it done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import pytest

from palyra_runtime import clock
from palyra_runtime.sandbox import ModuleCache, Sandbox
from tests.crash.performer import Performance, Review
from tests.crash.tracing import CHANGES, LOOKS, Fault, read_trace
from tests.dice import Dice
from tests.scale import scaled
from tests.stage import OPEN_POLICY, Stage, StageClock, answering, guest

#: everything in one thread, so that the n-th call is the n-th of the command
SETTINGS = """\
isolation = "thread"
[policy]
allowed_storage_prefixes = ["notes"]
allowed_channels = ["ops"]
[dispatch]
workers = 1
[channels.ops]
kind = "console"
"""
#: HOME stands for the copy of the home
COMMANDS = {
    "skill enable": ("skill", "enable", "acme.other"),
    "skill install": ("skill", "install", "HOME/acme.third-1.0.0.palyra-skill"),
    "delivery drain": ("delivery", "drain"),
    "init": ("--home", "HOME/new/home", "init"),
    "key generate": ("key", "generate", "acme"),
}
KINDS = ("KILL", "EIO", "ENOSPC")
#: calls after which something is on the disk, or in its place
SYNCS = ("fdatasync", "fsync", "rename", "link")
#: the command and the dispatch that have every kind of fault at every call in an ordinary run as well
WHOLE = {"skill enable", "delivery drain"}
#: faults of the other commands at other calls in an ordinary run, at most
CHANGES_MAX = 36
#: one of so many performances compares the views with a rebuild; no multiple of the number of kinds, so
#: that each kind of fault is among them
COMPARED = 4
#: processes that perform at once
LANES = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Scene:
    """A home where something is to be enabled, installed and delivered, and its newest position."""

    home: Path
    head: int


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> Scene:
    """The home that every performance begins with a copy of; its modules are compiled already."""
    home = tmp_path_factory.mktemp("scene")
    (home / "palyra.toml").write_text(SETTINGS)
    with Sandbox(cache=ModuleCache.open(home / "modules")) as sandbox:
        problems = [sandbox.checks.compile_problem(module) for module in (answering(), guest("tally"))]
    assert problems == [None, None]
    with Stage(
        f"sqlite:///{home / 'palyra.db'}", home, policy=OPEN_POLICY, clock=StageClock(clock.now())
    ) as stage:
        stage.install(answering(), "acme.other")
        stage.pack(answering(0, '{"result":2}'), "acme.third")
        stage.ready_with_effects(guest("tally"))
        return Scene(home, stage.fire())


class Lane:
    """A process that performs, one after the other: see `tests.crash.performer`."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.crash.performer"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout.readline() == "ready\n"

    def perform(self, performance: Performance) -> Review:
        """Have a command performed."""
        self._process.stdin.write(f"{performance.write()}\n")
        self._process.stdin.flush()
        return Review(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@pytest.fixture(scope="module")
def lanes() -> Iterator[list[Lane]]:
    """The processes that perform."""
    opened = [Lane() for _ in range(LANES)]
    yield opened
    for lane in opened:
        lane.close()


def perform_all(lanes: Sequence[Lane], performances: Sequence[Performance]) -> list[Review]:
    """Have all of them performed, in as many lanes as there are."""
    free = SimpleQueue[Lane]()
    for lane in lanes:
        free.put(lane)

    def perform(performance: Performance) -> Review:
        lane = free.get()
        try:
            return lane.perform(performance)
        finally:
            free.put(lane)

    with ThreadPoolExecutor(len(lanes)) as pool:
        return list(pool.map(perform, performances))


class Point(NamedTuple):
    """A call of a trace: its name, the how-manieth of that name it was, and the file that it was about."""

    call: str
    number: int
    path: str

    def fault(self, kind: str, *, lasting: bool = False) -> Fault:
        """Return a fault at this call."""
        return Fault(self.call, self.number, kind, lasting=lasting)


def points(trace: Path, names: Sequence[str] = CHANGES) -> list[Point]:
    """Return each call of a trace.

    Those that only look are of interest where they look at the home, and not at the program.
    """
    counted, found = Counter[str](), []
    for call in read_trace(trace):
        counted[call.name] += 1
        if call.name in names and (call.name in CHANGES or call.path.startswith(str(trace.parent))):
            found.append(Point(call.name, counted[call.name], call.path))
    return found


def usual_faults(trace: Path, command: str) -> list[tuple[list[Fault], list[Fault]]]:
    """Return every kind of fault at every call that changes something.

    Of some commands that is so for the calls that make things durable, and of many others each has one.
    """
    everywhere = points(trace)
    vital = [point for point in everywhere if command in WHOLE or point.call in SYNCS]
    others = [point for point in everywhere if point not in vital]
    some = others[:: len(others) // CHANGES_MAX + 1]
    faults = [point.fault(kind) for point in vital for kind in KINDS]
    faults += [point.fault(kind) for point, kind in zip(some, cycle(KINDS), strict=False)]
    return [([fault], []) for fault in faults]


def all_faults(trace: Path, seed: str) -> list[tuple[list[Fault], list[Fault]]]:
    """Return every kind of fault at every call, those that last, and another one in the repetition."""
    changes, dice = points(trace), Dice(seed)
    chosen = [
        ([point.fault(kind)], []) for point in points(trace, (*CHANGES, *LOOKS)) for kind in (*KINDS, "EINTR")
    ]
    for point in changes:
        chosen += [([point.fault(kind, lasting=True)], []) for kind in ("EIO", "ENOSPC")]
        second = dice.pick(changes).fault(dice.pick(KINDS))
        chosen.append(([point.fault(dice.pick(KINDS))], [second]))
    return chosen


def told(command: str, calls: int, reviews: Sequence[Review]) -> str:
    """Return a line for people: how many faults there were, and how the commands ended."""
    ends = Counter(
        "killed" if each.status < 0 else each.code or ("done" if each.status == 0 else f"exit {each.status}")
        for each in reviews
    )
    reached = sum(each.was_reached for each in reviews)
    return f"{command}: {calls} calls, {len(reviews)} faults, {reached} reached: {dict(ends.most_common())}\n"


@pytest.mark.slow
@pytest.mark.timeout(scaled(1200, 36_000))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_fault_at_any_syscall_leaves_all_or_nothing(command, scene, lanes, tmp_path):
    """Killed, or told EIO or ENOSPC: the log is whole, the error typed, the command can be repeated."""
    arguments = COMMANDS[command]
    undisturbed = Performance(str(scene.home), scene.head, str(tmp_path / "undisturbed"), arguments)
    (first,) = perform_all(lanes, [undisturbed])
    assert (first.status, first.problem) == (0, "")
    trace = tmp_path / "undisturbed" / "first.trace"

    faults = scaled(usual_faults(trace, command), all_faults(trace, command))
    performances = [
        replace(
            undisturbed,
            folder=str(tmp_path / f"{number}"),
            expected=first.topics,
            faults=once,
            again=again,
            compares_views=number % scaled(COMPARED, 1) == 0,
        )
        for number, (once, again) in enumerate(faults)
    ]
    reviews = perform_all(lanes, performances)

    sys.stdout.write(told(command, len(points(trace)), reviews))
    problems = [
        f"{[str(fault) for fault in (*played.faults, *played.again)]} in {played.folder}: {review.problem}"
        for played, review in zip(performances, reviews, strict=True)
        if review.problem
    ]
    assert problems == []
