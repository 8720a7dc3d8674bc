from __future__ import annotations

import hashlib
import json

import pytest

from palyra_events.errors import PalyraError
from palyra_runtime.skills import SigningKey, open_artifact
from palyra_runtime.skills.archive import read_archive
from palyra_runtime.skills.artifact import integrity_of
from palyra_runtime.skills.errors import (
    ManifestValidation,
    SignatureVerificationFailed,
    UnsupportedRuntimeVersion,
)
from palyra_runtime.skills.manifest_file import format_manifest, parse_manifest
from palyra_runtime.skills.packaging import write_archive
from palyra_runtime.skills.payload import payload_sha256
from tests.sample_skills import KEY, WASM, artifact_bytes, manifest_bytes, sample_artifact


def signed_anew(entries, key=KEY, publisher="acme"):
    """Pack entries as an attacker with a key would: everything signed, nothing checked."""
    entries = dict(entries)
    entries.pop("signature.json", None)
    signature = key.sign(payload_sha256(entries), publisher=publisher, signed_at_unix_ms=0)
    return write_archive({**entries, "signature.json": signature.model_dump_json().encode()})


def test_parts_of_an_artifact():
    """An opened artifact tells what is in it, and names itself by its digest."""
    data = artifact_bytes(assets={"note.txt": b"hi"})
    artifact = open_artifact(data)
    assert artifact.manifest.skill_id == "acme.echo"
    assert dict(artifact.modules) == {"modules/echo.wasm": WASM}
    assert dict(artifact.assets) == {"assets/note.txt": b"hi"}
    assert artifact.sbom["specVersion"] == "1.6"
    assert artifact.artifact_sha256 == hashlib.sha256(data).hexdigest()
    assert artifact.signature.public_key == KEY.public_key


def test_the_manifest_is_kept_as_it_was_signed():
    """The manifest's bytes are those that the payload hash covers."""
    artifact = sample_artifact()
    assert parse_manifest(artifact.manifest_bytes) == artifact.manifest


@pytest.mark.parametrize("place", range(0, 1100, 23))
def test_no_flipped_byte_gets_through(place):
    """Whatever byte of the archive changes, it does not open, or it opens to the same content."""
    data = bytearray(artifact_bytes())
    good = open_artifact(bytes(data))
    data[place % len(data)] ^= 0x55
    try:
        changed = open_artifact(bytes(data)).entries
    except PalyraError:
        changed = good.entries
    assert changed == good.entries


@pytest.mark.parametrize("path", ["hidden.txt", "modules/extra.wasm", "assets/extra"])
def test_a_file_that_the_integrity_list_lacks(path):
    """A signature does not help a file that the manifest does not name."""
    entries = {**read_archive(artifact_bytes()), path: b"x"}
    with pytest.raises(ManifestValidation) as refused:
        open_artifact(signed_anew(entries))
    assert refused.value.details["paths"] == [path]


def test_a_file_that_the_integrity_list_names_in_vain():
    """A listed file must be there."""
    entries = dict(read_archive(artifact_bytes(assets={"a": b"a"})))
    del entries["assets/a"]
    with pytest.raises(ManifestValidation, match="assets/a"):
        open_artifact(signed_anew(entries))


def test_a_file_that_is_listed_twice():
    """The integrity list has each file once."""
    entries = dict(read_archive(artifact_bytes()))
    manifest = parse_manifest(entries["skill.toml"])
    files = (*manifest.integrity.files, manifest.integrity.files[0])
    doubled = manifest.model_copy(
        update={"integrity": manifest.integrity.model_copy(update={"files": files})}
    )
    with pytest.raises(ManifestValidation, match="twice"):
        open_artifact(signed_anew({**entries, "skill.toml": format_manifest(doubled)}))


def test_a_skill_for_a_newer_host_that_somebody_signed():
    """Compatibility is checked on opening too, for artifacts that others have packed."""
    entries = dict(read_archive(artifact_bytes()))
    manifest = parse_manifest(
        manifest_bytes(compat={"required_protocol_major": 1, "min_palyra_version": "9.0.0"})
    )
    newer = manifest.model_copy(update={"integrity": integrity_of(entries)})
    with pytest.raises(UnsupportedRuntimeVersion, match=r"9\.0\.0"):
        open_artifact(signed_anew({**entries, "skill.toml": format_manifest(newer)}))


def test_another_publishers_signature():
    """Who signs must be who the manifest says."""
    with pytest.raises(SignatureVerificationFailed, match="mallory"):
        open_artifact(signed_anew(read_archive(artifact_bytes()), publisher="mallory"))


def test_a_signature_made_with_another_key():
    """A key in the signature that did not sign is found, also where its id is right."""
    entries = dict(read_archive(artifact_bytes()))
    other = SigningKey.from_seed(b"\x33" * 32).sign("0" * 64, publisher="acme", signed_at_unix_ms=0)
    document = json.loads(entries["signature.json"])
    document |= {"public_key_base64": other.public_key_base64, "key_id": other.key_id}
    with pytest.raises(SignatureVerificationFailed):
        open_artifact(write_archive({**entries, "signature.json": json.dumps(document).encode()}))


def test_base64_has_one_spelling():
    """A signature cannot be written in a second way: its last character has bits that count for nothing."""
    entries = dict(read_archive(artifact_bytes()))
    document = json.loads(entries["signature.json"])
    text = document["public_key_base64"]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = text[:-2] + alphabet[alphabet.index(text[-2]) ^ 1] + "="
    document["public_key_base64"] = twin
    with pytest.raises(SignatureVerificationFailed, match="public key"):
        open_artifact(write_archive({**entries, "signature.json": json.dumps(document).encode()}))
