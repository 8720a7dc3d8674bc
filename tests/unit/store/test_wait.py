"""Waiting for the log to grow, in this process and across processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from time import monotonic
from typing import TypeVar

import pytest

from palyra_events.errors import DatabaseUnavailable
from palyra_events.store import EventLog, Tail
from tests.new_events import new_events

T = TypeVar("T")

#: seconds until a test gives up; nothing here takes as long
PATIENCE_S = 30

APPENDER = """
import sys
from palyra_events.store import EventLog
from tests.new_events import new_events
with EventLog.open(sys.argv[1]) as log:
    print("ready", flush=True)
    for line in sys.stdin:
        print(*log.append(new_events(1, number=9, start=int(line))), flush=True)
"""


@contextmanager
def appender(url: str) -> Iterator[Callable[[int], int]]:
    """Another process that appends when it is told to, and says at which position."""
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{APPENDER}", url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        inbox, outbox = process.stdin, process.stdout

        def append(version: int) -> int:
            inbox.write(f"{version}\n")
            return int(outbox.readline())

        yield append
        inbox.close()


@contextmanager
def running(work: Callable[[], T]) -> Iterator[Future[T]]:
    """Run ``work`` in a thread."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(work)


def until_somebody_waits(log: EventLog) -> None:
    deadline = monotonic() + PATIENCE_S
    while not log._backend.bell._waiters:
        assert monotonic() < deadline


def test_what_is_there_is_not_waited_for(log: EventLog):
    """Where there is an event after the position, a wait returns at once."""
    log.append(new_events(1))
    assert (log.wait(0, 0), log.wait(1, 0)) == (True, False)


def test_wait_ends_in_time(log: EventLog):
    """Where nothing comes, a wait ends with False when its time is over."""
    assert log.wait(0, 0.01) is False


def test_append_of_this_process_wakes(log: EventLog):
    """Whoever waits is woken by an append of another thread."""
    with running(lambda: log.wait(0, PATIENCE_S)) as woken:
        until_somebody_waits(log)
        log.append(new_events(1))
        assert woken.result(PATIENCE_S) is True


def test_append_of_another_process_wakes(url: str):
    """Whoever waits is woken by an append of another process."""
    with (
        EventLog.open(url) as log,
        appender(url) as append,
        running(lambda: log.wait(0, PATIENCE_S)) as woken,
    ):
        until_somebody_waits(log)
        append(1)
        assert woken.result(PATIENCE_S) is True


def test_second_handle_is_woken(url: str):
    """Two logs opened on one database in one process hear of each other."""
    with EventLog.open(url) as log, EventLog.open(url) as other, running(lambda: log.wait(0, 30)) as woken:
        until_somebody_waits(log)
        other.append(new_events(1))
        assert woken.result(PATIENCE_S) is True


def test_all_who_wait_are_woken(log: EventLog):
    """One append wakes everybody."""
    with ThreadPoolExecutor(8) as pool:
        woken = [pool.submit(log.wait, 0, PATIENCE_S) for _ in range(8)]
        until_somebody_waits(log)
        log.append(new_events(1))
        assert [each.result(PATIENCE_S) for each in woken] == [True] * 8


def test_closing_ends_a_wait(log: EventLog):
    """Closing the log sends home who waits."""
    with running(lambda: log.wait(0, PATIENCE_S)) as woken:
        until_somebody_waits(log)
        log.close()
        assert woken.result(PATIENCE_S) is False


def test_subscription_yields_old_and_new(log: EventLog):
    """A subscription gives what is there after its position, then what comes, without end."""
    log.append(new_events(3))
    with log.subscribe(1) as tail, running(lambda: [event.position for event in islice(tail, 5)]) as seen:
        until_somebody_waits(log)
        log.append(new_events(2, start=4))
        log.append(new_events(1, start=6))
        assert seen.result(PATIENCE_S) == [2, 3, 4, 5, 6]


def test_subscription_is_in_order_under_load(log: EventLog):
    """With four writers at work a subscription sees every position once, in order."""
    with log.subscribe(0) as tail, running(lambda: [event.position for event in islice(tail, 400)]) as seen:
        with ThreadPoolExecutor(4) as pool:
            for number in range(100):
                pool.submit(log.append, new_events(4, number=number))
        assert seen.result(PATIENCE_S) == list(range(1, 401))


def test_closed_subscription_ends(log: EventLog):
    """Closing a subscription ends the iteration, also of events that were fetched already."""
    log.append(new_events(3))
    tail = log.subscribe(0)
    first = next(tail)
    tail.close()
    assert (first.position, list(tail)) == (1, [])


def test_closing_ends_a_waiting_subscription(log: EventLog):
    """Closing a subscription from another thread ends its wait."""
    tail = log.subscribe(0)
    with running(lambda: list(tail)) as seen:
        until_somebody_waits(log)
        tail.close()
        assert seen.result(PATIENCE_S) == []


def test_subscription_ends_with_its_log(log: EventLog):
    """Closing the log ends its subscriptions."""
    with running(lambda: list(log.subscribe(0))) as seen:
        until_somebody_waits(log)
        log.close()
        assert seen.result(PATIENCE_S) == []


def test_subscription_outlives_an_error():
    """After an error the next call goes on at the same place."""

    class Shaky:
        closed = False
        answers = iter([DatabaseUnavailable(), True])

        def wait(self, after: int, timeout_s: float, stopped: object) -> bool:
            answer = next(self.answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

        def read(self, after: int, limit: int) -> list[int]:
            return [Place(after + 1)]

    tail = Tail(Shaky(), 7)
    with pytest.raises(DatabaseUnavailable):
        next(tail)
    assert next(tail).position == 8


class Place(int):
    @property
    def position(self) -> int:
        return int(self)
