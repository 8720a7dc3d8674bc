from __future__ import annotations

from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from palyra_events.errors import InvalidIdentifier
from palyra_events.identifiers import (
    Actor,
    Identifier,
    Version,
    check_actor,
    delivery_id,
    normalize_hook_id,
    normalize_identifier,
    stream_id,
    surface_hook_id,
    version_key,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("greet", "greet"),
        ("  Acme.Echo\n", "acme.echo"),
        ("A_b-9.z", "a_b-9.z"),
        ("x" * 128, "x" * 128),
        ("..", ".."),
    ],
)
def test_an_id_is_kept_trimmed_and_in_lower_case(typed, kept):
    """Who types an id in another case or with blanks around it means the same thing."""
    assert normalize_identifier(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" Greet ", "greet"), (" Surface:Acme.Desk\n", "surface:acme.desk"), ("surface", "surface")],
)
def test_a_hook_that_a_surface_implies_has_an_id_too(typed, kept):
    """Its deliveries can be asked for like those of hooks that somebody bound."""
    assert normalize_hook_id(typed) == kept
    assert surface_hook_id("acme.desk") == "surface:acme.desk"


@pytest.mark.parametrize("typed", ["surface:", "surface:a:b", "other:desk", "surface:surface:desk", ":desk"])
def test_no_other_colon_is_in_the_id_of_a_hook(typed):
    """Nobody can bind a hook that looks like one that is implied."""
    with pytest.raises(InvalidIdentifier):
        normalize_hook_id(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "x" * 129,
        "a b",
        "a/b",
        "a:b",
        "a\nb",
        "a\x00",
        "größe",
        "\u212areeter",
        "\uff41",
        "\u0661",
        "\ud800",
    ],
    ids=ascii,
)
def test_an_id_of_other_characters_is_refused(typed):
    """Nothing that looks like another id, or splits a path or a key, becomes an id."""
    with pytest.raises(InvalidIdentifier) as refused:
        normalize_identifier(typed, "hook")
    assert refused.value.details == {"noun": "hook"}
    assert "cannot name a hook" in refused.value.message


def test_a_refused_id_is_quoted_in_part():
    """A megabyte that was pasted for an id does not become a megabyte of message."""
    with pytest.raises(InvalidIdentifier) as refused:
        normalize_identifier("x" * 1_000_000)
    assert len(refused.value.message) < 250


@pytest.mark.parametrize(
    "actor", ["operator:alice", "operator:Alice@example.com", "system:scheduler", "plugin:a.b"]
)
def test_an_actor_is_a_kind_and_an_id(actor):
    """People, parts of the system and plugins act, and nobody else."""
    assert check_actor(actor) == actor
    assert TypeAdapter(Actor).validate_python(actor) == actor


@pytest.mark.parametrize(
    "actor",
    [
        "",
        "alice",
        "operator:",
        "root:alice",
        "Operator:alice",
        "operator:alice\n",
        "operator:a b",
        "operator:" + "a" * 129,
    ],
    ids=ascii,
)
def test_what_is_no_actor_is_refused_by_rule_and_by_model(actor):
    """The check of a command and the check of an event agree."""
    with pytest.raises(InvalidIdentifier):
        check_actor(actor)
    with pytest.raises(ValidationError):
        TypeAdapter(Actor).validate_python(actor)


@pytest.mark.parametrize("text", ["", "A", "a\n", "a b", "x" * 129], ids=ascii)
def test_an_event_takes_only_a_normal_identifier(text):
    """What is in the log was normalised: also a trailing line break is seen."""
    with pytest.raises(ValidationError):
        TypeAdapter(Identifier).validate_python(text)


@pytest.mark.parametrize(
    "text", ["1.2", "1.2.3.4", "1.2.3\n", "1.2.x", "\u0661.2.3", "v1.2.3", "1.2.3-rc1"], ids=ascii
)
def test_a_version_has_three_numbers(text):
    """Versions are compared as numbers, so nothing else is in them."""
    with pytest.raises(ValidationError):
        TypeAdapter(Version).validate_python(text)


def test_stream_ids_never_change():
    """A stream id is derived from kind and key for ever: other values would orphan every log."""
    assert stream_id("skill", "acme.echo") == UUID("25a28aab-8020-533e-b9bc-6c014d64956a")
    assert stream_id("delivery", "12:greet") == UUID("7ef3fa5b-9087-5570-88c1-cbba4d28ecb2")


def test_things_of_two_kinds_have_two_streams():
    """A plugin and a hook of one name are two things."""
    assert stream_id("plugin", "echo") != stream_id("hook", "echo")


def test_a_delivery_is_named_by_position_and_hook():
    """The same event and the same hook always give the same delivery."""
    assert delivery_id(12, "greet") == "12:greet"


def test_versions_are_sorted_as_numbers():
    """1.10.0 comes after 1.9.0."""
    assert sorted(["1.10.0", "1.9.0", "0.99.99"], key=version_key) == ["0.99.99", "1.9.0", "1.10.0"]
