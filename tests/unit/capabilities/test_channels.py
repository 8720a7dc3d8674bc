from __future__ import annotations

import json

import pytest

from palyra_runtime.capabilities import EffectCollector, HostBroker
from palyra_runtime.capabilities.channels import ChannelService
from palyra_runtime.sandbox import CapabilityGrantSet
from palyra_runtime.sandbox.session import HostCall
from tests.sample_events import MOMENT

GRANTS = CapabilityGrantSet(channels=("alerts", "ops"))


class Channels:
    """The channels of one attempt."""

    def __init__(self) -> None:
        self.effects = EffectCollector()
        services = {"channel.send": ChannelService(self.effects).send}
        self._broker = HostBroker(lambda: MOMENT, bytes, services)

    def send(self, handle: object = 40_000, **request: object) -> dict[str, object]:
        asked = json.dumps({"op": "channel.send", "handle": handle, **request}).encode()
        return json.loads(self._broker.answer(HostCall(0, asked, GRANTS, 1000, 1.0)))


def test_messages_are_effects_in_their_order():
    """Each message names the channel behind its handle; equal ones are two, with one copy of the bytes."""
    channels = Channels()
    for handle, message in ((40_001, {"text": "ü"}), (40_000, "once"), (40_000, "once")):
        assert channels.send(handle, message=message) == {"ok": True}

    messages = channels.effects.effects().messages

    assert [message.channel for message in messages] == ["ops", "alerts", "alerts"]
    assert [blob.content for blob in channels.effects.blobs()] == ['{"text":"ü"}'.encode(), b'"once"']
    assert messages[1] == messages[2]


@pytest.mark.parametrize("request_fields", [{}, {"message": 1, "to": "bob"}])
def test_a_request_of_another_form_is_refused(request_fields):
    """A message there must be, and who gets it is decided by the handle."""
    assert Channels().send(**request_fields)["error"]["code"] == "bad_request"


@pytest.mark.parametrize("handle", [40_002, 30_000, None, "40000", 40_000.0])
def test_a_handle_that_was_not_granted_reaches_nobody(handle):
    """A channel is reached through the handles of this attempt alone."""
    channels = Channels()

    assert channels.send(handle, message=1)["error"]["code"] == "denied"
    assert channels.effects.effects().messages == ()


def test_a_message_has_64_kib_at_most():
    """The bytes of its JSON text count."""
    channels = Channels()

    assert channels.send(message="x" * (64 * 1024 - 2)) == {"ok": True}
    assert channels.send(message="x" * (64 * 1024 - 1))["error"]["code"] == "too_large"


def test_the_outcome_has_room_for_so_many_messages():
    """What is too much is refused and not kept; what was taken before stays."""
    channels = Channels()

    codes = [channels.send(message=number).get("error", {}).get("code") for number in range(300)]

    taken = codes.index("limit")
    assert taken > 100
    assert codes == [None] * taken + ["limit"] * (300 - taken)
    assert len(channels.effects.effects().messages) == len(channels.effects.blobs()) == taken
