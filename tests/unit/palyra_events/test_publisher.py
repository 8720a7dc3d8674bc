from __future__ import annotations

import pytest

from palyra_events.errors import IllegalTransition
from palyra_events.hook import HookEnabled
from palyra_events.publisher import Publisher, PublisherPinned, evolve, pin_publisher
from tests.sample_events import BARE_STAMP

KEY, OTHER_KEY = "4b" * 32, "5c" * 32
UNKNOWN, PINNED = Publisher("acme"), Publisher("acme", KEY)


def test_a_key_is_pinned_on_first_use():
    """From then on it is this publisher's key."""
    (event,) = pin_publisher(UNKNOWN, "ed25519:01", KEY, BARE_STAMP)
    assert event == BARE_STAMP.on(PublisherPinned, publisher="acme", key_id="ed25519:01", public_key=KEY)
    assert evolve(UNKNOWN, event) == PINNED


def test_pinning_the_pinned_key_changes_nothing():
    """The second release of a publisher adds nothing to the log."""
    assert pin_publisher(PINNED, "ed25519:01", KEY, BARE_STAMP) == []


def test_another_key_is_never_pinned_over_the_first():
    """Who was slower at the first use does not take the publisher over."""
    with pytest.raises(IllegalTransition) as refused:
        pin_publisher(PINNED, "ed25519:02", OTHER_KEY, BARE_STAMP)
    assert refused.value.details == {"publisher": "acme", "key_id": "ed25519:02"}


def test_other_events_change_nothing():
    """A stream may come to hold events that this rule does not know."""
    assert evolve(PINNED, BARE_STAMP.on(HookEnabled, hook_id="greet")) == PINNED
