"""A gateway that runs, in a thread or in a process, and waiting for what it does."""

from __future__ import annotations

import queue
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from palyra_events.event import Event
from palyra_events.gateway import GatewayStarted
from palyra_events.registry import REGISTRY
from palyra_events.store import EventLog
from palyra_runtime import Palyra
from palyra_runtime.gateway import GatewayReport
from tests.shell import COMMAND, Shell
from tests.stage import Stage

#: seconds until a test gives up; nothing here takes as long
PATIENCE_S = 60


def events_of(log: EventLog, kind: type[Event], after: int = 0) -> list[Any]:
    """Return the events of a type after a position."""
    rows = log.read(after, 1_000_000)
    return [
        event for event in (REGISTRY.decode(row.topic, row.state) for row in rows) if isinstance(event, kind)
    ]


def wait_for(log: EventLog, kind: type[Event], count: int = 1, after: int = 0) -> list[Any]:
    """Wait until the log has so many events of a type after a position, and return them."""
    deadline = monotonic() + PATIENCE_S
    while len(found := events_of(log, kind, after)) < count:
        head = log.head()
        if len(found := events_of(log, kind, after)) >= count:
            break
        assert log.wait(head, deadline - monotonic()), f"{len(found)} of {count} {kind.__name__}"
    return found


def until_somebody_works(stage: Stage) -> None:
    """Wait until an attempt has begun: that is no event, so it is looked for again and again."""
    waiting, deadline = threading.Event(), monotonic() + PATIENCE_S
    while not stage.standing_leases():
        assert not waiting.wait(0.005)
        assert monotonic() < deadline


@contextmanager
def gateway_in_a_thread(palyra: Palyra, log: EventLog) -> Iterator[Future[GatewayReport]]:
    """Run a gateway while the block does; ``log`` is how the test sees it."""
    head = log.head()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(palyra.gateway.run)
        try:
            wait_for(log, GatewayStarted, after=head)
            yield running
        finally:
            palyra.gateway.stop()


@dataclass
class GatewayProcess:
    """``palyra gateway run`` as a process; its log lines are read by a thread, so that it never waits."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    _heard: queue.SimpleQueue[str | None] = field(default_factory=queue.SimpleQueue)

    def listen(self) -> None:
        """Read what it says until it ends."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._heard.put(line)
        self._heard.put(None)

    def hear(self, words: str) -> str:
        """Wait for a line with these words, and return it."""
        while (line := self._heard.get(timeout=PATIENCE_S)) is not None:
            self.lines.append(line)
            if words in line:
                return line
        raise AssertionError(f"it ended without saying {words!r}: {''.join(self.lines)}")

    def end(self, signal_number: int = signal.SIGTERM) -> int:
        """Send a signal and return how it ended."""
        self.process.send_signal(signal_number)
        return self.process.wait(PATIENCE_S)


@contextmanager
def gateway_process(shell: Shell, *options: str, globals_: Sequence[str] = ()) -> Iterator[GatewayProcess]:
    """Run ``palyra gateway run`` on a free port until it is up, and kill it at the end if it still runs."""
    with subprocess.Popen(
        [*COMMAND, *globals_, "gateway", "run", "--port", "0", *options],
        env=shell.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        gateway = GatewayProcess(process)
        listener = threading.Thread(target=gateway.listen)
        listener.start()
        try:
            gateway.hear("is up")
            yield gateway
        finally:
            process.kill()
            process.wait()
            listener.join()
