from __future__ import annotations

from datetime import timedelta

from palyra_events.blob import BlobRef
from palyra_events.delivery import AttemptSucceeded
from palyra_events.effect import ChannelMessage, Effects, message_id
from palyra_events.message import MessageFailed, MessageSent, MessageState
from projections import Views
from tests.journal import Journal
from tests.sample_events import BARE_INVOCATION, MOMENT

BYTES = BlobRef(sha256="7e" * 32, size=307)
LATER = MOMENT + timedelta(days=1)


def record(journal: Journal, *channels: str) -> int:
    """Record that a run of the plugin ``echo`` succeeded and sent messages to these channels."""
    messages = tuple(ChannelMessage(channel=channel, message=BYTES) for channel in channels)
    return journal.add(
        AttemptSucceeded,
        delivery_id="41:greet",
        attempt=1,
        invocation=BARE_INVOCATION,
        effects=Effects(messages=messages),
    )


def fail(journal: Journal, message: str, *, last: bool = False) -> None:
    journal.add(
        MessageFailed,
        message_id=message,
        channel="ops",
        attempt=3,
        outcome="connect",
        error="Nobody is there.",
        retry_at=None if last else LATER,
    )


def test_a_message_waits_from_its_outcome_on(views: Views, journal: Journal):
    """Its id is the outcome's position and its place in it; the row names plugin, channel and bytes."""
    record(journal, "first")
    position = record(journal, "ops", "alerts")

    _, _, row = views.messages()

    assert (row.message_id, row.position, row.place) == (f"{position}.1", position, 1)
    assert (row.plugin_id, row.channel, row.blob, row.correlation_id) == ("echo", "alerts", BYTES, "c0ffee")
    assert (row.state, row.attempts, row.retry_at) == (MessageState.WAITING, 0, None)


def test_a_message_that_was_sent_is_gone(views: Views, journal: Journal):
    """The view holds what is left to do; what was done is in the log."""
    position = record(journal, "ops", "ops")
    journal.add(MessageSent, message_id=message_id(position, 0), channel="ops", attempt=1)

    assert [row.place for row in views.messages()] == [1]
    assert views.waiting_messages() == 1


def test_a_failed_try_tells_why_and_when(views: Views, journal: Journal):
    """A message waits for its time, and others of the channel do not wait for it."""
    position = record(journal, "ops", "ops")
    fail(journal, f"{position}.0")

    row, other = views.messages()

    assert (row.state, row.attempts, row.retry_at) == (MessageState.RETRYING, 3, LATER)
    assert (row.outcome, row.error) == ("connect", "Nobody is there.")
    assert views.due_messages(["ops"], LATER - timedelta(microseconds=1)) == [other]
    assert views.due_messages(["ops"], LATER) == [row, other]


def test_a_message_that_was_given_up_stays_to_be_seen(views: Views, journal: Journal):
    """It is never due again, and it is not waiting."""
    position = record(journal, "ops")
    fail(journal, f"{position}.0", last=True)

    assert [row.state for row in views.messages(state=MessageState.DEAD)] == [MessageState.DEAD]
    assert views.messages(state=MessageState.WAITING) == []
    assert views.due_messages(["ops"], LATER) == []
    assert views.waiting_messages() == 0


def test_only_messages_to_the_channels_asked_for_are_due(views: Views, journal: Journal):
    """What nobody can send is left alone, and counted."""
    record(journal, "ops", "alerts", "ops")

    assert [row.channel for row in views.due_messages(["alerts", "none"], LATER)] == ["alerts"]
    assert views.due_messages([], LATER) == []
    assert views.waiting_messages() == 3


def test_messages_come_in_pages_in_the_order_of_sending(views: Views, journal: Journal):
    """A page can end within an outcome."""
    positions = [record(journal, "ops", "ops"), record(journal, "ops", "ops")]

    seen, after = [], (0, 0)
    while page := views.messages(after=after, limit=3):
        seen += [row.message_id for row in page]
        after = (page[-1].position, page[-1].place)

    assert seen == [message_id(position, place) for position in positions for place in (0, 1)]


def test_what_is_due_is_found_without_looking_at_the_dead(views: Views, journal: Journal, plan_of):
    """An index of what is waiting answers the question that every drain asks."""
    record(journal, "ops")
    views.messages()

    plan = plan_of(lambda: views.as_is.due_messages(["ops"], LATER))

    assert "ix_outbox_g1_waiting" in plan


def test_the_next_try_is_that_of_a_channel_that_is_asked_for(views: Views, journal: Journal):
    """What is due by then does not count, nor does what goes elsewhere."""
    position = record(journal, "ops", "alerts")
    fail(journal, message_id(position, 0))

    assert views.next_message_at(["ops"], MOMENT) == LATER
    assert views.next_message_at(["ops"], LATER) is None
    assert views.next_message_at(["alerts"], MOMENT) is None
