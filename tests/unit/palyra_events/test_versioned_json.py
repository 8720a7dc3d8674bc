from __future__ import annotations

import pytest

from palyra_events.strict_json import InvalidJson
from palyra_events.versioned_json import (
    InvalidSchemaVersion,
    NotAnObject,
    UnsupportedSchemaVersion,
    add_update_time,
    parse_versioned,
)

STEPS = {
    0: add_update_time,
    1: lambda value: {**value, "names": [value["name"]]},
    2: lambda value: {key: item for key, item in value.items() if key != "name"},
}


def parse(document, current_version=3, migrations=STEPS):
    return parse_versioned(document, name="index", current_version=current_version, migrations=migrations)


@pytest.mark.parametrize(
    "document",
    [
        b'{"name":"a","updated_at_unix_ms":0}',
        b'{"schema_version":0,"name":"a"}',
        b'{"schema_version":1,"name":"a","updated_at_unix_ms":0}',
        b'{"schema_version":2,"name":"a","names":["a"],"updated_at_unix_ms":0}',
        b'{"schema_version":3,"names":["a"],"updated_at_unix_ms":0}',
    ],
)
def test_every_version_becomes_the_newest(document):
    """Migrations are applied one step at a time, from wherever the document stands."""
    assert parse(document) == {"schema_version": 3, "names": ["a"], "updated_at_unix_ms": 0}


def test_a_missing_step_is_told():
    """Where there is no way from a version, its number is named."""
    with pytest.raises(UnsupportedSchemaVersion, match="version 1"):
        parse(b"{}", migrations={0: add_update_time})


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"[]", NotAnObject),
        (b"1", NotAnObject),
        (b"{", InvalidJson),
        (b'{"schema_version":1,"schema_version":1}', InvalidJson),
        (b'{"schema_version":4}', UnsupportedSchemaVersion),
        (b'{"schema_version":-1}', InvalidSchemaVersion),
        (b'{"schema_version":true}', InvalidSchemaVersion),
        (b'{"schema_version":1.0}', InvalidSchemaVersion),
        (b'{"schema_version":4294967296}', InvalidSchemaVersion),
    ],
)
def test_what_cannot_be_read_is_a_typed_error(document, expected):
    """A document of the future, or of no version at all, is left alone."""
    with pytest.raises(expected):
        parse(document)
