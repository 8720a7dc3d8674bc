from __future__ import annotations

import pytest

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_runtime.skills import denied_capabilities, parse_manifest
from tests.sample_skills import manifest_bytes

MANIFEST = parse_manifest(
    manifest_bytes(
        capabilities={
            "http_egress_allowlist": ["a.example", "b.example"],
            "secrets": [{"scope": "global", "key_names": ["token"]}],
        }
    )
)
ALLOWED = PluginCapabilityProfile(http_hosts=("a.example", "c.example"), secrets=("token",))


@pytest.mark.parametrize(
    ("granted", "denied"),
    [
        ({}, ()),
        ({"http_hosts": ["a.example"], "secrets": ["token"]}, ()),
        ({"http_hosts": ["b.example"]}, ("http_hosts: b.example",)),
        ({"http_hosts": ["c.example"]}, ("http_hosts: c.example",)),
        ({"channels": ["x"], "secrets": ["key"]}, ("channels: x", "secrets: key")),
    ],
    ids=["nothing", "both agree", "not allowed", "not declared", "several"],
)
def test_grants_beyond_manifest_or_policy(granted, denied):
    """A grant needs both the manifest and the policy; each value that lacks one is named."""
    assert denied_capabilities(MANIFEST, PluginCapabilityProfile(**granted), ALLOWED) == denied
