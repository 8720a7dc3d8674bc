from __future__ import annotations

import pytest
from pydantic import ValidationError

from palyra_events.blob import BlobRef
from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.delivery import AttemptSucceeded
from palyra_events.effect import EFFECTS_SIZE_MAX, ChannelMessage, Effects, StorageWrite, storage_path
from palyra_events.plugin import BINDING_SIZE_MAX
from palyra_events.registry import EVENT_SIZE_MAX, REGISTRY
from tests.sample_events import FULL_STAMP, INVOCATION

VALUE = BlobRef(sha256="5c" * 32, size=305)


@pytest.mark.parametrize(
    ("prefix", "key", "path"),
    [
        ("notes", "one", "notes/one"),
        ("notes/", "one", "notes/one"),
        ("notes", "drafts/one", "notes/drafts/one"),
        ("notes/drafts", "one", "notes/drafts/one"),
        ("//notes//drafts//", "one", "notes/drafts/one"),
        ("/", "one", "one"),
        ("notes", "", "notes/"),
        ("notes-2", "one", "notes-2/one"),
        ("*", "one", "*/one"),
    ],
)
def test_a_grant_covers_what_is_below_its_prefix(prefix, key, path):
    """A value has one place, whichever of two grants it is named through; a like beginning is no prefix."""
    assert storage_path(prefix, key) == path


def test_a_deletion_comes_back_from_the_log():
    """A write without a value is written without the field, and read as a deletion."""
    effects = Effects(storage=(StorageWrite(prefix="notes", key="one"),))
    event = FULL_STAMP.on(
        AttemptSucceeded, delivery_id="41:greet", attempt=1, invocation=INVOCATION, effects=effects
    )

    topic, state = REGISTRY.encode(event)

    assert b'"storage":[{"prefix":"notes","key":"one"}]' in state
    assert REGISTRY.decode(topic, state).effects.storage[0].value is None


def test_the_largest_effects_fit_beside_the_largest_binding():
    """An outcome that the host let a guest make can be recorded, whatever its plugin was granted."""
    grants = PluginCapabilityProfile(storage_prefixes=("x" * (BINDING_SIZE_MAX - 300),))
    message = ChannelMessage(channel="ops", message=VALUE)
    count = EFFECTS_SIZE_MAX // (len(message.model_dump_json()) + 1)
    event = FULL_STAMP.on(
        AttemptSucceeded,
        delivery_id=f"{2**63}:{'h' * 128}",
        attempt=100,
        invocation=INVOCATION.model_copy(update={"grants": grants}),
        effects=Effects(messages=(message,) * count),
    )

    _, state = REGISTRY.encode(event)

    assert BINDING_SIZE_MAX + EFFECTS_SIZE_MAX < len(state) <= EVENT_SIZE_MAX


@pytest.mark.parametrize("key", ["", "a\nb", "a\x00", "\x7f", "\x9b", "k" * 513])
def test_a_key_that_no_host_takes_is_in_no_event(key):
    """What did not come through the host's checks is not read as an effect either."""
    with pytest.raises(ValidationError):
        StorageWrite(prefix="notes", key=key, value=VALUE)
