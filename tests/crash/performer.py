"""A process that carries out commands whose system calls fail.

It imports everything once and says ``ready``. For each line of its input, a `Performance` as JSON, it
copies a home, runs a command over it in a fork that strace watches, and looks at what is left. Then it runs
the command again, as somebody would who saw it fail, and checks. It answers with a line: a `Review`.
"""

from __future__ import annotations

import gc
import json
import os
import select
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import palyra_events.store.sqlite  # noqa: F401 - a fork imports nothing of its own
import palyra_runtime.bootstrap  # noqa: F401 - nor this
from palyra_events.delivery import AttemptFailed
from palyra_events.errors import Conflict
from palyra_runtime import clock
from palyra_runtime.cli import main as palyra
from palyra_runtime.cli.failure import INTERNAL
from tests.crash.tracing import CHANGES, LOOKS, Fault, Tracer, watching
from tests.crash.victim import tell
from tests.history import check_history, check_views
from tests.stage import OPEN_POLICY, PLUGIN, Stage, StageClock

#: hours after which every retry of a delivery or a message is due
LATER_H = 48
#: of one delivery, if everything but the last attempt and the last try at its message is lost
_DRAINS_MAX = 5


@dataclass(frozen=True, slots=True)
class Performance:
    """A command over a copy of a home, what goes wrong in it and in its repetition, and what comes of it.

    The home has events up to ``head``; ``expected`` are the types of those that the command appends, None
    where that is the question.
    """

    home: str
    head: int
    folder: str
    arguments: Sequence[str]
    expected: Sequence[str] | None = None
    faults: Sequence[Fault] = ()
    again: Sequence[Fault] = ()

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
        first = self._command("first", self._played.faults)
        try:
            topics = self._in_fork("topics", self._topics)
            self._check_ending(first)
            self._check_whole(first, topics)
            if self._played.again:
                self._check_ending(self._command("again", self._played.again))
                topics = self._in_fork("topics-again", self._topics)
            if self._played.faults:
                self._check_repeated(self._command("last", ()), topics)
            self._in_fork("end", self._check_end)
        except AssertionError as error:
            return self._review(first, (), f"{error}")
        shutil.rmtree(self._home)
        return self._review(first, topics)

    def _review(self, first: Ending, topics: Sequence[str], problem: str = "") -> Review:
        return Review(first.status, first.error.get("code", ""), first.was_reached, topics, problem)

    def _command(self, name: str, faults: Sequence[Fault]) -> Ending:
        """Run the command in a fork, which begins when strace watches it."""
        trace, out, err = (self._folder / f"{name}.{kind}" for kind in ("trace", "out", "err"))
        hear, go = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(go)
            words = [word.replace("HOME", str(self._home)) for word in self._played.arguments]
            self._act(out, err, lambda: palyra(["-o", "json", *words]), cue=hear)
        os.close(hear)
        options = [each for fault in faults for each in ("-e", fault.option)]
        watched = {fault.call for fault in faults} or (*CHANGES, *LOOKS)
        tracer = Tracer(pid, trace, [*watching(watched), *options])
        os.close(go)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        tracer.end()
        was_reached = status == -signal.SIGKILL or "(INJECTED)" in trace.read_text()
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
        """Check the log, and return the types of the command's events; no lease is in the way."""
        with self._stage() as stage:
            check_history(stage.log)
            stage.expire_leases()
            return stage.topics(after=self._played.head)

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
        """Of the appends of the command, the first so many are there; all of them where it succeeded."""
        expected = self._played.expected
        if expected is not None:
            assert list(topics) == list(expected[: len(topics)]), f"half done: {topics}"
            if ending.status == 0:
                assert list(topics) == list(expected), f"acknowledged: {topics}"

    def _check_repeated(self, ending: Ending, topics: Sequence[str]) -> None:
        """It succeeds; or it is refused, as it was done before, although nobody could say so."""
        was_done = list(topics) == list(self._played.expected or ())
        assert ending.status in ((0, Conflict.exit_code) if was_done else (0,)), f"not repeatable: {ending}"

    def _check_end(self) -> None:
        """Everything has happened once, and the views hold what a rebuild holds."""
        with self._stage() as stage:
            if self._is_dispatch:
                carry_out(stage)
            check_history(stage.log)
            check_views(stage.log)
            assert {event.outcome for event in stage.events(AttemptFailed)} <= {"worker_lost"}
            topics = [topic for topic in stage.topics(after=self._played.head) if topic != "AttemptFailed"]
            if self._played.expected is not None:
                assert topics == list(self._played.expected), f"at the end: {topics}"
            storage = stage.palyra.storage
            kept = [storage.show(PLUGIN, row.path).value for row in storage.list(PLUGIN)]
            assert kept == ["x"] * topics.count("AttemptSucceeded"), f"{kept}"

    @property
    def _is_dispatch(self) -> bool:
        return self._played.arguments[0] == "delivery"


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
    # What is imported is shared with every fork, until a collection writes to it.
    gc.freeze()
    tell("ready")
    for line in sys.stdin:
        tell(json.dumps(asdict(Theatre(Performance.read(line)).play())))


if __name__ == "__main__":
    main()
