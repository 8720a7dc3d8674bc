"""The host-io functions, called by a guest that does as its input says."""

from __future__ import annotations

import json
import struct

import pytest

from palyra_runtime.sandbox import Invocation, Limits

INPUT_READ, OUTPUT_WRITE, LOG, CALL, CALL_READ = range(5)
MEMORY_BYTES = 2 * 65_536
U32 = 2**32


def order(function: int, *arguments: int, text: bytes = b"") -> bytes:
    """The input that makes the probe call ``function``; ``text`` is then at address 16."""
    words = (function, *arguments, *[0] * (3 - len(arguments)))
    return struct.pack("<4I", *(word % U32 for word in words)) + text


@pytest.mark.parametrize("function", [INPUT_READ, OUTPUT_WRITE, CALL, CALL_READ])
@pytest.mark.parametrize(
    ("pointer", "size"),
    [
        (MEMORY_BYTES, 1),
        (MEMORY_BYTES - 1, 2),
        (0, MEMORY_BYTES + 1),
        (0xFFFF_FFF0, 16),
        (0xFFFF_FFFF, 0xFFFF_FFFF),
        (0x8000_0000, 1),
        (0, 0xFFFF_FFFF),
        (0, 0x8000_0000),
        (1, 0xFFFF_FFFF),
        (MEMORY_BYTES + 1, 0),
    ],
)
def test_a_range_outside_memory_ends_the_guest(run, function, pointer, size):
    """Pointers and sizes are unsigned, their sum does not wrap, and no range means less than it says."""
    assert run("probe", order(function, pointer, size)).outcome == "trapped:bad_pointer"


@pytest.mark.parametrize(("pointer", "size"), [(MEMORY_BYTES, 1), (0xFFFF_FFF0, 16), (0, 0xFFFF_FFFF)])
def test_a_log_line_outside_memory_ends_the_guest(run, pointer, size):
    """A log line is checked like every other range."""
    assert run("probe", order(LOG, 2, pointer, size)).outcome == "trapped:bad_pointer"


@pytest.mark.parametrize(
    ("size", "outcome"), [(16 * 1024**2, "ok"), (16 * 1024**2 + 1, "trapped:bad_pointer")]
)
def test_no_range_is_larger_than_16_mib(invoke, broker, guest, size, outcome):
    """A guest with a large memory cannot have the host copy all of it at once."""
    module = guest("probe").replace(b"\x05\x03\x01\x00\x02", b"\x05\x04\x01\x00\x80\x04")
    limits = Limits(fuel_budget=2**40, output_bytes_max=0)

    execution = invoke(module, Invocation(broker, input=order(CALL_READ, 0, size), limits=limits))

    assert execution.outcome == outcome


@pytest.mark.parametrize("pointer", [0, MEMORY_BYTES])
def test_an_empty_range_may_lie_at_the_end_of_memory(run, pointer):
    """Nothing is read from an empty range, so the address behind the last byte is a good one."""
    execution = run("probe", order(OUTPUT_WRITE, pointer, 0))

    assert (execution.outcome, execution.exit_code) == ("ok", 0)


def test_input_is_read_whole_or_not_at_all(run):
    """A capacity one too small gives -1, and nothing is copied over the guest's memory."""
    data = order(INPUT_READ, 100, 16 + 3, text=b"abcd")

    assert run("probe", data).exit_code == -1


def test_input_read_gives_the_size_of_the_input(run):
    """The guest learns how much it was given, whatever room it had."""
    data = order(INPUT_READ, 100, 1000, text=b"abcd")

    assert run("probe", data).exit_code == len(data)


def test_output_is_appended(run):
    """Two writes make one output."""
    execution = run("output_twice")

    assert (execution.output, execution.exit_code) == (b"{}  \n\n\n", 3)


def test_output_past_its_limit_is_refused_whole(run):
    """A write that does not fit gives -1 and leaves what was written before."""
    execution = run("output_twice", output_bytes_max=6)

    assert (execution.output, execution.exit_code) == (b"{}  ", -1)


@pytest.mark.parametrize(("level", "kept"), [(0, 0), (4, 4), (5, 2), (-1, 2)])
def test_a_log_line_has_one_of_five_levels(run, level, kept):
    """An unknown level is shown as info."""
    execution = run("probe", order(LOG, level, 16, 4, text="grüß".encode()))

    assert [(line.level, line.text) for line in execution.logs] == [(kept, "grü")]


def test_a_log_line_that_is_not_utf_8_is_kept_readable(run):
    """What a guest logs can always be stored as text."""
    execution = run("probe", order(LOG, 2, 16, 2, text=b"a\xff"))

    assert execution.logs[0].text == "a\N{REPLACEMENT CHARACTER}"


def test_log_lines_past_their_number_are_counted_only(run):
    """A guest that logs in a loop costs no memory, and the reader is told what is missing."""
    execution = run("log_storm", log_lines_max=10)

    assert (len(execution.logs), execution.log_lines_dropped) == (10, 990)


def test_log_lines_past_their_size_are_counted_only(run):
    """The sum of all lines is bounded as well."""
    execution = run("log_storm", log_bytes_max=7)

    assert (len(execution.logs), execution.log_lines_dropped) == (7, 993)


def test_a_log_line_is_cut_where_the_room_ends(run):
    """The beginning of a long line is kept."""
    execution = run("probe", order(LOG, 2, 16, 5, text=b"abcde"), log_bytes_max=3)

    assert execution.logs[0].text == "abc"


def test_a_call_gives_the_size_of_its_answer_and_call_read_its_bytes(run):
    """The guest asks, makes room, and reads the answer."""
    execution = run("ask", b'{"op":"random.bytes","n":3}')

    assert execution.output == b'{"ok":"AAEC"}'


def test_an_answer_is_read_whole_or_not_at_all(run):
    """Before the first call there is an empty answer, which every capacity holds."""
    assert run("probe", order(CALL_READ, 0, 0)).exit_code == 0


def test_the_transcript_has_the_calls_in_order(run):
    """Each request stands beside the answer that the guest got."""
    execution = run("ask", b'{"op":"clock.now"}')

    assert [(turn.request, turn.answer) for turn in execution.transcript] == [
        (b'{"op":"clock.now"}', execution.output)
    ]


def test_calls_past_the_limit_are_answered_limit(run):
    """A guest that asks too often is told so, and goes on."""
    execution = run("ask_often", b'{"op":"random.bytes","n":3}', host_calls_max=5)

    assert (execution.exit_code, json.loads(execution.output)["error"]["code"]) == (5, "limit")


def test_calls_past_the_limit_are_not_in_the_transcript(run):
    """A loop of refused calls does not fill the log; their answer follows from their number."""
    assert len(run("call_storm", host_calls_max=5).transcript) == 5


def test_the_bytes_of_all_calls_together_are_bounded(run):
    """A request that no longer fits is answered limit, without reaching the broker."""
    execution = run("ask", b'{"op":"clock.now"}' + b" " * 1000, transcript_bytes_max=1000)

    assert (execution.transcript, json.loads(execution.output)["error"]["code"]) == ((), "limit")


class _Talkative:
    def answer(self, call):
        return b"x" * (call.answer_bytes_max + 1)


def test_an_answer_that_is_too_long_is_replaced(invoke, guest):
    """A broker that ignores its bound cannot make a run larger than its limits."""
    execution = invoke(guest("ask"), Invocation(_Talkative(), input=b"{}"))

    assert json.loads(execution.transcript[0].answer)["error"]["code"] == "limit"


def test_a_call_without_time_left_is_answered_deadline(invoke, guest, broker):
    """No service is asked for a guest whose time is over; the answer is recorded like any other."""
    execution = invoke(guest("ask"), Invocation(broker, input=b'{"op":"clock.now"}', deadline=0.0))

    assert [json.loads(turn.answer)["error"]["code"] for turn in execution.transcript] == ["deadline"]
