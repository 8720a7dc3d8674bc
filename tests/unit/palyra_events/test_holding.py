from __future__ import annotations

import pytest

from palyra_events.blob import BlobRef, blob_digests
from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.effect import ChannelMessage, Effects, StorageWrite
from palyra_events.holding import BlobKind, Holding, InUse, holdings, told_of
from palyra_events.message import MessageDiscarded, MessageFailed, MessageSent
from palyra_events.plugin import PluginBound
from palyra_events.registry import REGISTRY
from palyra_events.tool_run import PluginInvoked
from tests.sample_events import BARE_INVOCATION, FULL_STAMP, SAMPLES

FULL = {type(sample.full): sample.full for sample in SAMPLES}


def ref(byte: str) -> BlobRef:
    """Return a reference whose digest is one byte again and again."""
    return BlobRef(sha256=byte * 32, size=1)


def outcome(*writes: StorageWrite, sent: BlobRef | None = None) -> AttemptSucceeded:
    """Return the outcome of an attempt with these effects."""
    messages = () if sent is None else (ChannelMessage(channel="ops", message=sent),)
    effects = Effects(storage=writes, messages=messages)
    return FULL_STAMP.on(
        AttemptSucceeded, delivery_id="41:greet", attempt=1, invocation=BARE_INVOCATION, effects=effects
    )


def write(value: BlobRef | None, key: str = "last") -> StorageWrite:
    """Return a write of a value at a key."""
    return StorageWrite(prefix="notes", key=key, value=value)


@pytest.mark.parametrize("kind", REGISTRY.topics, ids=lambda kind: kind.__name__)
def test_no_bytes_are_overlooked(kind):
    """All bytes that an event of any type names are in the table: else nobody could ever drop them."""
    _, state = REGISTRY.encode(FULL[kind])
    assert {holding.digest for holding in holdings(FULL[kind])} == set(blob_digests(state))


def test_bytes_are_told_apart():
    """An outcome names what the guest was told, what it said, and what it changed."""
    kinds = [holding.kind.value for holding in holdings(FULL[AttemptSucceeded])]
    run = ["reason", "input", "output", "logs", "transcript"]
    assert kinds == [*run, "stored", "stored", "message", "surface"]
    assert Holding(BlobKind.CONFIG, bytes.fromhex("8f" * 32)) in list(holdings(FULL[PluginBound]))


def test_a_run_was_told_of_the_event_of_its_delivery():
    """Attempts were told of the event that set them off; a tool run of none."""
    told = [told_of(FULL[kind]) for kind in (AttemptSucceeded, AttemptFailed, PluginInvoked)]
    assert told == [41, 41, None]


def test_a_value_is_in_use_until_it_is_overwritten_or_deleted():
    """Of what a plugin stores the newest value at each key is needed, and no other."""
    in_use = InUse()
    in_use.take(50, outcome(write(ref("aa")), write(ref("bb"), "first")))
    in_use.take(51, outcome(write(ref("cc")), write(None, "first")))
    assert in_use.digests() == {ref("cc").digest}


@pytest.mark.parametrize(
    ("event", "is_needed"),
    [
        (FULL_STAMP.on(MessageSent, message_id="50.0", channel="ops", attempt=1), False),
        (FULL_STAMP.on(MessageDiscarded, message_id="50.0"), False),
        (
            FULL_STAMP.on(MessageFailed, message_id="50.0", channel="ops", attempt=8, outcome="http_503"),
            True,
        ),
    ],
    ids=["sent", "discarded", "given up"],
)
def test_a_message_is_in_use_until_it_is_settled(event, is_needed):
    """One that was given up can be tried again, so it is needed still."""
    in_use = InUse()
    in_use.take(50, outcome(sent=ref("dd")))
    in_use.take(51, event)
    assert (ref("dd").digest in in_use.digests()) is is_needed
