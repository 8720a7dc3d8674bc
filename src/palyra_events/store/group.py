"""Group commit: callers that come at the same time share one transaction and one sync of the disk.

There is no thread and no timer. The first caller leads: it writes what it finds waiting, itself
included, while later callers queue up behind it; then the first of those leads. So a caller that
is alone pays nothing, and the group grows by itself with the load.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Event, Lock

from palyra_events.errors import Unavailable
from palyra_events.store.append import Append
from palyra_events.store.faults import typed

#: events, and bytes of blobs, in one transaction; the append of a single caller may be larger
EVENTS_MAX = 1000
BLOB_BYTES_MAX = 16 * 1024 * 1024


@dataclass(slots=True, eq=False)
class _Caller:
    """One who waits: until it is answered, or until it is its turn to lead."""

    append: Append
    positions: Sequence[int] | None = None
    error: Exception | None = None
    leads: bool = False
    turn: Event = field(default_factory=Event)

    @property
    def answered(self) -> bool:
        return self.positions is not None or self.error is not None

    @property
    def answer(self) -> Sequence[int] | Exception:
        answer = self.positions if self.error is None else self.error
        assert answer is not None
        return answer


class GroupCommit:
    """Puts appends of many threads into few transactions. Each is durable before its call returns."""

    def __init__(self, write: Callable[[Append], Sequence[int]]) -> None:
        self._write = write
        self._queue: deque[_Caller] = deque()
        self._mutex = Lock()
        self._led = False

    def submit(self, append: Append) -> Sequence[int]:
        """Record ``append`` and return its positions.

        Raises:
            Exception: what ``write`` raised for it; a failure of the database is raised to the whole group.
        """
        (answer,) = self.submit_each([append])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def submit_each(self, appends: Sequence[Append]) -> list[Sequence[int] | Exception]:
        """Record appends, each for itself, and return the positions of each, or what ``write`` raised for it.

        An append with ``tracking`` has a transaction to itself: that a fence is stale is an ordinary
        event with two consumers at work, and must not undo what others append. So has one that drops
        blobs, which somebody else may be about to keep.
        """
        callers = [_Caller(append) for append in appends]
        try:
            self._queue_up(callers)
            for caller in callers:
                caller.turn.wait()
                if caller.leads:
                    self._lead()
                self._leave(caller)
        finally:
            for caller in callers:
                self._leave(caller)
        return [caller.answer for caller in callers]

    def _queue_up(self, callers: Sequence[_Caller]) -> None:
        with self._mutex:
            self._queue.extend(callers)
            if not self._led and self._queue:
                self._promote(self._queue[0])

    def _promote(self, caller: _Caller) -> None:
        """Hand the lead to a caller. In this order, so that an interrupt leaves nobody waiting."""
        caller.leads = True
        self._led = True
        caller.turn.set()

    def _leave(self, caller: _Caller) -> None:
        """Pass the lead on; a caller that was interrupted while it waited gives up its place."""
        with self._mutex:
            if caller in self._queue:
                self._queue.remove(caller)
            if not caller.leads:
                return
            caller.leads = self._led = False
            if self._queue:
                self._promote(self._queue[0])

    def _lead(self) -> None:
        """Write one group. Whoever leads is the first in the queue, so it is answered."""
        group = self._take()
        try:
            self._write_group(group)
        finally:
            self._answer(group)

    def _take(self) -> list[_Caller]:
        """Take from the queue what fits into one transaction, at least one caller."""
        group: list[_Caller] = []
        events = blob_bytes = 0
        with self._mutex:
            while self._queue:
                append = self._queue[0].append
                events += len(append.events)
                blob_bytes += sum(len(blob.content) for blob in append.blobs)
                if group and (_alone(append) or events > EVENTS_MAX or blob_bytes > BLOB_BYTES_MAX):
                    break
                group.append(self._queue.popleft())
                if _alone(append):
                    break
        return group

    def _write_group(self, group: Sequence[_Caller]) -> None:
        """Write all in one transaction; where one of them is refused, each in its own."""
        if len(group) == 1:
            self._write_one(group[0])
            return
        try:
            positions = self._write(_merged([caller.append for caller in group]))
        except Exception as error:  # noqa: BLE001 - it is handed to the callers that it concerns
            if isinstance(typed(error), Unavailable):
                for caller in group:
                    caller.error = error
                return
            for caller in group:
                self._write_one(caller)
            return
        start = 0
        for caller in group:
            end = start + len(caller.append.events)
            caller.positions = positions[start:end]
            start = end

    def _write_one(self, caller: _Caller) -> None:
        try:
            caller.positions = self._write(caller.append)
        except Exception as error:  # noqa: BLE001 - it is raised to its caller
            caller.error = error

    def _answer(self, group: Sequence[_Caller]) -> None:
        """Wake who has an answer. The others lost their leader to an interrupt: they go again.

        Whether their events were recorded is unknown, so they are marked unsure.
        """
        with self._mutex:
            for caller in reversed(group):
                if caller.answered or caller.leads:
                    caller.turn.set()
                else:
                    caller.append = replace(caller.append, unsure=True)
                    self._queue.appendleft(caller)


def _alone(append: Append) -> bool:
    return append.unsure or append.tracking is not None or bool(append.drops)


def _merged(appends: Sequence[Append]) -> Append:
    return Append(
        [event for append in appends for event in append.events],
        [blob for append in appends for blob in append.blobs],
    )
