"""Who may run what: the one rule that decides it, from the log alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from palyra_events.plugin import Binding, Plugin
from palyra_events.skill import ModuleFact, Release, ReleaseState, Skill


class Refusal(StrEnum):
    """Why a plugin may not run."""

    PLUGIN_UNBOUND = "plugin_unbound"
    PLUGIN_DISABLED = "plugin_disabled"
    SKILL_NOT_ENABLED = "skill_not_enabled"
    SKILL_QUARANTINED = "skill_quarantined"
    MODULE_MISSING = "module_missing"
    MODULE_CHANGED = "module_changed"


@dataclass(frozen=True, slots=True)
class Right:
    """A plugin may run this module of this release; ``exclusive_key`` is the plugin's."""

    plugin_id: str
    binding: Binding
    release: Release
    module: ModuleFact
    exclusive_key: str | None = None


def right_to_run(plugin: Plugin, skill: Skill) -> Right | Refusal:
    """Return what the plugin may run, or why it may run nothing.

    ``skill`` is the skill of the plugin's binding, without releases where none is installed. Grants
    belong to the module that the operator looked at: with grants, another module is refused until
    somebody binds the plugin again, so that an upgrade never inherits a power.
    """
    binding = plugin.binding
    if binding is None:
        return Refusal.PLUGIN_UNBOUND
    if not plugin.enabled:
        return Refusal.PLUGIN_DISABLED
    if skill.enabled is None:
        return _why_not_enabled(skill)
    facts = skill.enabled.facts
    module = next((module for module in facts.modules if module.path == binding.module_path), None)
    if module is None:
        return Refusal.MODULE_MISSING
    if module.sha256 != binding.module_sha256 and not binding.grants.is_empty:
        return Refusal.MODULE_CHANGED
    return Right(plugin.plugin_id, binding, skill.enabled, module, plugin.exclusive_key)


def _why_not_enabled(skill: Skill) -> Refusal:
    """Tell a quarantine from the rest: it is the newest release that an operator would look at."""
    if skill.installed and skill.newest.state is ReleaseState.QUARANTINED:
        return Refusal.SKILL_QUARANTINED
    return Refusal.SKILL_NOT_ENABLED
