from __future__ import annotations

import json

import pytest

from palyra_events.index_file import InvalidIndex
from palyra_events.plugin_index import format_plugin_index, parse_plugin_index

OLD = {
    "plugin_id": "acme.echo_plugin",
    "enabled": True,
    "skill_id": "acme.echo",
    "capability_profile": {"http_hosts": ["b.example", "a.example"], "secrets": []},
    "created_at_unix_ms": 0,
    "updated_at_unix_ms": 42,
}
FINDINGS = {
    "discovery": {
        "state": "installed",
        "last_scanned_at_unix_ms": 77,
        "reasons": [],
        "missing_paths": [],
        "filesystem": {"safe": False, "issues": [{"code": "plugin_root_writable", "severity": "error"}]},
    },
    "config": {
        "schema_version": 1,
        "path": "config.json",
        "validation": {"state": "invalid", "issues": [{"field": "x"}], "redacted_fields": ["token"]},
    },
    "typed_contracts": {"mode": "typed", "ready": False, "entries": [{"kind": "context_engine"}]},
}


def index(*records: dict[str, object], version: int = 1) -> str:
    return json.dumps({"schema_version": version, "updated_at_unix_ms": 50, "entries": records})


def test_a_record_of_version_1_gets_what_version_2_has():
    """Nothing was found about it yet, and nothing is wrong."""
    record = parse_plugin_index(index(OLD)).document()["entries"][0]
    assert record["discovery"] == {
        "state": "unknown",
        "reasons": [],
        "missing_paths": [],
        "filesystem": {"safe": True, "issues": []},
    }
    assert record["typed_contracts"] == {"mode": "untyped_legacy", "ready": True, "entries": []}
    assert record["capability_diff"]["entries"] == []
    assert "config" not in record


def test_a_record_without_a_birthday_was_made_when_it_changed_last():
    """0 means that nobody knew."""
    other = {**OLD, "plugin_id": "b", "created_at_unix_ms": 7}
    found = parse_plugin_index(index(OLD, other)).entries
    assert [entry.created_at_unix_ms for entry in found] == [42, 7]


def test_a_file_survives_being_written():
    """All that was found is carried along; entries are sorted, and the time is that of the writing."""
    records = ({**OLD, "plugin_id": "z", **FINDINGS}, OLD)
    before = parse_plugin_index(index(*records, version=2))
    after = parse_plugin_index(format_plugin_index(before, 60))
    assert after.entries == before.entries
    assert [entry.plugin_id for entry in after.entries] == ["acme.echo_plugin", "z"]
    assert (before.updated_at_unix_ms, after.updated_at_unix_ms) == (50, 60)
    assert after.document()["entries"][1]["discovery"] == FINDINGS["discovery"]


@pytest.mark.parametrize(
    "change",
    [
        {"mood": "good"},
        {"capability_profile": {"devices": ["camera"]}},
        {"discovery": {"state": 3}},
        {"operator": {"tags": "prod"}},
    ],
)
def test_a_record_with_other_fields_is_refused(change: dict[str, object]):
    """What nobody understands is not dropped silently."""
    with pytest.raises(InvalidIndex, match=r"entries\.0\."):
        parse_plugin_index(index({**OLD, **change}))


def test_one_plugin_has_one_record():
    """Two records of one id have no one meaning."""
    with pytest.raises(InvalidIndex, match=r"'acme\.echo_plugin' twice"):
        parse_plugin_index(index(OLD, OLD))
