"""Whatever bytes come in: an artifact that is right, or an error that says what is wrong."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from palyra_events.errors import PalyraError
from palyra_runtime import sandbox
from palyra_runtime.runner import schema_problem
from palyra_runtime.skills import (
    AuditHost,
    AuditPolicy,
    RunLimits,
    TrustDecision,
    audit_artifact,
    format_manifest,
    open_artifact,
    parse_manifest,
    parse_trust_store,
)
from palyra_runtime.skills.archive import read_archive
from palyra_runtime.skills.packaging import write_archive
from palyra_runtime.skills.paths import normalize_path
from palyra_runtime.skills.payload import payload_sha256
from palyra_runtime.skills.signature import parse_signature
from tests.sample_skills import KEY, artifact_bytes, manifest_bytes, manifest_table, sample_artifact

GOOD = artifact_bytes(assets={"note.txt": b"hello " * 50})
ENTRIES = read_archive(GOOD)
MANIFEST = manifest_bytes(
    operator={"display_name": "Echo", "config": {"properties": {"n": {"type": "integer", "default": 1}}}},
    capabilities={"secrets": [{"scope": "global", "key_names": ["k"]}]},
)

RUNS_TEXT = b"""(module
  (import "palyra:plugins/host-capabilities@0.1.0" "http-count" (func $count (result i32)))
  (memory (export "memory") 1) (table 1 funcref) (global $g (mut i32) (i32.const 1))
  (func (export "run") (result i32) (call $count)) (data (i32.const 0) "hello"))"""
RUNS = sandbox.wasm_from_text(RUNS_TEXT)

MODULE_CHECKS = ["host_contract", "entrypoint", "declared_imports", "runtime_limits"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
#: places as parts of a whole, so that an example says the same of a longer document
edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4), st.binary(max_size=4)), min_size=1, max_size=6)


def edited(data, changes):
    """Replace, insert or delete a few bytes."""
    document = bytearray(data)
    for place, length, content in changes:
        start = int(place * len(document))
        document[start : start + length] = content
    return bytes(document)


def refused_or(function, data):
    """Return what the function makes of it, or None where it refuses in a typed way."""
    try:
        return function(data)
    except PalyraError as error:
        refusal = error
    assert refusal.code.isupper()
    assert refusal.advice
    assert len(refusal.message) < 4000
    return None


@settings(max_examples=400, deadline=None)
@given(edits)
def test_a_damaged_artifact_is_refused_or_the_same(changes):
    """No change of bytes gets other content past the signature."""
    opened = refused_or(open_artifact, edited(GOOD, changes))
    assert opened is None or opened.entries == ENTRIES


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data):
    """Bytes that nobody signed never open."""
    assert refused_or(open_artifact, data) is None


@settings(max_examples=300, deadline=None)
@given(edits)
def test_a_mutated_manifest_that_is_signed_is_read_or_refused(changes):
    """An attacker who signs may write anything into the manifest; errors stay typed."""
    entries = {**ENTRIES, "skill.toml": edited(ENTRIES["skill.toml"], changes)}
    entries.pop("signature.json")
    signature = KEY.sign(payload_sha256(entries), publisher="acme", signed_at_unix_ms=0)
    refused_or(
        open_artifact, write_archive({**entries, "signature.json": signature.model_dump_json().encode()})
    )


@settings(max_examples=400, deadline=None)
@given(edits)
def test_a_mutated_manifest_is_written_as_it_was_read(changes):
    """A manifest that is read can be written, and says the same then."""
    manifest = refused_or(parse_manifest, edited(MANIFEST, changes))
    assert manifest is None or parse_manifest(format_manifest(manifest)) == manifest


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_as_a_manifest(text):
    """No text makes the manifest reader fail in another way than in words."""
    assert refused_or(parse_manifest, text.encode()) is None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(manifest_table())), json_values)
def test_any_value_in_any_field_of_the_manifest(field, value):
    """Wrong types are shape errors, whatever they are."""
    cleaned = without_null(value)
    document = format_or_none({field: cleaned})
    if document is not None:
        refused_or(parse_manifest, document)


def without_null(value):
    if isinstance(value, dict):
        return {key: without_null(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_null(item) for item in value if item is not None]
    return "" if value is None else value


def format_or_none(fields):
    try:
        return manifest_bytes(**fields)
    except UnicodeEncodeError:
        return None  # half a surrogate pair is not text


@settings(max_examples=200, deadline=None)
@given(json_values | st.binary(max_size=40).map(bytes.hex))
def test_any_json_as_signature_or_trust_store(value):
    """JSON of any shape is read or refused."""
    document = json.dumps(value).encode()
    refused_or(parse_signature, document)
    refused_or(parse_trust_store, document)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([RUNS, RUNS_TEXT]), edits)
def test_any_module_can_be_audited(module, changes):
    """An audit of a mutated module is a report with a verdict on every module, never an exception."""
    artifact = sample_artifact(modules={"a.wasm": edited(module, changes)})
    report = audit_artifact(
        artifact,
        AuditPolicy(),
        AuditHost(sandbox, RunLimits(), schema_problem),
        trust_decision=TrustDecision.TOFU_PINNED,
        generated_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert [check.check_id for check in report.host_checks] == ["tool_schemas", *MODULE_CHECKS]
    assert all(len(check.message) < 500 for check in report.checks + report.host_checks)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab./\\: \0ä", max_size=12))
def test_a_normal_path_is_normal(path):
    """Normalising twice changes nothing, and nothing that is left climbs."""
    normal = refused_or(normalize_path, path)
    assert normal is None or normalize_path(normal) == normal
    assert normal is None or not any(part in {"", ".", ".."} for part in normal.split("/"))


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.text(alphabet="abcäB0-", min_size=1, max_size=6), st.binary(max_size=200), max_size=8)
)
def test_what_is_packed_is_unpacked(entries):
    """Writing and reading an archive gives the same files."""
    assert dict(read_archive(write_archive(entries))) == entries


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=60), st.integers(0, 2**32 - 1), st.integers(0, 70_000_000))
def test_any_deflated_bytes_with_any_declared_size(packed, crc, size):
    """Inflating is bounded by what was declared, whatever the stream says."""
    name = b"assets/a"
    local = (
        b"PK\3\4" + bytes([20, 0, 0, 0, 8, 0, 0, 0, 33, 0]) + u32(crc, len(packed), size) + u16(len(name), 0)
    )
    central = (
        b"PK\1\2" + bytes([20, 0, 20, 0, 0, 0, 8, 0, 0, 0, 33, 0])
        + u32(crc, len(packed), size) + u16(len(name), 0, 0, 0, 0) + u32(0, 0) + name
    )  # fmt: skip
    body = local + name + packed
    end = b"PK\5\6" + u16(0, 0, 1, 1) + u32(len(central), len(body)) + u16(0)
    read = refused_or(read_archive, body + central + end)
    assert read is None or zlib.crc32(read["assets/a"]) == crc


def u16(*numbers: int):
    return b"".join(number.to_bytes(2, "little") for number in numbers)


def u32(*numbers: int):
    return b"".join(number.to_bytes(4, "little") for number in numbers)
