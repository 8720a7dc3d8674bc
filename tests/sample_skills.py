"""A small skill for tests, and ways to spoil it."""

from __future__ import annotations

import copy
from typing import Any

import tomli_w

from palyra_runtime.skills import Artifact, SigningKey, build_artifact, open_artifact

KEY = SigningKey.from_seed(b"\x11" * 32)
OTHER_KEY = SigningKey.from_seed(b"\x22" * 32)
WASM = bytes.fromhex("0061736d01000000")
SBOM = {"bomFormat": "CycloneDX", "specVersion": "1.6"}
PROVENANCE = {"builder": {"id": "lab"}, "subject": [{"name": "echo.wasm"}]}
SIGNED_AT_UNIX_MS = 1_767_225_600_000

_MANIFEST: dict[str, Any] = {
    "skill_id": "acme.echo",
    "name": "Echo",
    "version": "1.0.0",
    "publisher": "acme",
    "entrypoints": {
        "tools": [
            {
                "id": "acme.echo",
                "name": "echo",
                "description": "Say it again",
                "input_schema": {"type": "object"},
                "output_schema": {"type": "object"},
            }
        ]
    },
    "compat": {"required_protocol_major": 1, "min_palyra_version": "0.1.0"},
}


def manifest_table(**fields: Any) -> dict[str, Any]:
    """Return the manifest as a table, with these top-level fields changed."""
    return {**copy.deepcopy(_MANIFEST), **fields}


def manifest_bytes(**fields: Any) -> bytes:
    """Return ``skill.toml``, with these top-level fields changed."""
    return tomli_w.dumps(manifest_table(**fields)).encode()


def artifact_bytes(
    *,
    modules: dict[str, bytes] | None = None,
    assets: dict[str, bytes] | None = None,
    key: SigningKey = KEY,
    **fields: Any,
) -> bytes:
    """Return the packed and signed skill."""
    return build_artifact(
        manifest_bytes(**fields),
        modules=({"echo.wasm": WASM} if modules is None else modules).items(),
        assets=(assets or {}).items(),
        sbom=SBOM,
        provenance=PROVENANCE,
        key=key,
        signed_at_unix_ms=SIGNED_AT_UNIX_MS,
    )


def sample_artifact(**parts: Any) -> Artifact:
    """Return the skill opened; the parts are those of `artifact_bytes`."""
    return open_artifact(artifact_bytes(**parts))
