"""What plugins may do, as programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from palyra_events.capabilities import Difference, DifferenceKind, PluginCapabilityProfile
from palyra_runtime.facade.plugins import PluginGrants

#: what each difference between declared, granted and allowed means for the plugin
MEANINGS: Mapping[DifferenceKind, str] = MappingProxyType(
    {
        DifferenceKind.EXCESS_GRANT: "granted, and not declared by this release: every run is denied",
        DifferenceKind.MISSING_GRANT: "declared, and not granted",
        DifferenceKind.POLICY_RESTRICTED: "granted, and not in effect: not declared, or not allowed by the "
        "policy",
        DifferenceKind.UNUSED_DECLARED_CAPABILITY: "declared, and not used",
        DifferenceKind.WILDCARD_RISK: "a wildcard, which matches nothing but itself",
    }
)


@dataclass(frozen=True, slots=True)
class DifferenceRecord:
    """One value that is not the same in what is declared, granted and allowed."""

    category: str
    capability_kind: str
    value: str
    message: str

    @classmethod
    def of(cls, each: Difference) -> Self:
        """Return a difference for programs."""
        return cls(each.kind.value, each.capability_class, each.value, MEANINGS[each.kind])


@dataclass(frozen=True, slots=True)
class GrantsRecord:
    """What a plugin may do under one release of its skill."""

    plugin_id: str
    skill_id: str
    version: str
    module_path: str
    has_module: bool
    is_same_module: bool
    declared: PluginCapabilityProfile
    granted: PluginCapabilityProfile
    effective: PluginCapabilityProfile
    secret_hosts: Mapping[str, tuple[str, ...]]
    differences: tuple[DifferenceRecord, ...]

    @classmethod
    def of(cls, found: PluginGrants) -> Self:
        """Return for programs what a plugin may do."""
        held = found.entitlement
        return cls(
            plugin_id=found.plugin_id,
            skill_id=found.skill_id,
            version=found.version,
            module_path=found.module_path,
            has_module=found.has_module,
            is_same_module=found.is_same_module,
            declared=held.declared,
            granted=held.granted,
            effective=held.effective,
            secret_hosts=found.secret_hosts,
            differences=tuple(DifferenceRecord.of(each) for each in held.diff.differences),
        )
