"""What an artifact says about itself, as an operator sees it before anything is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_runtime.skills import (
    Artifact,
    ManifestWarning,
    PolicyBinding,
    ReferenceGrants,
    declared_capabilities,
    policy_bindings,
    reference_grants,
)
from palyra_runtime.skills.manifest import Compatibility, PluginDefaults, Quotas


@dataclass(frozen=True, slots=True)
class FileSummary:
    """A file of an artifact; ``size`` in bytes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ToolSummary:
    """A tool of a skill, what it takes, and whether a person must approve each run of it."""

    id: str
    name: str
    description: str
    needs_approval: bool
    input_schema: Any


@dataclass(frozen=True, slots=True)
class Inspection:
    """An artifact that opened: it is whole, and somebody has signed it. Who may, is another question.

    ``defaults`` are what a plugin of the skill runs where its operator names nothing else. ``capabilities``
    are what plugins of the skill can be granted; ``reference_grants`` and
    ``policy_bindings`` are the reference system's reading of the same manifest.
    """

    skill_id: str
    version: str
    name: str
    publisher: str
    key_id: str
    public_key: str
    signed_at_unix_ms: int
    artifact_sha256: str
    payload_sha256: str
    tools: Sequence[ToolSummary]
    defaults: PluginDefaults
    capabilities: PluginCapabilityProfile
    reference_grants: ReferenceGrants
    policy_bindings: Sequence[PolicyBinding]
    missing_secrets: Sequence[str]
    quotas: Quotas
    compat: Compatibility
    modules: Sequence[FileSummary]
    assets: Sequence[FileSummary]
    warnings: Sequence[ManifestWarning]
    needs_review: bool


def inspection_of(artifact: Artifact, missing_secrets: Sequence[str]) -> Inspection:
    """Return what an artifact says."""
    manifest, signature = artifact.manifest, artifact.signature
    return Inspection(
        skill_id=manifest.skill_id,
        version=manifest.version,
        name=manifest.name,
        publisher=manifest.publisher,
        key_id=signature.key_id,
        public_key=signature.public_key.hex(),
        signed_at_unix_ms=signature.signed_at_unix_ms,
        artifact_sha256=artifact.artifact_sha256,
        payload_sha256=artifact.payload_sha256,
        tools=[
            ToolSummary(tool.id, tool.name, tool.description, tool.risk.needs_approval, tool.input_schema)
            for tool in manifest.entrypoints.tools
        ],
        defaults=manifest.operator.plugin,
        capabilities=declared_capabilities(manifest),
        reference_grants=reference_grants(manifest),
        policy_bindings=policy_bindings(manifest),
        missing_secrets=missing_secrets,
        quotas=manifest.capabilities.quotas,
        compat=manifest.compat,
        modules=[_summary(path, content) for path, content in artifact.modules.items()],
        assets=[_summary(path, content) for path, content in artifact.assets.items()],
        warnings=artifact.warnings,
        needs_review=manifest.builder is not None and manifest.builder.needs_review,
    )


def _summary(path: str, content: bytes) -> FileSummary:
    return FileSummary(path, len(content), hashlib.sha256(content).hexdigest())
