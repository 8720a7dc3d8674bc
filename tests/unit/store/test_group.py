from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Thread

import pytest

from palyra_events.blob import Blob
from palyra_events.errors import DiskFull, StaleVersion
from palyra_events.store.append import Append
from palyra_events.store.group import BLOB_BYTES_MAX, EVENTS_MAX, GroupCommit
from tests.new_events import new_events

WAIT_S = 30


class Writer:
    """Writes to a list. The first call blocks until it is let go, so that others queue up behind it."""

    def __init__(self, check: Callable[[Append], None] = lambda append: None) -> None:
        self.writes: list[Append] = []
        self.entered = Event()
        self.released = Event()
        self._check = check
        self._head = 0

    def __call__(self, append: Append) -> Sequence[int]:
        self.writes.append(append)
        if len(self.writes) == 1:
            self.entered.set()
            assert self.released.wait(WAIT_S)
        self._check(append)
        first, self._head = self._head + 1, self._head + len(append.events)
        return range(first, self._head + 1)


class Callers:
    """Threads that submit one append each, one queued up after the other."""

    def __init__(self, group: GroupCommit, writer: Writer) -> None:
        self._group = group
        self._writer = writer
        self._threads: list[Thread] = []
        self.outcomes: dict[int, object] = {}

    def queue(self, *appends: Append) -> None:
        """Start a thread for each append, and wait until it leads or is in the queue."""
        for append in appends:
            number = len(self._threads)
            thread = Thread(target=self._submit, args=(number, append))
            self._threads.append(thread)
            thread.start()
            if number == 0:
                assert self._writer.entered.wait(WAIT_S)
            while len(self._group._queue) < number and thread.is_alive():
                pass

    def finish(self) -> list[object]:
        """Let the first write go on and return what each caller got, in the order they came."""
        self._writer.released.set()
        for thread in self._threads:
            thread.join(WAIT_S)
            assert not thread.is_alive()
        return [self.outcomes[number] for number in range(len(self._threads))]

    def _submit(self, number: int, append: Append) -> None:
        try:
            self.outcomes[number] = list(self._group.submit(append))
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            self.outcomes[number] = error


def setup(check: Callable[[Append], None] = lambda append: None) -> tuple[Writer, Callers]:
    writer = Writer(check)
    return writer, Callers(GroupCommit(writer), writer)


def one(number: int) -> Append:
    return Append(new_events(1, number=number))


def sizes(writer: Writer) -> list[int]:
    return [len(append.events) for append in writer.writes]


def test_a_caller_alone_writes_at_once():
    """Without anybody else a caller's append is written as it is, by its own thread."""
    writer = Writer()
    writer.released.set()
    append = one(1)
    assert list(GroupCommit(writer).submit(append)) == [1]
    assert writer.writes == [append]


def test_those_who_wait_share_a_write():
    """Callers that came during a write are written together, and each gets its own positions."""
    writer, callers = setup()
    callers.queue(one(1), one(2), Append(new_events(3, number=3)), one(4))
    assert callers.finish() == [[1], [2], [3, 4, 5], [6]]
    assert sizes(writer) == [1, 5]


def test_one_caller_writes_several_appends_at_once():
    """Appends of one caller are one write, and each has its own positions."""
    writer = Writer()
    writer.released.set()

    answers = GroupCommit(writer).submit_each([one(1), Append(new_events(2, number=2)), one(3)])

    assert [list(answer) for answer in answers] == [[1], [2, 3], [4]]
    assert sizes(writer) == [4]


def test_appends_of_one_caller_may_take_several_writes():
    """What does not fit into one write is in the next ones, in its order."""
    writer = Writer()
    writer.released.set()
    appends = [one(1), Append(new_events(EVENTS_MAX, number=2)), one(3), one(4)]

    answers = GroupCommit(writer).submit_each(appends)

    assert [next(iter(answer)) for answer in answers] == [1, 2, EVENTS_MAX + 2, EVENTS_MAX + 3]
    assert sizes(writer) == [1, EVENTS_MAX, 2]


def test_a_refusal_is_the_answer_to_its_own_append():
    """Of several appends of one caller the others are written."""

    def refuse_the_second(append: Append) -> None:
        if any(event.stream_id.int == 2 for event in append.events):
            raise StaleVersion

    writer = Writer(refuse_the_second)
    writer.released.set()

    first, second, third = GroupCommit(writer).submit_each([one(1), one(2), one(3)])

    assert isinstance(second, StaleVersion)
    assert len(list(first)) == len(list(third)) == 1


def test_group_has_a_limit():
    """A group ends before it would have too many events; a single append may have more."""
    writer, callers = setup()
    large = Append(new_events(EVENTS_MAX + 1, number=9))
    callers.queue(one(1), one(2), Append(new_events(EVENTS_MAX - 1, number=3)), one(4), large, one(5))
    callers.finish()
    assert sizes(writer) == [1, EVENTS_MAX, 1, EVENTS_MAX + 1, 1]


def test_blobs_count():
    """A group ends before its blobs would take too many bytes."""
    writer, callers = setup()
    half = [Append(new_events(1, number=n), [Blob(bytes(32), bytes(BLOB_BYTES_MAX // 2))]) for n in (2, 3, 4)]
    callers.queue(one(1), *half)
    callers.finish()
    assert sizes(writer) == [1, 2, 1]


def test_tracking_is_written_alone():
    """An append that moves a consumer has a transaction to itself, in its turn."""
    writer, callers = setup()
    callers.queue(one(1), one(2), Append(new_events(1, number=3), tracking=("scheduler", 1)), one(4), one(5))
    assert callers.finish() == [[1], [2], [3], [4], [5]]
    assert [append.tracking for append in writer.writes] == [None, None, ("scheduler", 1), None]


def test_only_the_conflicting_caller_fails():
    """Where one append of a group is refused, the others are written one by one."""

    def refuse(append: Append) -> None:
        if any(event.stream_id.int == 3 for event in append.events):
            raise StaleVersion

    writer, callers = setup(refuse)
    callers.queue(one(1), one(2), one(3), one(4))
    first, second, third, fourth = callers.finish()
    assert (first, second, fourth) == ([1], [2], [3])
    assert isinstance(third, StaleVersion)
    assert sizes(writer) == [1, 3, 1, 1, 1]


def test_failure_of_the_disk_reaches_everybody():
    """Where the database fails, every caller of the group is told, and nothing is tried again for them."""

    def fail(append: Append) -> None:
        if len(append.events) > 1:
            raise DiskFull

    writer, callers = setup(fail)
    callers.queue(one(1), one(2), one(3))
    first, *others = callers.finish()
    assert first == [1]
    assert [type(other) for other in others] == [DiskFull, DiskFull]
    assert sizes(writer) == [1, 2]


def test_group_works_after_a_failure():
    """After a write that failed the next caller leads as if nothing had been."""
    failures = [DiskFull()]

    def fail_once(append: Append) -> None:
        if failures:
            raise failures.pop()

    writer = Writer(fail_once)
    writer.released.set()
    group = GroupCommit(writer)
    with pytest.raises(DiskFull):
        group.submit(one(1))
    assert list(group.submit(one(2))) == [1]


def test_interrupted_leader_strands_nobody():
    """Where the leader is interrupted in a write, those it wrote for are written again, marked unsure."""
    interrupts = [KeyboardInterrupt()]

    def interrupt(append: Append) -> None:
        if len(append.events) > 1 and interrupts:
            raise interrupts.pop()

    writer, callers = setup(interrupt)
    callers.queue(one(1), one(2), one(3), one(4))
    first, second, third, fourth = callers.finish()
    assert (first, third, fourth) == ([1], [2], [3])
    assert isinstance(second, KeyboardInterrupt)
    assert [append.unsure for append in writer.writes] == [False, False, True, True]


def test_interrupted_single_leader_passes_the_lead():
    """A leader that is interrupted in its own write leaves the queue to the next."""
    interrupts = [KeyboardInterrupt()]

    def interrupt(append: Append) -> None:
        if interrupts:
            raise interrupts.pop()

    _, callers = setup(interrupt)
    callers.queue(one(1), one(2))
    first, second = callers.finish()
    assert (type(first), second) == (KeyboardInterrupt, [1])
