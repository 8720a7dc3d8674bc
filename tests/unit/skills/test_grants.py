from __future__ import annotations

from palyra_runtime.skills import declared_capabilities, parse_manifest, reference_grants
from tests.sample_skills import manifest_bytes

ASKED = {
    "filesystem": {"read_roots": ["in"], "write_roots": ["out", "cache"]},
    "http_egress_allowlist": ["B.Example.", "a.example", "b.example"],
    "secrets": [
        {"scope": "global", "key_names": ["token"]},
        {"scope": "skill:acme.echo", "key_names": ["token", "key"]},
    ],
    "node_capabilities": ["screen"],
    "device_capabilities": ["camera"],
}


def test_what_a_manifest_declares():
    """Hosts in one spelling, bare secret names, write roots, and nodes as channels."""
    declared = declared_capabilities(parse_manifest(manifest_bytes(capabilities=ASKED)))
    assert declared.model_dump() == {
        "http_hosts": ("a.example", "b.example"),
        "secrets": ("key", "token"),
        "storage_prefixes": ("cache", "out"),
        "channels": ("screen",),
    }


def test_the_references_reading_is_only_a_report():
    """The other mapping mixes scopes into names and grants no channel."""
    grants = reference_grants(parse_manifest(manifest_bytes(capabilities=ASKED)))
    assert grants.secret_keys == ("global/token", "skill:acme.echo/key", "skill:acme.echo/token")
    assert grants.channels == ()
