from __future__ import annotations

from functools import reduce

import pytest

from palyra_events.errors import IllegalTransition, KeyRevoked, ReasonRequired
from palyra_events.key import KeyRotated, LedgerKey, evolve, rotate_key
from tests.sample_events import BARE_STAMP, FULL_STAMP

FIRST, SECOND, THIRD = "11" * 32, "22" * 32, "33" * 32
WORD = "ab" * 64


def rotated(new: str, old: str, *, is_revoked: bool = False) -> KeyRotated:
    """Return the event of a rotation."""
    facts = {"public_key": new, "replaced_key": old, "endorsement": WORD}
    return FULL_STAMP.on(KeyRotated, **facts, is_revoked=is_revoked)


def after(*events: KeyRotated) -> LedgerKey:
    """Return the key after these events."""
    return reduce(evolve, events, LedgerKey("ledger"))


def test_a_rotation_says_which_key_follows_which():
    """The event holds the new key, the old one, and the old one's word."""
    (event,) = rotate_key(after(), SECOND, FIRST, WORD, FULL_STAMP, is_revoked=False)
    assert event == rotated(SECOND, FIRST)


def test_the_newest_key_is_in_use():
    """What was replaced is remembered, and apart from that what was revoked."""
    key = after(rotated(SECOND, FIRST), rotated(THIRD, SECOND, is_revoked=True))
    assert (key.public_key, key.replaced, key.revoked) == (THIRD, (FIRST, SECOND), (SECOND,))


@pytest.mark.parametrize(
    ("events", "new", "old", "error"),
    [
        pytest.param([rotated(SECOND, FIRST)], THIRD, FIRST, IllegalTransition, id="not in use"),
        pytest.param([rotated(SECOND, FIRST)], FIRST, SECOND, IllegalTransition, id="used before"),
        pytest.param([], FIRST, FIRST, IllegalTransition, id="the same"),
        pytest.param(
            [rotated(SECOND, FIRST, is_revoked=True)], FIRST, SECOND, KeyRevoked, id="revoked before"
        ),
    ],
)
def test_some_keys_cannot_follow(events, new: str, old: str, error):
    """A key follows the one in use, and never comes back."""
    with pytest.raises(error):
        rotate_key(after(*events), new, old, WORD, FULL_STAMP, is_revoked=False)


def test_a_revocation_has_a_reason():
    """A key is replaced without a word, and revoked only with one."""
    rotate_key(after(), SECOND, FIRST, WORD, BARE_STAMP, is_revoked=False)
    with pytest.raises(ReasonRequired):
        rotate_key(after(), SECOND, FIRST, WORD, BARE_STAMP, is_revoked=True)
