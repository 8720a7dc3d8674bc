from __future__ import annotations

from functools import reduce

import pytest

from palyra_events.errors import (
    IllegalTransition,
    InvalidIdentifier,
    KeyRevoked,
    ReasonRequired,
    UnknownPublisher,
    UnknownPublisherKey,
)
from palyra_events.event import Event
from palyra_events.hook import HookEnabled
from palyra_events.publisher import (
    KeyStanding,
    Publisher,
    PublisherKeyRotated,
    PublisherPinned,
    PublisherRevoked,
    PublisherTrusted,
    evolve,
    normalize_patterns,
    normalize_publisher,
    pin_publisher,
    revoke_publisher,
    rotate_publisher,
    trust_publisher,
)
from tests.sample_events import BARE_STAMP, FULL_STAMP

KEY, OTHER, THIRD = "4b" * 32, "5c" * 32, "6d" * 32
IDS = {KEY: "ed25519:01", OTHER: "ed25519:02", THIRD: "ed25519:03"}
UNKNOWN = Publisher("acme")


def said(event, public_key, **facts: object):
    return BARE_STAMP.on(event, publisher="acme", key_id=IDS[public_key], public_key=public_key, **facts)


def rotation(old, new):
    return said(PublisherKeyRotated, new, replaced_key_id=IDS[old], replaced_key=old)


def after(*events: Event):
    return reduce(evolve, events, UNKNOWN)


PINNED = after(said(PublisherPinned, KEY))
TRUSTED = after(said(PublisherTrusted, KEY, skills=("acme.*",)))
BOTH = after(said(PublisherTrusted, KEY), said(PublisherTrusted, OTHER))
ROTATED = after(said(PublisherTrusted, KEY, skills=("acme.*",)), rotation(KEY, OTHER))
REVOKED = after(said(PublisherPinned, KEY), said(PublisherRevoked, KEY))


def standings(publisher):
    return {key: record.standing.value for key, record in publisher.keys.items()}


def test_a_key_is_pinned_on_first_use():
    """From then on it is this publisher's key."""
    (event,) = pin_publisher(UNKNOWN, "ed25519:01", KEY, BARE_STAMP)

    assert event == said(PublisherPinned, KEY)
    assert standings(evolve(UNKNOWN, event)) == {KEY: "pinned"}


@pytest.mark.parametrize("publisher", [PINNED, TRUSTED, BOTH], ids=["pinned", "trusted", "two"])
def test_pinning_a_current_key_changes_nothing(publisher):
    """The second release of a publisher adds nothing to the log."""
    assert pin_publisher(publisher, "ed25519:01", KEY, BARE_STAMP) == []


@pytest.mark.parametrize("publisher", [PINNED, TRUSTED, ROTATED, REVOKED])
def test_another_key_is_never_pinned_beside_the_first(publisher):
    """Who was slower at the first use does not take the publisher over, and nobody inherits a revoked one."""
    with pytest.raises(IllegalTransition) as refused:
        pin_publisher(publisher, "ed25519:03", THIRD, BARE_STAMP)

    assert refused.value.details == {"publisher": "acme", "key_id": "ed25519:03"}


def test_trusting_a_key_puts_it_on_the_list():
    """The event names the skills that the key is bound to."""
    (event,) = trust_publisher(UNKNOWN, "ed25519:01", KEY, ["acme.*"], BARE_STAMP)

    assert event == said(PublisherTrusted, KEY, skills=("acme.*",))
    assert evolve(UNKNOWN, event).keys[KEY].skills == ("acme.*",)


def test_trusting_a_pinned_key_makes_it_a_trusted_one():
    """The operator's word is more than the first use, and is told as an event."""
    (event,) = trust_publisher(PINNED, "ed25519:01", KEY, [], BARE_STAMP)

    assert standings(evolve(PINNED, event)) == {KEY: "trusted"}


def test_trusting_it_again_changes_nothing_unless_the_skills_do():
    """The list has each key once; its skills are those that were said last."""
    assert trust_publisher(TRUSTED, "ed25519:01", KEY, ["acme.*"], BARE_STAMP) == []
    (event,) = trust_publisher(TRUSTED, "ed25519:01", KEY, ["acme.echo"], BARE_STAMP)
    assert evolve(TRUSTED, event).keys[KEY].skills == ("acme.echo",)


def test_trusted_keys_stand_before_the_pinned_one():
    """A publisher on the allow-list is judged by it alone."""
    publisher = after(said(PublisherPinned, KEY), said(PublisherTrusted, OTHER))

    assert [key.public_key for key in publisher.current] == [OTHER]
    assert standings(publisher) == {KEY: "pinned", OTHER: "trusted"}


@pytest.mark.parametrize("publisher", [PINNED, TRUSTED], ids=["pinned", "trusted"])
@pytest.mark.parametrize("is_endorsed", [True, False])
def test_a_new_key_takes_the_place_of_the_old_one(publisher, is_endorsed):
    """It is trusted as the old one was, for the same skills; the old one is retired."""
    stamp = BARE_STAMP if is_endorsed else FULL_STAMP
    (event,) = rotate_publisher(publisher, "ed25519:02", OTHER, stamp, is_endorsed=is_endorsed)
    rotated = evolve(publisher, event)

    assert event.is_endorsed is is_endorsed
    assert (event.replaced_key, event.replaced_key_id) == (KEY, "ed25519:01")
    old, new = publisher.keys[KEY], rotated.keys[OTHER]
    assert (new.standing, new.skills) == (old.standing, old.skills)
    assert rotated.keys[KEY].standing is KeyStanding.RETIRED


def test_of_several_keys_the_one_named_is_replaced():
    """Without a name it would be a guess."""
    with pytest.raises(IllegalTransition, match="2 current keys"):
        rotate_publisher(BOTH, "ed25519:03", THIRD, FULL_STAMP)

    (event,) = rotate_publisher(BOTH, "ed25519:03", THIRD, FULL_STAMP, replaced=OTHER)
    assert standings(evolve(BOTH, event)) == {KEY: "trusted", OTHER: "retired", THIRD: "trusted"}


def test_a_retired_key_can_come_back():
    """A rotation back is a rotation like any other."""
    (event,) = rotate_publisher(ROTATED, "ed25519:01", KEY, FULL_STAMP)

    assert standings(evolve(ROTATED, event)) == {KEY: "trusted", OTHER: "retired"}


@pytest.mark.parametrize(
    ("publisher", "new", "replaced", "error"),
    [
        (UNKNOWN, KEY, None, UnknownPublisher),
        (PINNED, OTHER, THIRD, UnknownPublisherKey),
        (ROTATED, THIRD, KEY, UnknownPublisherKey),
        (PINNED, KEY, None, IllegalTransition),
        (REVOKED, OTHER, None, IllegalTransition),
        (after(said(PublisherTrusted, OTHER), said(PublisherRevoked, KEY)), KEY, None, KeyRevoked),
    ],
    ids=["nobody", "no such key", "retired key", "same key", "all revoked", "revoked key"],
)
def test_what_cannot_be_rotated(publisher, new, replaced, error):
    """Only a current key is replaced, and never by one that was revoked."""
    with pytest.raises(error):
        rotate_publisher(publisher, IDS[new], new, FULL_STAMP, replaced=replaced)


def test_a_new_key_needs_a_word_of_somebody():
    """Of the old key, or of the operator: who accepts it on no word says why."""
    with pytest.raises(ReasonRequired):
        rotate_publisher(PINNED, "ed25519:02", OTHER, BARE_STAMP)


def test_one_key_is_revoked():
    """The others stay what they are."""
    (event,) = revoke_publisher(BOTH, KEY, BARE_STAMP)

    assert event == said(PublisherRevoked, KEY)
    assert standings(evolve(BOTH, event)) == {KEY: "revoked", OTHER: "trusted"}


def test_all_keys_are_revoked():
    """Retired ones too: what they signed would be as dangerous."""
    events = revoke_publisher(ROTATED, None, BARE_STAMP)

    assert [event.public_key for event in events] == [KEY, OTHER]
    assert standings(reduce(evolve, events, ROTATED)) == {KEY: "revoked", OTHER: "revoked"}
    assert reduce(evolve, events, ROTATED).current == ()


@pytest.mark.parametrize(
    ("publisher", "key", "error"),
    [
        (UNKNOWN, None, UnknownPublisher),
        (PINNED, OTHER, UnknownPublisherKey),
        (REVOKED, KEY, IllegalTransition),
        (REVOKED, None, IllegalTransition),
    ],
)
def test_what_cannot_be_revoked(publisher, key, error):
    """What is not there, and what is revoked already."""
    with pytest.raises(error):
        revoke_publisher(publisher, key, BARE_STAMP)


@pytest.mark.parametrize("decide", [pin_publisher, lambda *a: trust_publisher(*a[:3], [], a[3])])
def test_a_revoked_key_stays_revoked(decide):
    """Neither a first use nor an operator brings it back."""
    with pytest.raises(KeyRevoked) as refused:
        decide(REVOKED, "ed25519:01", KEY, BARE_STAMP)

    assert refused.value.details == {"publisher": "acme", "key_id": "ed25519:01"}


def test_other_events_change_nothing():
    """A stream may come to hold events that this rule does not know."""
    assert evolve(PINNED, BARE_STAMP.on(HookEnabled, hook_id="greet")) == PINNED


@pytest.mark.parametrize("text", ["", " ", "Acme", "ac me", "a" * 129, "acme/x", "ä"])
def test_what_names_no_publisher(text):
    """Publishers are compared exactly, so nothing is folded."""
    with pytest.raises(InvalidIdentifier):
        normalize_publisher(text)


def test_a_publisher_is_trimmed():
    """Spaces around a name are no part of it."""
    assert normalize_publisher(" acme:labs.x_1-2 ") == "acme:labs.x_1-2"


def test_skills_are_trimmed_sorted_and_unique():
    """The same set is the same text."""
    assert normalize_patterns([" orchid.echo", "acme.*", "acme.*"]) == ("acme.*", "orchid.echo")


@pytest.mark.parametrize(
    "text", ["", "*", ".*", "acme*", "*.acme", "acme.*.x", "a..b", "acme.", "A.*", "a" * 129]
)
def test_what_names_no_skills(text):
    """A star stands at the end, after a dot, and for whole parts of a name."""
    with pytest.raises(InvalidIdentifier):
        normalize_patterns([text])
