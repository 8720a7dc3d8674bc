from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from palyra_events.application import Intent
from palyra_events.delivery import AttemptSucceeded
from palyra_events.message import TRIES_MAX, MessageFailed, MessageSent, MessageState
from palyra_runtime import Surroundings
from palyra_runtime.dispatch import OutboxReport, Outgoing, SendFailed
from tests.stage import NOON, OPEN_POLICY, PLUGIN, Stage, asking

SEND = {"op": "channel.send", "handle": 40_000, "message": {"text": "größer"}}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage on which each start of a gateway has a plugin send two messages to ``ops``."""
    with Stage(f"sqlite:///{tmp_path}/palyra.db", tmp_path, policy=OPEN_POLICY) as opened:
        opened.ready_with_effects(asking(SEND, {**SEND, "message": 2}))
        yield opened


class Receiver:
    """Takes messages, or does with them what a test says."""

    def __init__(self, behave: Callable[[Outgoing], None] = lambda _: None) -> None:
        self.got: list[Outgoing] = []
        self._behave = behave

    def send(self, outgoing: Outgoing) -> None:
        self.got.append(outgoing)
        self._behave(outgoing)


def refuse(_: Outgoing) -> None:
    raise SendFailed("http_503", "The receiver answered 503.")


def waiting(stage: Stage) -> int:
    """Let the plugin send its messages, to a channel that nobody has configured; return their outcome."""
    stage.fire()
    stage.dispatcher().drain()
    return max(row.position for row in stage.views.messages())


def test_a_drain_sends_what_its_outcomes_said(stage: Stage):
    """Messages leave in the order in which they were sent, each with its record."""
    ops = Receiver()
    stage.fire()

    report = stage.dispatcher(ops=ops).drain()

    (outcome,) = [row for row in stage.log.read(0, 1000) if row.topic == "AttemptSucceeded@1"]
    ids = [f"{outcome.position}.{place}" for place in (0, 1)]
    assert report.messages == OutboxReport(sent=2, retrying=0, dead=0, waiting=0)
    assert [(out.message_id, out.message) for out in ops.got] == [
        (ids[0], {"text": "größer"}),
        (ids[1], 2),
    ]
    assert {(out.channel, out.plugin_id) for out in ops.got} == {("ops", PLUGIN)}
    assert [event.message_id for event in stage.events(MessageSent)] == ids


def test_a_record_has_the_correlation_of_the_outcome_and_it_as_its_cause(stage: Stage):
    """From a message that was sent one finds the event that set everything off."""
    position = waiting(stage)

    stage.outbox(ops=Receiver()).send_due()

    (outcome,) = stage.events(AttemptSucceeded)
    sent = stage.events(MessageSent)[0]
    assert (sent.actor, sent.causation_id) == ("system:outbox", f"position:{position}")
    assert sent.correlation_id == outcome.correlation_id


def test_a_message_is_sent_once(stage: Stage):
    """A second pass finds nothing to do."""
    waiting(stage)
    ops = Receiver()
    stage.outbox(ops=ops).send_due()

    again = stage.outbox(ops=ops).send_due()

    assert len(ops.got) == 2
    assert again == OutboxReport(sent=0, retrying=0, dead=0, waiting=0)


def test_a_message_to_a_channel_without_a_sender_waits(stage: Stage):
    """No try is recorded; once somebody configures the channel, it leaves."""
    waiting(stage)

    report = stage.outbox(others=Receiver()).send_due()

    assert report == OutboxReport(sent=0, retrying=0, dead=0, waiting=2)
    assert stage.events(MessageFailed, MessageSent) == []
    assert stage.outbox(ops=Receiver()).send_due().sent == 2


def test_a_failed_try_is_recorded_and_made_again_in_time(stage: Stage):
    """One record for each try; the next one is made when its time has come, under the same key."""
    waiting(stage)
    ops = Receiver(refuse)
    outbox = stage.outbox(ops=ops)

    reports = [outbox.send_due()]
    reports.append(outbox.send_due())
    stage.clock.move(seconds=2)
    reports.append(outbox.send_due())

    assert [(each.retrying, each.waiting) for each in reports] == [(2, 2), (0, 2), (2, 2)]
    failed = stage.events(MessageFailed)
    assert [event.attempt for event in failed] == [1, 1, 2, 2]
    assert {(event.outcome, event.error) for event in failed} == {("http_503", "The receiver answered 503.")}
    assert timedelta(seconds=0.5) <= failed[0].retry_at - NOON <= timedelta(seconds=1)
    assert len({out.idempotency_key for out in ops.got}) == 2
    assert {out.idempotency_key for out in ops.got} == {
        f"{stage.log.log_id.hex}.{event.message_id}" for event in failed
    }


def test_one_message_that_fails_holds_up_no_other(stage: Stage):
    """The second of two messages is taken although the first is not."""
    waiting(stage)

    def pick(outgoing: Outgoing) -> None:
        if outgoing.message != 2:
            refuse(outgoing)

    report = stage.outbox(ops=Receiver(pick)).send_due()

    assert (report.sent, report.retrying) == (1, 1)


def test_a_message_is_given_up_in_the_end(stage: Stage):
    """After the last try the message is dead: it stays in the view, and is not tried again."""
    waiting(stage)
    ops = Receiver(refuse)
    outbox = stage.outbox(ops=ops)

    for _ in range(TRIES_MAX - 1):
        outbox.send_due()
        stage.clock.move(hours=2)
    last = outbox.send_due()
    stage.clock.move(days=30)

    assert (last.dead, last.waiting) == (2, 0)
    assert outbox.send_due() == OutboxReport(sent=0, retrying=0, dead=0, waiting=0)
    assert len(ops.got) == 2 * TRIES_MAX
    assert {row.state for row in stage.views.messages()} == {MessageState.DEAD}


class Died(BaseException):
    """What ends a process without a word."""


def test_a_process_that_dies_between_sending_and_recording_sends_again(stage: Stage):
    """The receiver sees the message twice under one key; the log has one record of one try."""
    waiting(stage)

    def die(_: Outgoing) -> None:
        raise Died

    dying, ops = Receiver(die), Receiver()
    with pytest.raises(Died):
        stage.outbox(ops=dying).send_due()

    stage.outbox(ops=ops).send_due()

    (lost,) = dying.got
    assert lost.idempotency_key == ops.got[0].idempotency_key
    assert [event.attempt for event in stage.events(MessageSent, MessageFailed)] == [1, 1]


def test_of_two_outboxes_one_records_a_try(stage: Stage, caplog: pytest.LogCaptureFixture):
    """If the role should ever fail, a try of a message still has one record."""
    waiting(stage)
    application = stage.application

    def overtake(outgoing: Outgoing) -> None:
        application.record_sent(application.message(outgoing.message_id), "ops", Intent("system:outbox"))

    with caplog.at_level(logging.WARNING):
        report = stage.outbox(ops=Receiver(overtake)).send_due()

    assert report == OutboxReport(sent=2, retrying=0, dead=0, waiting=0)
    assert len(stage.events(MessageSent)) == 2
    assert "recorded by another process" in caplog.text


def test_bytes_that_were_erased_cannot_be_sent(stage: Stage, tmp_path: Path):
    """The message fails, with a word that says why, and the others leave."""
    position = waiting(stage)
    row = stage.views.messages()[0]
    stage.log.close()
    import sqlite3

    connection = sqlite3.connect(tmp_path / "palyra.db")
    with connection:
        connection.execute("DELETE FROM blob WHERE digest = ?", (row.blob.digest,))
    connection.close()
    with Stage(stage.url, tmp_path, policy=OPEN_POLICY) as later:
        report = later.outbox(ops=Receiver()).send_due()

        (failed,) = later.events(MessageFailed)
        assert (report.sent, failed.message_id, failed.outcome) == (1, f"{position}.0", "erased")


def test_a_gateway_sends_through_the_senders_of_its_surroundings(stage: Stage):
    """What embeds Palyra can bring its own way out for a channel."""
    ops = Receiver()
    surroundings = Surroundings(now=stage.clock, policy=OPEN_POLICY, senders={"ops": ops})
    with type(stage.palyra).open(stage.url, actor="operator:bob", surroundings=surroundings) as palyra:
        report = palyra.gateway.run_once()

    assert report.messages.sent == 2
    assert [out.message for out in ops.got] == [{"text": "größer"}, 2]
