from __future__ import annotations

import tracemalloc

import pytest

from palyra_runtime.skills import format_manifest, parse_manifest
from palyra_runtime.skills.errors import ManifestParse, ManifestValidation
from palyra_runtime.skills.manifest_file import MANIFEST_BYTES_MAX
from tests.sample_skills import manifest_bytes


def test_written_and_read_again():
    """Writing a manifest loses nothing."""
    manifest = parse_manifest(manifest_bytes(operator={"display_name": "Écho", "tags": ["a", "b"]}))
    assert parse_manifest(format_manifest(manifest)) == manifest


@pytest.mark.parametrize(
    "document",
    [
        b"\xff",
        b"a = ",
        b"a = 1\na = 2",
        b"a = " + b"[" * 100_000,
        b"a = " + b"{a=" * 20_000,
        b"a = " + b"9" * 5_000,
        b"[" + b".".join([b"a"] * 500_000) + b"]",
        b"#" * (MANIFEST_BYTES_MAX + 1),
        b"a = 2020-13-45",
        b"",
    ],
    ids=["utf8", "cut", "twice", "lists", "tables", "digits", "header", "size", "date", "empty"],
)
def test_hostile_documents_are_typed_errors(document):
    """No text makes the parser fail in another way than in words."""
    with pytest.raises(ManifestParse):
        parse_manifest(document)


@pytest.mark.parametrize(
    "key",
    [b"a", b'"a"', b"'a'", b'"a" ', b"a\t", b'""', b"a-b_c9"],
)
def test_long_dotted_keys_are_refused(key):
    """A key of half a million parts would keep the TOML parser busy for hours."""
    with pytest.raises(ManifestParse, match="64 parts"):
        parse_manifest(b".".join([key] * 100_000) + b" = 1")


def test_a_long_name_is_not_a_long_key():
    """Texts with many dots are texts."""
    text = ". ".join(["So it goes"] * 60) + "..." * 100
    assert parse_manifest(manifest_bytes(operator={"description": text})).operator.description == text


@pytest.mark.parametrize("part", [b"a", b'"', b"a ", b"'a'", b"a.", b" ."])
def test_a_megabyte_of_anything_is_refused(part):
    """The guard against slow keys is linear: a quadratic one would run into the suite's time limit."""
    document = (part * (MANIFEST_BYTES_MAX // len(part)))[:MANIFEST_BYTES_MAX]
    with pytest.raises(ManifestParse):
        parse_manifest(document)


def test_a_long_list_of_errors_costs_little_memory():
    """One bad item is enough: an error for each of a megabyte of items would take gigabytes."""
    document = b"[entrypoints]\ntools=[" + b"{}," * 30_000 + b"]"
    tracemalloc.start()
    with pytest.raises(ManifestParse):
        parse_manifest(document)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * len(document)


def test_all_problems_are_told_at_once():
    """An author sees every broken rule, not the first one only."""
    with pytest.raises(ManifestValidation) as refused:
        parse_manifest(manifest_bytes(name="", version="1", publisher="!"))
    problems = " ".join(refused.value.details["problems"])
    assert all(word in problems for word in ("name", "version", "publisher", "acme.echo"))


def test_a_thousand_problems_make_a_short_message():
    """A message is for people: it shows some problems and counts the others."""
    with pytest.raises(ManifestValidation) as refused:
        parse_manifest(manifest_bytes(capabilities={"http_egress_allowlist": ["_"] * 1000}))
    assert "995 more" in refused.value.message
    assert len(refused.value.message) < 1000


def test_a_shape_error_names_the_field():
    """A misspelt field is named with its place."""
    with pytest.raises(ManifestParse, match=r"capabilities\.quota:"):
        parse_manifest(manifest_bytes(capabilities={"quota": {}}))
