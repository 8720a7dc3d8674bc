"""A process that carries out commands whose system calls fail.

It imports everything once, makes what all processes make alike, and says ``ready``. For each line of its
input, a `Performance` as JSON, it copies a home, runs a command over it in a fork that strace watches, and
looks at what is left. Then it runs the command again, as somebody would who saw it fail, and checks. It
answers with a line: a `Review`.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import palyra_events.store.sqlite  # noqa: F401 - a fork imports nothing of its own
import palyra_runtime.api.address
import palyra_runtime.authoring.key_file
import palyra_runtime.bootstrap
import palyra_runtime.cli.delivery_drain
import palyra_runtime.cli.skill_release  # noqa: F401 - what the commands import when they are called
from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.errors import Conflict
from palyra_events.event import Event
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from palyra_runtime import clock
from palyra_runtime.cli import main as palyra
from palyra_runtime.cli.failure import INTERNAL
from projections import Projector, Views, open_engine
from tests.crash.lives import tell
from tests.crash.tracing import CHANGES, LOOKS, Fault, Tracer, watching
from tests.crash.warmth import warm_up
from tests.history import check_history, check_views
from tests.stage import OPEN_POLICY, PLUGIN, Stage, StageClock

#: hours after which every retry of a delivery or a message is due
LATER_H = 48
#: what tells that something could not be done and is done again: a guest's memory had no room on the disk,
#: the console could not be written to, or the worker died
_TRIES = ("AttemptFailed", "MessageFailed")
_LOST_OR_REFUSED = {"worker_lost", "trapped:engine"}
#: of one delivery, if everything but the last attempt and the last try at its message is lost
_DRAINS_MAX = 5


@dataclass(frozen=True, slots=True)
class Performance:
    """A command over a copy of a home, what goes wrong in it and in its repetition, and what comes of it.

    The home has events up to ``head``; ``expected`` are the types of those that the command appends, None
    where that is the question. At the end the views may be compared with a rebuild of them, which takes as
    long as a command.
    """

    home: str
    head: int
    folder: str
    arguments: Sequence[str]
    expected: Sequence[str] | None = None
    faults: Sequence[Fault] = ()
    again: Sequence[Fault] = ()
    compares_views: bool = True

    @classmethod
    def read(cls, line: str) -> Self:
        """Return what a line of input says."""
        fields = json.loads(line)
        for name in ("faults", "again"):
            fields[name] = [Fault(**fault) for fault in fields[name]]
        return cls(**fields)

    def write(self) -> str:
        """Return it as a line."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Review:
    """How it went: the exit status, negative for a signal; the types of the events; and what is wrong."""

    status: int
    code: str
    was_reached: bool
    topics: Sequence[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str
    was_reached: bool

    @property
    def error(self) -> dict[str, Any]:
        """The error that it told; none where it could not say so."""
        start = self.err.find('{\n  "error"')
        return json.loads(self.err[start:])["error"] if start >= 0 else {}


class Theatre:
    """One performance, from the copy of the home on."""

    def __init__(self, performance: Performance) -> None:
        self._played = performance
        self._folder = Path(performance.folder)
        self._home = self._folder / "home"
        self._url = f"sqlite:///{self._home / 'palyra.db'}"

    def play(self) -> Review:
        """Perform, look, repeat, check."""
        self._folder.mkdir()
        shutil.copytree(self._played.home, self._home)
        watched = {fault.call for fault in self._played.faults} or (*CHANGES, *LOOKS)
        first = self._command("first", self._played.faults, watched)
        try:
            topics = self._in_fork("topics", self._topics)
            self._check_ending(first)
            self._check_whole(first, topics)
            if self._played.again:
                again = self._played.again
                self._check_ending(self._command("again", again, {fault.call for fault in again}))
                topics = self._in_fork("topics-again", self._topics)
            if self._played.faults:
                self._check_repeated(self._command("last"), topics)
            self._in_fork("end", self._check_end)
        except AssertionError as error:
            return self._review(first, (), f"{error}")
        shutil.rmtree(self._home)
        return self._review(first, topics)

    def _review(self, first: Ending, topics: Sequence[str], problem: str = "") -> Review:
        return Review(first.status, first.error.get("code", ""), first.was_reached, topics, problem)

    def _command(self, name: str, faults: Sequence[Fault] = (), watched: Collection[str] = ()) -> Ending:
        """Run the command in a fork, which begins when strace watches it, if there is something to watch."""
        trace, out, err = (self._folder / f"{name}.{kind}" for kind in ("trace", "out", "err"))
        hear, go = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(go)
            words = [word.replace("HOME", str(self._home)) for word in self._played.arguments]
            self._act(out, err, lambda: palyra(["-o", "json", *words]), cue=hear)
        os.close(hear)
        options = [each for fault in faults for each in ("-e", fault.option)]
        tracer = Tracer(pid, trace, [*watching(watched), *options]) if watched else None
        os.close(go)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if tracer is not None:
            tracer.end()
        was_reached = status == -signal.SIGKILL or (bool(watched) and "(INJECTED)" in trace.read_text())
        return Ending(status, out.read_text(), err.read_text(), was_reached)

    def _act(self, out: Path, err: Path, role: Callable[[], int], cue: int | None = None) -> None:
        """Do what a fork is for, once the other end of the ``cue`` is closed, and end it."""
        for descriptor, path in ((0, Path(os.devnull)), (1, out), (2, err)):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND), descriptor)
        os.environ.update(PALYRA_HOME=str(self._home), PALYRA_ACTOR="operator:ada")
        if cue is not None:
            select.select([cue], [], [])
        status = INTERNAL
        try:
            status = role()
        except BaseException:  # noqa: BLE001 - the status tells, and the text is looked at
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(status)

    def _in_fork(self, name: str, look: Callable[[], Any]) -> Any:
        """Return what a fork sees: this process never opens a database."""
        out, err = self._folder / f"{name}.json", self._folder / f"{name}.txt"
        pid = os.fork()
        if pid == 0:
            self._act(out, err, lambda: bool(os.write(1, json.dumps(look()).encode())) - 1)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert status == 0, f"{name}: {err.read_text()}"
        return json.loads(out.read_text())

    def _stage(self) -> Stage:
        """Open the home again, when everything is due that waits."""
        later = StageClock(clock.now() + timedelta(hours=LATER_H))
        return Stage(self._url, self._home, policy=OPEN_POLICY, clock=later)

    def _topics(self) -> list[str]:
        """Check the log, and return the types of the command's events."""
        with EventLog.open(self._url) as log:
            check_history(log)
            return topics(log, self._played.head)

    def _check_ending(self, ending: Ending) -> None:
        """It was killed, or succeeded and said so, or told what went wrong and what to do about it."""
        assert "Traceback" not in ending.err, ending.err
        if ending.status == 0:
            assert json.loads(ending.out)
        elif ending.status != -signal.SIGKILL:
            assert 0 < ending.status < INTERNAL, f"{ending}"
            error = ending.error
            assert error.get("code") != "INTERNAL", f"{ending}"
            assert not error or (error["message"] and error["hint"]), f"{ending}"

    def _check_whole(self, ending: Ending, topics: Sequence[str]) -> None:
        """Of the appends of the command, the first so many are there; all of them where it succeeded.

        A dispatch succeeds as well where it has recorded that something is to be tried again.
        """
        expected = self._played.expected
        if expected is not None:
            done = _without_tries(topics)
            assert done == list(expected[: len(done)]), f"half done: {topics}"
            if ending.status == 0 and len(done) == len(topics):
                assert done == list(expected), f"acknowledged: {topics}"

    def _check_repeated(self, ending: Ending, topics: Sequence[str]) -> None:
        """It succeeds; or it is refused, as it was done before, although nobody could say so."""
        was_done = list(topics) == list(self._played.expected or ())
        assert ending.status in ((0, Conflict.exit_code) if was_done else (0,)), f"not repeatable: {ending}"

    def _check_end(self) -> None:
        """Everything has happened once, and the views hold what a rebuild holds."""
        if self._is_dispatch:
            self._check_dispatched()
        with EventLog.open(self._url) as log:
            check_history(log)
            if self._played.compares_views:
                check_views(log)
            done = _without_tries(topics(log, self._played.head))
            if self._played.expected is not None:
                assert done == list(self._played.expected), f"at the end: {done}"

    def _check_dispatched(self) -> None:
        """Carry out what is left; no guest has failed, and each success has happened once."""
        with self._views() as (_, views):
            is_done = not views.open_deliveries() and not views.waiting_messages()
        if not is_done:
            with self._stage() as stage:
                carry_out(stage)
        with self._views() as (log, views):
            told = events(log, self._played.head)
            assert {event.outcome for event in told if isinstance(event, AttemptFailed)} <= _LOST_OR_REFUSED
            kept = [json.loads(log.blob(value.blob.digest)) for value in views.stored_values(PLUGIN)]
            assert kept == ["x"] * sum(isinstance(event, AttemptSucceeded) for event in told), f"{kept}"

    @contextmanager
    def _views(self) -> Iterator[tuple[EventLog, Views]]:
        """Open the log and its views, and nothing of what works on them."""
        with EventLog.open(self._url) as log:
            engine = open_engine(self._url)
            try:
                yield log, Views(engine, Projector(engine, log))
            finally:
                engine.dispose()

    @property
    def _is_dispatch(self) -> bool:
        return self._played.arguments[0] == "delivery"


def events(log: EventLog, after: int) -> list[Event]:
    """Return the events after a position."""
    return [REGISTRY.decode(row.topic, row.state) for row in log.read(after, 1_000_000)]


def topics(log: EventLog, after: int) -> list[str]:
    """Return the types of the events after a position, by name."""
    return [type(event).__name__ for event in events(log, after)]


def _without_tries(topics: Sequence[str]) -> list[str]:
    return [topic for topic in topics if topic not in _TRIES]


def carry_out(stage: Stage) -> None:
    """Carry out what is left, and send what comes of it."""
    dispatcher = stage.dispatcher(ops=_Receiver())
    for _ in range(_DRAINS_MAX):
        if not dispatcher.drain().waiting:
            return
        stage.clock.move(hours=LATER_H)
    raise AssertionError("deliveries are left")


class _Receiver:
    """Takes every message."""

    def send(self, outgoing: object) -> None:
        """Take it."""


def main() -> None:
    """Perform, one after the other."""
    warm_up()
    tell("ready")
    for line in sys.stdin:
        tell(json.dumps(asdict(Theatre(Performance.read(line)).play())))


if __name__ == "__main__":
    main()
