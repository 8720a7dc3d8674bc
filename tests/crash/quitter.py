"""A process that kills itself right before or right after an event is recorded.

It makes lives as `tests.crash.lives` tells, each of URL, NUMBER, MOMENT and EVENT. A life carries out what
is due until the append that holds the event, and ends ``before`` or ``after`` it; or lives to its end, where
the moment is ``never``. It says ``sent ID KEY`` for each message that was handed to its receiver.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import palyra_events.store.postgres  # noqa: F401 - a life imports nothing of its own
from palyra_events.errors import StaleVersion
from palyra_events.record import Entry, NewEvent
from palyra_events.store import EventLog
from palyra_runtime import Palyra, Surroundings
from tests.crash.lives import make_lives
from tests.crash.tallier import Telling
from tests.crash.victim import clock_of
from tests.stage import OPEN_POLICY, compiled_modules


class Ending(EventLog):
    """A log whose process does not survive an append of a certain event."""

    end: tuple[str, str]

    def append(self, events: Sequence[NewEvent], **options: Any) -> Sequence[int]:
        """Append, and end where it is time to."""
        with self._ending(events):
            return super().append(events, **options)

    def append_each(self, entries: Sequence[Entry]) -> Sequence[Sequence[int] | StaleVersion]:
        """Append each, and end where it is time to."""
        with self._ending([event for entry in entries for event in entry.events]):
            return super().append_each(entries)

    @contextmanager
    def _ending(self, events: Sequence[NewEvent]) -> Iterator[None]:
        moment, name = self.end
        is_time = any(event.topic.partition("@")[0] == name for event in events)
        if is_time and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        yield
        if is_time and moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)


def live(url: str, number: str, moment: str, event: str) -> None:
    """Carry out and send what is due."""
    surroundings = Surroundings(
        now=clock_of(int(number)),
        policy=OPEN_POLICY,
        senders={"ops": Telling()},
        modules=compiled_modules(),
    )
    with Ending.open(url) as log:
        log.end = (moment, event)
        with Palyra(log, "operator:crash", surroundings) as palyra:
            palyra.dispatch.drain()


if __name__ == "__main__":
    make_lives(live)
