from __future__ import annotations

import io
import zipfile

import pytest

from palyra_runtime.skills import build_artifact, open_artifact, parse_manifest
from palyra_runtime.skills.errors import (
    ArtifactTooLarge,
    ManifestParse,
    ManifestValidation,
    Serialization,
)
from tests.sample_skills import (
    KEY,
    OTHER_KEY,
    PROVENANCE,
    SBOM,
    WASM,
    artifact_bytes,
    manifest_bytes,
    manifest_table,
)


def test_same_inputs_same_bytes():
    """An artifact can be built again by others, and compared."""
    files = {"b": b"2", "a": b"1"}
    turned = {"a": b"1", "b": b"2"}
    assert artifact_bytes(assets=files) == artifact_bytes(assets=turned)


def test_other_key_other_bytes_same_payload():
    """The payload hash names what was packed, whoever signs it."""
    mine, theirs = open_artifact(artifact_bytes()), open_artifact(artifact_bytes(key=OTHER_KEY))
    assert mine.payload_sha256 == theirs.payload_sha256
    assert mine.signature.key_id != theirs.signature.key_id


def test_archive_as_the_reference_writes_it():
    """Entries are deflated, in byte order, of the earliest ZIP time and with mode 0644."""
    with zipfile.ZipFile(io.BytesIO(artifact_bytes(assets={"z": b"z"}))) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_DEFLATED}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o644}


def test_the_packed_manifest_says_the_same():
    """Packing adds the integrity list to the manifest, and changes nothing else."""
    manifest = open_artifact(artifact_bytes()).manifest
    declared = parse_manifest(manifest_bytes())
    assert manifest.model_copy(update={"integrity": declared.integrity}) == declared


def test_wat_text_is_packed_as_it_is():
    """The form of a module is the audit's matter, not the packer's."""
    text = b"(module)"
    assert open_artifact(artifact_bytes(modules={"a.wasm": text})).modules == {"modules/a.wasm": text}


def test_module_without_suffix():
    """A module is named so that a host finds it."""
    with pytest.raises(ManifestValidation, match=r"modules/a\.bin"):
        artifact_bytes(modules={"a.bin": WASM})


def test_manifest_that_is_not_valid_is_not_packed():
    """What could not be opened is not packed."""
    with pytest.raises(ManifestParse, match="colour"):
        artifact_bytes(colour="red")


def test_total_that_is_too_large_is_not_packed():
    """The limits hold for packing too."""
    with pytest.raises(ArtifactTooLarge):
        artifact_bytes(assets={str(index): bytes(16_000_000) for index in range(5)})


@pytest.mark.parametrize("value", [float("nan"), b"bytes", {1, 2}, "\ud800"], ids=repr)
def test_documents_that_json_cannot_say(value):
    """An SBOM that is no JSON is told, not written."""
    with pytest.raises(Serialization):
        build_artifact(
            manifest_bytes(),
            modules=[("a.wasm", WASM)],
            sbom={**SBOM, "x": value},
            provenance=PROVENANCE,
            key=KEY,
            signed_at_unix_ms=0,
        )


def test_operator_block_survives():
    """What the operator is told is packed whole."""
    operator = {"display_name": "Echo", "tags": ["a"], "config": {"properties": {"n": {"type": "integer"}}}}
    artifact = open_artifact(artifact_bytes(**manifest_table(operator=operator)))
    assert artifact.manifest.operator.display_name == "Echo"
    assert artifact.manifest.operator.config.properties["n"].type == "integer"
