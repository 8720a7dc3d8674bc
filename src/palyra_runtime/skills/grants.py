"""From a manifest to capabilities.

`declared_capabilities` is the one mapping that binding, audit and run use. The other two functions
are reports in the reference system's words: its grants mix scopes into secret names and never grant
a channel, so nothing here acts on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict

from palyra_events.capabilities import PluginCapabilityProfile, canonical
from palyra_runtime.skills.manifest import Manifest


class ReferenceGrants(BaseModel):
    """What the reference system would grant to a run of the skill."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    http_hosts: tuple[str, ...]
    secret_keys: tuple[str, ...]
    storage_prefixes: tuple[str, ...]
    channels: tuple[str, ...]


class PolicyBinding(BaseModel):
    """An action on a resource that a policy must allow, and whether a person must approve it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: str
    resource: str
    requires_approval: bool


def declared_capabilities(manifest: Manifest) -> PluginCapabilityProfile:
    """Return all that a plugin of this skill may be granted.

    Secrets are bare names: whose they are is decided where they are kept. A node capability is a
    channel. Wildcards are kept as they are; they match nothing but themselves.
    """
    asked = manifest.capabilities
    return PluginCapabilityProfile(
        http_hosts=canonical(host.rstrip(".").lower() for host in asked.http_egress_allowlist),
        secrets=canonical(key for secret in asked.secrets for key in secret.key_names),
        storage_prefixes=canonical(asked.filesystem.write_roots),
        channels=canonical(asked.node_capabilities),
    )


def reference_grants(manifest: Manifest) -> ReferenceGrants:
    """Return the reference system's other reading of the manifest, for comparison."""
    asked = manifest.capabilities
    scoped = (f"{secret.scope}/{key}" for secret in asked.secrets for key in secret.key_names)
    return ReferenceGrants(
        http_hosts=canonical(asked.http_egress_allowlist),
        secret_keys=canonical(scoped),
        storage_prefixes=canonical(asked.filesystem.write_roots),
        channels=(),
    )


def policy_bindings(manifest: Manifest) -> tuple[PolicyBinding, ...]:
    """Return what a policy must allow before the skill can do all it asks for, sorted."""
    wanted = {*_tool_actions(manifest), *_capability_actions(manifest)}
    return tuple(
        PolicyBinding(action=action, resource=resource, requires_approval=approval)
        for action, resource, approval in sorted(wanted)
    )


def _tool_actions(manifest: Manifest) -> Iterator[tuple[str, str, bool]]:
    for tool in manifest.entrypoints.tools:
        yield "tool.execute", f"tool:{tool.id}", tool.risk.needs_approval


def _capability_actions(manifest: Manifest) -> Iterator[tuple[str, str, bool]]:
    asked = manifest.capabilities
    needs: tuple[tuple[str, Iterable[object]], ...] = (
        ("skill.capability.http.egress", asked.http_egress_allowlist),
        ("skill.capability.filesystem.write", asked.filesystem.write_roots),
        ("skill.capability.vault.read", asked.secrets),
        ("skill.capability.device.use", (*asked.device_capabilities, *asked.node_capabilities)),
    )
    for action, values in needs:
        if tuple(values):
            yield action, f"skill:{manifest.skill_id}", True
