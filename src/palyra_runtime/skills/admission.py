"""Which of the capabilities that a plugin is granted nobody allows."""

from __future__ import annotations

from palyra_events.capabilities import DifferenceKind, PluginCapabilityProfile, capability_diff
from palyra_runtime.skills.grants import declared_capabilities
from palyra_runtime.skills.manifest import Manifest

_DENIED = frozenset({DifferenceKind.EXCESS_GRANT, DifferenceKind.POLICY_RESTRICTED})


def denied_capabilities(
    manifest: Manifest, granted: PluginCapabilityProfile, allowed: PluginCapabilityProfile
) -> tuple[str, ...]:
    """Return each granted value that the manifest does not declare or the policy does not allow.

    They are named with their class, such as ``http_hosts: api.example.com``; an empty result means
    that all of it may be used. Binding and running ask the same question here.
    """
    return denied_values(declared_capabilities(manifest), granted, allowed)


def denied_values(
    declared: PluginCapabilityProfile, granted: PluginCapabilityProfile, allowed: PluginCapabilityProfile
) -> tuple[str, ...]:
    """Return each granted value that is not declared or not allowed, as `denied_capabilities` does."""
    diff = capability_diff(declared, granted, allowed)
    denied = {(each.capability_class, each.value) for each in diff.differences if each.kind in _DENIED}
    return tuple(f"{name}: {value}" for name, value in sorted(denied))
