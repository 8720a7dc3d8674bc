from __future__ import annotations

import socket
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palyra_runtime.sandbox.frames import (
    CompileLimits,
    Connection,
    Kind,
    Lost,
    pack_module,
    pack_result,
    pack_task,
    result_bytes_max,
    unpack_module,
    unpack_result,
    unpack_task,
)
from palyra_runtime.sandbox.task import Bounds, RunResult, Task

u64 = st.integers(0, 2**64 - 1)
u32 = st.integers(0, 2**32 - 1)
BOUNDS = Bounds(1_000, 65_536, 10, 1, 100, 5, 1_000, 5, 100)

tasks = st.builds(
    Task,
    entrypoint=st.text(max_size=50),
    input=st.binary(max_size=2_000),
    grant_counts=st.tuples(u32, u32, u32, u32),
    bounds=st.builds(Bounds, *[u64] * 9),
    deadline=st.floats(0, 1e12),
    memory_bytes_min=u64,
    memories=st.integers(0, 8),
)
results = st.builds(
    RunResult,
    outcome=st.text("abc_:", max_size=255),
    message=st.text(max_size=500),
    exit_code=st.none() | st.integers(-(2**31), 2**31 - 1),
    output=st.binary(max_size=2_000),
    logs=st.lists(st.tuples(st.integers(0, 4), st.binary(max_size=50)), max_size=5).map(tuple),
    log_lines_dropped=u32,
    fuel_instantiate_units=u64,
    fuel_units=u64,
    memory_bytes_peak=u64,
)


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    pair = Connection(ours), Connection(theirs)
    yield pair
    for end in pair:
        end.close()


def read(frame: bytes) -> bool:
    """Whether reading ends as it may: in a result, or in `Lost`."""
    try:
        return isinstance(unpack_result(frame), RunResult)
    except Lost:
        return True


@given(task=tasks, digest=st.binary(min_size=32, max_size=32))
def test_a_task_arrives_as_it_was_sent(task, digest):
    """No number and no byte of a run is lost on the way to its process."""
    assert unpack_task(pack_task(digest, task)) == (digest, task)


@given(results)
def test_a_result_arrives_as_it_was_sent(result):
    """No number and no byte of a result is lost on the way back."""
    assert unpack_result(pack_result(result)) == result


@given(st.builds(CompileLimits, u32, u64), st.binary(max_size=100))
def test_a_module_arrives_as_it_was_sent(limits, module):
    """The compiler gets the limits and the bytes that it was meant to get."""
    assert unpack_module(pack_module(limits, module)) == (limits, module)


@given(results, st.integers(0, 10_000), st.binary(max_size=8))
def test_a_damaged_result_is_another_result_or_none(result, place, new):
    """Whatever a process in a guest's hands says, reading it ends in a result or in `Lost`."""
    frame = bytearray(pack_result(result))
    at = place % len(frame)
    frame[at : at + 4] = new

    assert read(bytes(frame))


@given(st.binary(max_size=200))
def test_noise_is_no_result(noise):
    """Bytes of any kind are read to an end."""
    assert read(noise)


def test_the_bound_of_a_result_holds_the_largest_one():
    """A guest that uses all of its limits is not taken for a liar."""
    largest = RunResult(
        outcome="x" * 255,
        message="m" * 500,
        exit_code=1,
        output=bytes(BOUNDS.output_bytes_max),
        logs=((4, bytes(BOUNDS.log_bytes_max)), *[(0, b"")] * (BOUNDS.log_lines_max - 1)),
    )

    assert len(pack_result(largest)) <= result_bytes_max(BOUNDS)


def test_messages_keep_their_order_and_their_bounds(ends):
    """Two messages that come in one piece are two messages."""
    ours, theirs = ends
    theirs.send(Kind.CALL, b"one")
    theirs.send(Kind.DONE, b"two", b"three")
    bounds = {Kind.CALL: 3, Kind.DONE: 8}

    assert [ours.receive(bounds), ours.receive(bounds)] == [(Kind.CALL, b"one"), (Kind.DONE, b"twothree")]


@pytest.mark.parametrize("bounds", [{Kind.CALL: 2}, {Kind.DONE: 100}, {}])
def test_a_message_that_does_not_fit_is_not_read(ends, bounds):
    """What is too long, or not to be said now, ends the connection by its header alone."""
    ours, theirs = ends
    theirs.send(Kind.CALL, b"one")

    with pytest.raises(Lost, match="not asked, or too much"):
        ours.receive(bounds)


def test_a_message_that_does_not_come_is_not_waited_for(ends):
    """There is an end to patience."""
    ours, _ = ends

    with pytest.raises(Lost, match="in time"):
        ours.receive({Kind.CALL: 1}, monotonic())


def test_a_message_that_nobody_reads_is_not_waited_for(ends):
    """A process that stands still cannot hold its parent by not listening."""
    ours, _ = ends

    with pytest.raises(Lost, match="in time"):
        ours.send(Kind.RUN, bytes(2**24), until=monotonic())


def test_an_end_that_is_gone_is_lost(ends):
    """Both reading and writing say so."""
    ours, theirs = ends
    theirs.close()

    with pytest.raises(Lost, match="ended"):
        ours.receive({Kind.CALL: 1})
    with pytest.raises(Lost, match="ended"):
        ours.send(Kind.RUN, b"x")


def test_megabytes_go_through(ends):
    """A message may be larger than what the kernel keeps of it at a time."""
    from threading import Thread

    ours, theirs = ends
    data = bytes(range(256)) * 2**16
    sender = Thread(target=theirs.send, args=(Kind.DONE, data))
    sender.start()
    _, received = ours.receive({Kind.DONE: len(data)}, monotonic() + 60)
    sender.join()

    assert received == data
