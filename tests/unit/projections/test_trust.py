from __future__ import annotations

import pytest

from palyra_events.errors import UnknownEvent
from palyra_events.publisher import (
    KeyStanding,
    PublisherKeyRotated,
    PublisherPinned,
    PublisherRevoked,
    PublisherTrusted,
)
from projections import Views
from tests.journal import Journal

KEY, OTHER = "4b" * 32, "5c" * 32
IDS = {KEY: "ed25519:01", OTHER: "ed25519:02"}


def add(journal: Journal, event, key=KEY, publisher="acme", **facts: object) -> int:
    return journal.add(event, publisher=publisher, key_id=IDS[key], public_key=key, **facts)


def rotate(journal: Journal, old=KEY, new=OTHER) -> int:
    return add(journal, PublisherKeyRotated, new, replaced_key_id=IDS[old], replaced_key=old)


def shown(rows):
    return [(row.publisher, row.public_key, row.standing.value, row.skills) for row in rows]


def test_a_trusted_key_has_a_row(views: Views, journal: Journal):
    """The row names the key, what it may sign, and who said so when."""
    position = add(journal, PublisherTrusted, skills=["acme.*", "orchid.echo"])

    (row,) = views.trust()

    assert (row.publisher, row.public_key, row.key_id) == ("acme", KEY, "ed25519:01")
    assert (row.standing, row.skills) == (KeyStanding.TRUSTED, ("acme.*", "orchid.echo"))
    assert (row.valid_from, row.valid_to, row.changed_by) == (position, None, "operator:alice")


def test_keys_of_one_publisher_come_alone(views: Views, journal: Journal):
    """They come by publisher, and within one in the order in which they changed."""
    add(journal, PublisherPinned, publisher="orchid")
    add(journal, PublisherTrusted, OTHER)
    add(journal, PublisherTrusted, KEY)

    assert [row.publisher for row in views.trust()] == ["acme", "acme", "orchid"]
    assert [row.public_key for row in views.trust("acme")] == [OTHER, KEY]
    assert views.trust("nobody") == []


@pytest.mark.parametrize("event", [PublisherPinned, PublisherTrusted])
def test_a_rotation_hands_on_what_the_old_key_was(views: Views, journal: Journal, event):
    """The new key has the standing and the skills of the old one, which is retired."""
    facts = {"skills": ["acme.*"]} if event is PublisherTrusted else {}
    add(journal, event, **facts)
    rotate(journal)

    standing = "trusted" if facts else "pinned"
    assert shown(views.trust()) == [
        ("acme", KEY, "retired", tuple(facts.get("skills", ()))),
        ("acme", OTHER, standing, tuple(facts.get("skills", ()))),
    ]


def test_a_key_that_comes_back_has_one_row_for_now(views: Views, journal: Journal):
    """A rotation to a retired key ends the row that says so."""
    add(journal, PublisherTrusted)
    rotate(journal)
    rotate(journal, OTHER, KEY)

    assert shown(views.trust()) == [("acme", KEY, "trusted", ()), ("acme", OTHER, "retired", ())]


def test_the_past_is_answered_as_it_was(views: Views, journal: Journal):
    """Each moment has the keys that were known then, as they stood."""
    trusted = add(journal, PublisherTrusted, skills=["acme.*"])
    bound = add(journal, PublisherTrusted, skills=["acme.echo"])
    rotated = rotate(journal)
    revoked = add(journal, PublisherRevoked)

    history = [shown(views.trust(at=at)) for at in (trusted, bound, rotated, revoked)]

    assert history == [
        [("acme", KEY, "trusted", ("acme.*",))],
        [("acme", KEY, "trusted", ("acme.echo",))],
        [("acme", KEY, "retired", ("acme.echo",)), ("acme", OTHER, "trusted", ("acme.echo",))],
        [("acme", OTHER, "trusted", ("acme.echo",)), ("acme", KEY, "revoked", ())],
    ]
    assert views.trust(at=0) == []


def test_the_future_is_not_guessed(views: Views, journal: Journal):
    """A position that the log has not reached is refused."""
    position = add(journal, PublisherTrusted)

    with pytest.raises(UnknownEvent):
        views.trust(at=position + 1)


def test_what_is_now_is_found_by_an_index(views: Views, journal: Journal, plan_of):
    """Each install asks it, however long the history is."""
    add(journal, PublisherTrusted)
    views.trust()

    assert "ix_trust_g1_" in plan_of(views.as_is.trust)
