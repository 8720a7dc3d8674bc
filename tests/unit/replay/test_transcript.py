from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palyra_events.errors import LogDamaged
from palyra_events.right import Right
from palyra_events.skill import Release, ReleaseState
from palyra_runtime.dispatch.attempt import Terms, record
from palyra_runtime.replay.transcript import UNANSWERED, TranscriptBroker, parse_transcript
from palyra_runtime.sandbox import CapabilityGrantSet, Exchange, Execution, HostCall, Limits
from tests.sample_events import BINDING, FACTS, GRANTS, MODULE

TERMS = Terms(
    Right("echo", BINDING, Release("1.2.3", ReleaseState.ENABLED, FACTS), MODULE), GRANTS, Limits(), 40
)
BYTES = st.one_of(
    st.binary(max_size=40), st.text(max_size=40).map(lambda text: text.encode(errors="replace"))
)


def call(index: int, request: bytes) -> HostCall:
    return HostCall(index, request, CapabilityGrantSet(), 1_000, 1.0)


@given(st.lists(st.builds(Exchange, BYTES, BYTES), min_size=1, max_size=5))
def test_a_transcript_is_kept_to_the_byte(exchanges):
    """What a worker keeps of the calls, a replay gets back, also what is no text."""
    execution = Execution("ok", transcript=tuple(exchanges))
    invocation, blobs = record(TERMS, execution, b"{}")
    (kept,) = [blob.content for blob in blobs if blob.digest == invocation.transcript.digest]

    assert parse_transcript(kept) == tuple(exchanges)


@pytest.mark.parametrize("content", [b"", b"{}x", b"[1]", b'[{"request":1,"answer":"{}"}]', b'{"a":1}'])
def test_what_is_no_transcript_is_damage(content):
    """Somebody has put other bytes there."""
    with pytest.raises(LogDamaged):
        parse_transcript(content)


def test_answers_come_in_the_order_of_the_calls():
    """The same request twice has the answers that it had then."""
    broker = TranscriptBroker([Exchange(b"a", b"1"), Exchange(b"a", b"2")])

    assert [broker.answer(call(index, b"a")) for index in range(2)] == [b"1", b"2"]
    assert broker.departure is None


def test_after_a_departure_nothing_is_known():
    """From the first call that is another one, the transcript is of a world that never was."""
    broker = TranscriptBroker([Exchange(b"a", b"1"), Exchange(b"b", b"2")])

    answers = [broker.answer(call(0, b"x")), broker.answer(call(1, b"b")), broker.answer(call(2, b"c"))]

    assert (answers, broker.departure) == ([UNANSWERED] * 3, 0)
