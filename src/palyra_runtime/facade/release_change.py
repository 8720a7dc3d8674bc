"""What changes for a skill and its plugins when another release of it is enabled.

It is worked out before anything happens, so that nobody gets a power, or loses a plugin, unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from palyra_events.application import Loaded
from palyra_events.capabilities import CAPABILITY_CLASSES, PluginCapabilityProfile
from palyra_events.errors import NotAllowed
from palyra_events.plugin import Binding, Plugin
from palyra_events.right import Refusal, Right, right_to_run
from palyra_events.skill import Release, ReleaseState, Skill
from palyra_runtime.facade.entitlement import Entitlement, values_beyond

#: why a plugin that was bound does not run the module that it was bound to
_LOST = frozenset({Refusal.MODULE_MISSING, Refusal.MODULE_CHANGED})


class ConsentRequired(NotAllowed):
    """Something widens, or a plugin loses its module, and nobody has agreed to it."""

    code = "CONSENT_REQUIRED"
    advice = "Look at what changes, then agree to it with --yes."


@dataclass(frozen=True, slots=True)
class PluginChange:
    """What becomes of one plugin.

    ``refused`` is why it will not run, None where it will. ``is_rebound`` tells that it gets the new
    module, with the grants that it has and the skill still declares.
    """

    plugin_id: str
    module_path: str
    entitlement: Entitlement
    refused: Refusal | None
    loses_module: bool
    is_rebound: bool
    gains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseChange:
    """What changes when ``version`` is enabled, against ``previous``, which was enabled last, if any was."""

    skill_id: str
    version: str
    previous: str | None
    declares_more: tuple[str, ...]
    declares_less: tuple[str, ...]
    plugins: tuple[PluginChange, ...]

    @property
    def findings(self) -> tuple[str, ...]:
        """What somebody has to agree to, in words; nothing where the change is harmless."""
        more = [f"it asks for more: {', '.join(self.declares_more)}"] if self.declares_more else []
        return (*more, *(finding for plugin in self.plugins for finding in _findings(plugin)))


#: is told what changes, and says whether that is agreed to
Consent: TypeAlias = Callable[[ReleaseChange], bool]


def unless_it_widens(change: ReleaseChange) -> bool:
    """Agree to what widens nothing and takes no plugin its module."""
    return not change.findings


def check_consent(change: ReleaseChange, consent: Consent) -> None:
    """Ask for consent.

    Raises:
        ConsentRequired: it was not given.
    """
    if not consent(change):
        raise ConsentRequired(
            f"Somebody has to agree to what changes with {change.skill_id} {change.version}.",
            skill_id=change.skill_id,
            version=change.version,
            failures=list(change.findings),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """The enabling of a release: the skill before it, the release, and what both releases declare.

    ``declared_before`` is None where no release is enabled; ``allowed`` is the operator's policy.
    """

    skill: Skill
    release: Release
    declared_before: PluginCapabilityProfile | None
    declared: PluginCapabilityProfile
    allowed: PluginCapabilityProfile

    @property
    def skill_after(self) -> Skill:
        """The skill once the release is enabled."""
        others = {
            version: replace(release, state=ReleaseState.DISABLED)
            if release.state is ReleaseState.ENABLED
            else release
            for version, release in self.skill.releases.items()
        }
        enabled = replace(self.release, state=ReleaseState.ENABLED)
        return replace(self.skill, releases=MappingProxyType({**others, enabled.version: enabled}))

    def rebinding(self, plugins: Iterable[Loaded[Plugin]]) -> list[tuple[Loaded[Plugin], Binding]]:
        """Return the plugins whose module this release changes, with what they are then bound to."""
        found = ((plugin, self._binding(plugin.state)) for plugin in plugins)
        return [(plugin, binding) for plugin, binding in found if binding is not None]

    def change(self, plugins: Iterable[Plugin], *, rebinds: bool) -> ReleaseChange:
        """Return what changes for the skill and for these plugins of it."""
        before, last = self.declared_before, self.skill.enabled_last
        return ReleaseChange(
            skill_id=self.skill.skill_id,
            version=self.release.version,
            previous=last.version if last and last.version != self.release.version else None,
            declares_more=() if before is None else values_beyond(self.declared, before),
            declares_less=() if before is None else values_beyond(before, self.declared),
            plugins=tuple(self._plugin_change(plugin, rebinds=rebinds) for plugin in plugins),
        )

    def _plugin_change(self, plugin: Plugin, *, rebinds: bool) -> PluginChange:
        assert plugin.binding is not None
        binding = (self._binding(plugin) if rebinds else None) or plugin.binding
        before, after = right_to_run(plugin, self.skill), self._right(plugin, binding)
        had = PluginCapabilityProfile() if self.declared_before is None else self.declared_before
        usable = self._entitlement(had, plugin.binding, before).effective
        entitlement = self._entitlement(self.declared, binding, after)
        is_rebound = binding is not plugin.binding
        # A plugin that was granted something for this very module was looked at when that was done.
        is_new = is_rebound or (isinstance(before, Right) and isinstance(after, Right))
        return PluginChange(
            plugin_id=plugin.plugin_id,
            module_path=binding.module_path,
            entitlement=entitlement,
            refused=after if isinstance(after, Refusal) else None,
            loses_module=_is_lost(after) and not _is_lost(before),
            is_rebound=is_rebound,
            gains=values_beyond(entitlement.effective, usable) if is_new else (),
        )

    def _right(self, plugin: Plugin, binding: Binding) -> Right | Refusal:
        return right_to_run(replace(plugin, binding=binding), self.skill_after)

    def _entitlement(
        self, declared: PluginCapabilityProfile, binding: Binding, right: Right | Refusal
    ) -> Entitlement:
        return Entitlement.of(declared, binding.grants, self.allowed, holds=not _is_lost(right))

    def _binding(self, plugin: Plugin) -> Binding | None:
        """Return what a plugin is bound to if it is to run this release's module; None where it does."""
        binding, modules = plugin.binding, {module.path: module for module in self.release.facts.modules}
        if binding is None or binding.module_path not in modules:
            return None
        sha256 = modules[binding.module_path].sha256
        return None if sha256 == binding.module_sha256 else rebound(binding, sha256, self.declared)


def rebound(binding: Binding, module_sha256: str, declared: PluginCapabilityProfile) -> Binding:
    """Return a binding to another module, with those of its grants that the skill declares."""
    kept = {
        name: tuple(value for value in getattr(binding.grants, name) if value in getattr(declared, name))
        for name in CAPABILITY_CLASSES
    }
    hosts = {name: hosts for name, hosts in binding.secret_hosts.items() if name in kept["secrets"]}
    grants = PluginCapabilityProfile(**kept)
    return binding.model_copy(
        update={"module_sha256": module_sha256, "grants": grants, "secret_hosts": hosts}
    )


def _is_lost(right: Right | Refusal) -> bool:
    return isinstance(right, Refusal) and right in _LOST


def _findings(plugin: PluginChange) -> list[str]:
    found = []
    if plugin.is_rebound and not plugin.entitlement.granted.is_empty:
        found.append(f"plugin {plugin.plugin_id} gives its grants to another module")
    if plugin.gains:
        found.append(f"plugin {plugin.plugin_id} gains {', '.join(plugin.gains)}")
    if plugin.loses_module:
        found.append(f"plugin {plugin.plugin_id} will not run: {str(plugin.refused).replace('_', ' ')}")
    return found
