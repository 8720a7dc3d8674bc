from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from palyra_events.errors import IllegalTransition, ReasonRequired
from palyra_events.message import TRIES_MAX, MessageState
from palyra_runtime.dispatch import SendFailed
from palyra_runtime.facade import UnknownMessage
from tests.stage import OPEN_POLICY, Stage, asking, unchanged


class Refusing:
    """A receiver that takes nothing."""

    def send(self, outgoing):
        raise SendFailed("http_503", "The receiver answered 503.")


class Taking:
    """A receiver that takes everything, and remembers it."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, outgoing):
        self.taken.append(outgoing.message_id)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A gateway whose plugin has sent two messages that nobody has taken yet."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=OPEN_POLICY) as opened:
        said = [{"op": "channel.send", "handle": 40000, "message": {"text": text}} for text in ("a", "b")]
        opened.ready_with_effects(asking(*said))
        opened.fire()
        opened.dispatcher().drain()
        yield opened


def give_up(stage: Stage) -> None:
    """Try to send all messages so often that they are given up."""
    for _ in range(TRIES_MAX):
        stage.outbox(ops=Refusing()).send_due()
        stage.clock.move(hours=2)


def test_a_message_is_shown_with_its_content_and_its_tries(stage: Stage):
    """Who sent it, from which outcome, what it says, and what the receiver answered."""
    stage.outbox(ops=Refusing()).send_due()
    row, _ = stage.palyra.messages.list()

    detail = stage.palyra.messages.show(row.message_id)

    assert (detail.state, detail.attempts, detail.channel) == (MessageState.RETRYING, 1, "ops")
    assert (detail.plugin_id, detail.position, detail.size) == ("echo", row.position, row.size)
    assert (detail.content, detail.is_erased, detail.retry_at) == ({"text": "a"}, False, row.retry_at)
    (tried,) = detail.history
    assert tried.summary.startswith("try 1 to ops failed: http_503; next at ")
    assert (tried.actor, tried.error, tried.reason) == ("system:outbox", "The receiver answered 503.", None)


def test_a_message_that_was_sent_can_still_be_shown(stage: Stage):
    """The listing has only what is left to do; the log has all."""
    row, _ = stage.palyra.messages.list()
    stage.outbox(ops=Taking()).send_due()

    assert stage.palyra.messages.list() == []
    assert stage.palyra.messages.show(row.message_id).state is MessageState.SENT


def test_an_erased_message_says_so(stage: Stage):
    """It has no content any more, and that is no error."""
    row, _ = stage.palyra.messages.list()
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM blob WHERE digest = X'{row.sha256}'")

    detail = stage.palyra.messages.show(row.message_id)

    assert (detail.content, detail.is_erased) == (None, True)


def test_a_message_that_was_given_up_is_tried_again(stage: Stage):
    """At once, and it arrives once; the reason is kept."""
    give_up(stage)
    row, other = stage.palyra.messages.list(state=MessageState.DEAD)
    receiver = Taking()

    detail = stage.palyra.messages.retry(row.message_id, reason="the receiver is up again")
    stage.outbox(ops=receiver).send_due()

    assert (detail.state, detail.retry_at, detail.attempts) == (MessageState.RETRYING, None, TRIES_MAX)
    assert detail.history[-1].reason == "the receiver is up again"
    assert receiver.taken == [row.message_id]
    assert [each.message_id for each in stage.palyra.messages.list()] == [other.message_id]


def test_a_message_that_waits_is_tried_at_once(stage: Stage):
    """Nobody waits an hour for a receiver that is up again."""
    stage.outbox(ops=Refusing()).send_due()
    row, _ = stage.palyra.messages.list()
    receiver = Taking()

    stage.palyra.messages.retry(row.message_id)
    stage.outbox(ops=receiver).send_due()

    assert receiver.taken == [row.message_id]


def test_a_discarded_message_is_never_sent(stage: Stage):
    """It is gone from the listing, and the log says who did it and why."""
    row, other = stage.palyra.messages.list()
    receiver = Taking()

    detail = stage.palyra.messages.discard(row.message_id, reason="too late")
    stage.outbox(ops=receiver).send_due()

    assert detail.state is MessageState.DISCARDED
    assert (detail.history[-1].summary, detail.history[-1].reason) == ("discarded", "too late")
    assert receiver.taken == [other.message_id]
    with pytest.raises(IllegalTransition, match="it cannot be discarded"):
        stage.palyra.messages.discard(row.message_id, reason="once more")


def test_a_message_that_is_discarded_while_it_is_sent_stays_discarded(stage: Stage):
    """The try took the message away, and its record comes too late: the outbox goes on."""
    palyra = stage.palyra
    first, second = palyra.messages.list()

    class Discarding(Taking):
        def send(self, outgoing):
            super().send(outgoing)
            if outgoing.message_id == first.message_id:
                palyra.messages.discard(first.message_id, reason="too late")

    report = stage.outbox(ops=Discarding()).send_due()

    assert (report.sent, report.waiting) == (1, 0)
    assert palyra.messages.show(first.message_id).state is MessageState.DISCARDED
    assert palyra.messages.show(second.message_id).state is MessageState.SENT


def test_a_message_is_not_discarded_without_a_reason(stage: Stage):
    """It never comes back, so somebody has to answer for it."""
    row, _ = stage.palyra.messages.list()

    with unchanged(stage.log), pytest.raises(ReasonRequired):
        stage.palyra.messages.discard(row.message_id, reason=" ")


def test_messages_are_listed_by_state_channel_and_plugin_page_by_page(stage: Stage):
    """Filters hold together, and a page begins behind the last message of the one before."""
    first, second = stage.palyra.messages.list()

    assert stage.palyra.messages.list(state=MessageState.DEAD) == []
    assert stage.palyra.messages.list(channel="ops", plugin=" ECHO ") == [first, second]
    assert stage.palyra.messages.list(channel="alerts") == stage.palyra.messages.list(plugin="other") == []
    assert stage.palyra.messages.list(after=(first.position, first.place)) == [second]


@pytest.mark.parametrize(
    "text", ["", "7", "7.", ".0", "0.0", "1.0", "7.0", "-1.0", "1.9", f"{2**80}.0", "\x1b"]
)
def test_what_is_no_message_is_unknown(stage: Stage, text):
    """Other events send nothing, and other texts are no ids; nothing is changed."""
    with unchanged(stage.log):
        for act in (stage.palyra.messages.show, stage.palyra.messages.retry):
            with pytest.raises(UnknownMessage):
                act(text)


def test_a_message_has_one_id(stage: Stage):
    """Leading zeros would make a second stream for the same message."""
    row, _ = stage.palyra.messages.list()

    with pytest.raises(UnknownMessage):
        stage.palyra.messages.show(f"0{row.message_id}")
    with pytest.raises(UnknownMessage):
        stage.palyra.messages.show(f"{row.position}.00")
