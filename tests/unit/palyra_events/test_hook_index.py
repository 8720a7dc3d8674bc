from __future__ import annotations

import json

import pytest

from palyra_events.errors import InvalidIdentifier
from palyra_events.hook_index import (
    HookBindingRecord,
    HookBindingRequest,
    HookIndex,
    HookOperator,
    format_hook_index,
    parse_hook_index,
    upsert_hook,
)
from palyra_events.index_file import InvalidIndex
from palyra_events.lifecycle import UnknownHookEvent
from palyra_events.versioned_json import UnsupportedSchemaVersion

RECORD = {
    "hook_id": "greet",
    "event": "skill:enabled",
    "plugin_id": "echo",
    "enabled": True,
    "created_at_unix_ms": 5,
    "updated_at_unix_ms": 7,
}


def index(*records: dict[str, object], **fields: object) -> str:
    return json.dumps({"schema_version": 1, "updated_at_unix_ms": 9, "entries": records, **fields})


def test_a_file_without_a_version_is_brought_up():
    """The oldest files knew neither version nor time."""
    assert parse_hook_index('{"entries":[]}').document() == {
        "schema_version": 1,
        "updated_at_unix_ms": 0,
        "entries": [],
    }


def test_entries_are_sorted():
    """The order in a file says nothing."""
    found = parse_hook_index(index({**RECORD, "hook_id": "z"}, {**RECORD, "hook_id": "a"}))
    assert [entry.hook_id for entry in found.entries] == ["a", "z"]


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (index(RECORD, extra=1), "extra"),
        (index({**RECORD, "priority": 3}), "entries.0.priority"),
        (index({**RECORD, "enabled": "yes"}), "entries.0.enabled"),
        (index({**RECORD, "created_at_unix_ms": -1}), "entries.0.created_at_unix_ms"),
        (index({**RECORD, "operator": {"mood": "good"}}), "entries.0.operator.mood"),
        (index({"hook_id": "greet"}), "entries.0.event"),
        (index(RECORD, RECORD), "'greet' twice"),
    ],
)
def test_a_file_with_other_fields_is_refused(document: str, place: str):
    """What nobody understands is not dropped silently; the message says where it is."""
    with pytest.raises(InvalidIndex, match=place.replace(".", r"\.")):
        parse_hook_index(document)


def test_a_newer_file_is_refused():
    """What a newer program wrote is not touched."""
    with pytest.raises(UnsupportedSchemaVersion, match="version 2"):
        parse_hook_index(index(schema_version=2))


def test_a_file_survives_being_written():
    """What was read is written and read again, with the new time and without empty notes."""
    noted = {**RECORD, "operator": {"notes": "größer"}}
    text = format_hook_index(parse_hook_index(index(noted)), 11)
    assert json.loads(text) == {"schema_version": 1, "updated_at_unix_ms": 11, "entries": [noted]}
    assert parse_hook_index(text).entries == parse_hook_index(index(noted)).entries
    assert "größer" in text


def test_a_hook_is_bound_under_its_one_name():
    """Ids and event are normalised, notes are trimmed, and both times are now."""
    record = upsert_hook(
        None,
        HookBindingRequest(
            hook_id=" Greet ",
            event="Before_Tool",
            plugin_id="ECHO",
            operator=HookOperator(display_name=" Greeter ", notes="  "),
        ),
        9,
    )
    assert record.document() == {
        "hook_id": "greet",
        "event": "run:before_tool",
        "plugin_id": "echo",
        "enabled": True,
        "operator": {"display_name": "Greeter"},
        "created_at_unix_ms": 9,
        "updated_at_unix_ms": 9,
    }


def test_a_hook_that_is_bound_anew_keeps_its_birthday():
    """Only the time of the last change moves."""
    request = HookBindingRequest(hook_id="greet", event="skill:disabled", plugin_id="echo", enabled=False)
    record = upsert_hook(HookBindingRecord(**RECORD), request, 9)
    assert (record.created_at_unix_ms, record.updated_at_unix_ms, record.enabled) == (5, 9, False)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"hook_id": "a:b"}, InvalidIdentifier),
        ({"plugin_id": " "}, InvalidIdentifier),
        ({"event": "skill.enabled"}, UnknownHookEvent),
    ],
)
def test_a_hook_that_cannot_be_bound(change: dict[str, str], error: type[Exception]):
    """The rules are those of the command line."""
    asked = {"hook_id": "greet", "event": "skill:enabled", "plugin_id": "echo", **change}
    with pytest.raises(error):
        upsert_hook(None, HookBindingRequest(**asked), 9)


def test_an_index_is_empty_by_default():
    """A file may leave its entries out."""
    assert HookIndex(updated_at_unix_ms=3).document()["entries"] == []
