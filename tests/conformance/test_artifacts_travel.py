"""Artifacts go both ways: what we pack opens by the reference's rules, and what it packs opens here."""

from __future__ import annotations

import pytest

from palyra_runtime.sdk import demo_key, pack_sample, sample_names
from palyra_runtime.skills import open_artifact
from palyra_runtime.skills.archive import ENTRIES_MAX, ENTRY_BYTES_MAX
from tests.ed25519 import is_signed, public_key, sign
from tests.reference_artifact import Refused, inspect, key_id, payload_hash, write
from tests.sample_skills import KEY, WASM, artifact_bytes

SEED = b"\x11" * 32

OURS = {
    "plain": artifact_bytes(),
    "with assets": artifact_bytes(assets={"a.txt": b"", "deep/er/b.bin": bytes(70_000)}),
    "as many files as allowed": artifact_bytes(assets={f"{n}.txt": b"x" for n in range(ENTRIES_MAX - 5)}),
    "as large a file as allowed": artifact_bytes(assets={"big": bytes(ENTRY_BYTES_MAX)}),
    "names beyond ASCII": artifact_bytes(assets={"größe.txt": b"x", "日本.txt": b"y"}),
    "paths with backslashes": artifact_bytes(assets={"a\\b.txt": b"x"}),
    "several modules": artifact_bytes(modules={"a.wasm": WASM, "b/c.wasm": WASM}),
    "module text": artifact_bytes(modules={"a.wasm": b'(module (func (export "run")))'}),
    "every block": artifact_bytes(
        operator={
            "display_name": "Echo “größer”",
            "plugin": {"default_tool_id": "acme.echo", "contracts": [{"kind": "context_engine"}]},
            "config": {"required": ["n"], "properties": {"n": {"type": "integer", "default": 1}}},
        },
        capabilities={
            "secrets": [{"scope": "principal:ada", "key_names": ["k"]}],
            "http_egress_allowlist": ["API.example.com."],
            "wildcard_opt_in": {"node": True},
            "node_capabilities": ["*"],
        },
        compat={"required_protocol_major": 1, "min_palyra_version": "0.1.0", "max_palyra_version": "0.1.0"},
    ),
    "the first manifest version": artifact_bytes(manifest_version=1),
}  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_what_we_pack_opens_by_the_references_rules(name):
    """A reader that shares no line with ours finds the same files, and the signature true."""
    assert inspect(OURS[name]) == open_artifact(OURS[name]).entries


@pytest.mark.parametrize("name", sample_names())
def test_our_samples_open_by_the_references_rules(name):
    """What people start from travels too."""
    data = pack_sample(name, demo_key())

    assert inspect(data) == open_artifact(data).entries


#: a manifest as another tool would write it: other order, aliases, inline tables, comments
MANIFEST = '''# made by hand
publisher = " acme "
skill_id = "acme.echo"
version = "1.10.0"
name = "Echo"
compat = { min_protocol_major = 1, min_runtime_version = "0.0.9" }

{integrity}
[[entrypoints.tools]]
id = "acme.echo"
name = """echo"""
description = 'says it again'
risk = { requires_approval = true }
input_schema = { type = "object", properties = { n = { type = "integer", minimum = -1 } } }
output_schema = { }

[capabilities]
http_egress_allowlist = [
  "Api.Example.com",  # as it is written there
]
'''
FILES = {
    "modules/echo.wasm": WASM,
    "assets/größe.txt": "grün".encode(),
    "sbom.cdx.json": b'{\n  "bomFormat": "CycloneDX",\n  "specVersion": "1.5",\n  "components": []\n}\n',
    "provenance.json": b'{"builder": {"id": "x"}, "subject": [{"name": "echo.wasm"}], "more": [1.5e3, null]}',
}


def test_what_the_reference_packs_opens_here():
    """Written by another writer, signed by another implementation of Ed25519."""
    data = write(FILES, "acme", SEED, MANIFEST)

    opened = open_artifact(data)

    assert opened.entries == inspect(data)
    assert (opened.manifest.publisher, opened.manifest.version) == ("acme", "1.10.0")
    assert opened.manifest.entrypoints.tools[0].risk.needs_approval
    assert opened.manifest.compat.min_palyra_version == "0.0.9"
    assert opened.payload_sha256 == payload_hash(opened.entries)
    assert opened.signature.key_id == key_id(public_key(SEED))


def test_the_other_reader_is_no_rubber_stamp():
    """It refuses what was changed, so that its word means something."""
    data = write({**FILES, "assets/more.txt": b"x"}, "orchid", SEED, MANIFEST)

    with pytest.raises(Refused, match="SignatureVerificationFailed"):
        inspect(data)
    with pytest.raises(Refused, match="Manifest"):
        inspect(write(FILES, "acme", SEED, MANIFEST.replace("acme.echo", "orchid.echo")))
    with pytest.raises(Refused, match="ManifestValidation"):
        inspect(write(FILES, "acme", SEED, MANIFEST.replace("{integrity}", "")))


@pytest.mark.parametrize(
    ("seed", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "",
            (
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "72",
            (
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ),
    ],
)
def test_the_other_ed25519_is_the_standards(seed, message, signature):
    """RFC 8032 section 7.1, tests 1 and 2; and what it signs is what the product's library signs."""
    secret, text = bytes.fromhex(seed), bytes.fromhex(message)

    assert sign(secret, text).hex() == signature
    assert is_signed(public_key(secret), text, bytes.fromhex(signature))
    assert not is_signed(public_key(secret), text + b"x", bytes.fromhex(signature))
    assert sign(SEED, b"x") == KEY.mark(b"x")
