"""What an operator does with plugins."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palyra_events.application import Application, Intent, Loaded
from palyra_events.capabilities import CAPABILITY_CLASSES, PluginCapabilityProfile, canonical
from palyra_events.errors import CapabilityDenied, Conflict, InvalidInput, UnknownPlugin
from palyra_events.identifiers import normalize_identifier, version_key
from palyra_events.plugin import Binding, Plugin, PluginConfig
from palyra_events.plugin_index import PluginBindingRecord
from palyra_events.skill import Release, Skill
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.bindings import plugin_document
from palyra_runtime.capabilities.egress import SecretHosts
from palyra_runtime.dispatch import ToolCall, ToolResult, ToolRunner
from palyra_runtime.facade.entitlement import Entitlement
from palyra_runtime.facade.import_plan import ImportPlan
from palyra_runtime.facade.plugin_import import PluginImport
from palyra_runtime.facade.recorded import showing_recorded
from palyra_runtime.facade.release_change import (
    Consent,
    PluginChange,
    ReleaseChange,
    check_consent,
    rebound,
    unless_it_widens,
)
from palyra_runtime.runner.capability_names import normalize_capabilities
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.skills import (
    Artifact,
    ModuleInspector,
    declared_capabilities,
    denied_capabilities,
    select_module,
)
from projections import PluginRow, Point, Views


class UnknownEntrypoint(InvalidInput):
    """The module has no such entrypoint."""

    code = "UNKNOWN_ENTRYPOINT"
    advice = (
        "Name an export of type () -> i32 with --entrypoint, or leave it out for palyra_plugin_main or run."
    )


class ModuleNotThere(Conflict):
    """The module that the plugin is bound to is in no installed release."""

    code = "MODULE_NOT_THERE"
    advice = "Bind it to the module that the skill has now, with: palyra plugin rebind PLUGIN"


@dataclass(frozen=True, slots=True)
class PluginGrants:
    """What a plugin may do under one release of its skill.

    Its grants belong to the module that it was bound to: with grants, it does not run where
    ``is_same_module`` is false.
    """

    plugin_id: str
    skill_id: str
    version: str
    module_path: str
    has_module: bool
    is_same_module: bool
    secret_hosts: Mapping[str, tuple[str, ...]]
    entitlement: Entitlement


class Plugins:
    """Bind modules of skills under names that hooks can use, and say what they may do."""

    def __init__(  # noqa: PLR0913 - wired in one place
        self,
        *,
        application: Application,
        artifacts: Artifacts,
        views: Views,
        inspector: ModuleInspector,
        policy: WasmPluginRunnerPolicy,
        tools: ToolRunner,
        actor: str,
    ) -> None:
        self._application = application
        self._artifacts = artifacts
        self._views = views
        self._inspector = inspector
        self._policy = policy
        self._tools = tools
        self._actor = actor
        self._importing = PluginImport(application=application, prepare=self._imported)

    def bind(  # noqa: PLR0913 - one argument for each thing that an operator may choose
        self,
        plugin_id: str,
        *,
        skill: str,
        module: str | None = None,
        entrypoint: str | None = None,
        http_hosts: Iterable[str] = (),
        secrets: Iterable[str] = (),
        storage_prefixes: Iterable[str] = (),
        channels: Iterable[str] = (),
        secret_hosts: Mapping[str, Iterable[str]] | None = None,
        reason: str | None = None,
    ) -> PluginRow:
        """Bind a plugin to a module of a skill, or bind it anew, with the capabilities named.

        ``secret_hosts`` names the hosts that each secret may be sent to.

        The module is looked up in the enabled release, or else in the newest; the manifest's default
        is taken where none is named, or the only one there is. Nothing is granted that is not named.

        Raises:
            UnknownSkill: the skill is not installed.
            InvalidInput: there is no such module, more than one, or no such entrypoint in it; or a name
                cannot be that of a capability.
            InvalidOrigin: a host of ``secret_hosts`` is none.
            CapabilityDenied: a value is not declared by the skill or not allowed by the policy, or a
                host is named for a secret that is not granted.
            StaleVersion: somebody bound it at the same time.
            RecordedNotShown: it is bound, but cannot be shown.
        """
        plugin = normalize_identifier(plugin_id, "plugin")
        subject = self._application.skill(normalize_identifier(skill, "skill")).state
        artifact = self._artifacts.open(_release(subject).facts.artifact)
        grants = _profile(
            http_hosts=http_hosts, secrets=secrets, storage_prefixes=storage_prefixes, channels=channels
        )
        self._check_grants(artifact, grants)
        hosts = _secret_hosts(secret_hosts or {}, grants)
        binding = self._binding(subject.skill_id, artifact, module, entrypoint, grants)
        config = _kept_config(self._application.plugin(plugin), subject.skill_id)
        binding = binding.model_copy(update={"secret_hosts": hosts, "config": config})
        self._application.bind_plugin(plugin, binding, Intent(self._actor, reason))
        return self._row(plugin)

    def rebind(
        self,
        plugin_id: str,
        *,
        module: str | None = None,
        version: str | None = None,
        reason: str | None = None,
        consent: Consent = unless_it_widens,
    ) -> PluginRow:
        """Let a plugin run the module that its skill has now, with the grants that it has.

        The module is that of the enabled release, or else of the newest, or of ``version``. Grants that
        this release does not declare are dropped. ``consent`` is told what changes.

        Raises:
            UnknownPlugin: it is not bound.
            UnknownSkill, UnknownRelease, UnknownBlob: there is no such release, or its bytes are not kept.
            InvalidInput: the release has no such module, or the module no such entrypoint.
            ConsentRequired: the module is another one, the plugin has grants, and nobody agreed.
            StaleVersion: somebody bound it at the same time.
        """
        plugin = self._bound(plugin_id)
        held = plugin.state.binding
        assert held is not None
        release, artifact = self._opened(held.skill_id, version)
        path = select_module(artifact.modules, module or held.module_path)
        self._check_entrypoint(artifact, path, held.entrypoint)
        declared = declared_capabilities(artifact.manifest)
        moved = held.model_copy(update={"module_path": path})
        binding = rebound(moved, hashlib.sha256(artifact.modules[path]).hexdigest(), declared)
        if binding != held:
            entitlement = Entitlement.of(declared, binding.grants, self._policy.allowed)
            check_consent(_change(plugin.state, binding, release.version, entitlement), consent)
        self._application.rebind_plugin(plugin, binding, Intent(self._actor, reason))
        return self._row(plugin.state.plugin_id)

    def set_grants(  # noqa: PLR0913 - one argument for each thing that an operator may choose
        self,
        plugin_id: str,
        *,
        http_hosts: Iterable[str] = (),
        secrets: Iterable[str] = (),
        storage_prefixes: Iterable[str] = (),
        channels: Iterable[str] = (),
        secret_hosts: Mapping[str, Iterable[str]] | None = None,
        reason: str | None = None,
    ) -> PluginRow:
        """Grant a plugin these capabilities and no others, for the module that it is bound to.

        Raises:
            UnknownPlugin: it is not bound.
            CapabilityDenied: a value is not declared by the release that has this module, or not allowed
                by the policy, or a host is named for a secret that is not granted.
            ModuleNotThere: no installed release has the module that it is bound to.
            InvalidOrigin: a host of ``secret_hosts`` is none.
            StaleVersion: somebody bound it at the same time.
        """
        plugin = self._bound(plugin_id)
        held = plugin.state.binding
        assert held is not None
        grants = _profile(
            http_hosts=http_hosts, secrets=secrets, storage_prefixes=storage_prefixes, channels=channels
        )
        self._check_grants(self._artifact_of(held), grants)
        hosts = _secret_hosts(secret_hosts or {}, grants)
        binding = held.model_copy(update={"grants": grants, "secret_hosts": hosts})
        self._application.rebind_plugin(plugin, binding, Intent(self._actor, reason))
        return self._row(plugin.state.plugin_id)

    def grants(self, plugin_id: str, *, version: str | None = None) -> PluginGrants:
        """Return what a plugin may do under the enabled release, or else the newest, or ``version``.

        Raises:
            UnknownPlugin: it is not bound.
            UnknownSkill, UnknownRelease, UnknownBlob: there is no such release, or its bytes are not kept.
        """
        plugin = self._bound(plugin_id).state
        binding = plugin.binding
        assert binding is not None
        release, artifact = self._opened(binding.skill_id, version)
        declared = declared_capabilities(artifact.manifest)
        module = artifact.modules.get(binding.module_path)
        sha256 = None if module is None else hashlib.sha256(module).hexdigest()
        return PluginGrants(
            plugin_id=plugin.plugin_id,
            skill_id=binding.skill_id,
            version=release.version,
            module_path=binding.module_path,
            has_module=sha256 is not None,
            is_same_module=sha256 == binding.module_sha256,
            secret_hosts=binding.secret_hosts,
            entitlement=Entitlement.of(
                declared, binding.grants, self._policy.allowed, holds=sha256 == binding.module_sha256
            ),
        )

    def enable(self, plugin_id: str, *, reason: str | None = None) -> PluginRow:
        """Let a plugin run again.

        Raises:
            UnknownPlugin, IllegalTransition, StaleVersion: nothing was changed.
        """
        plugin = normalize_identifier(plugin_id, "plugin")
        self._application.enable_plugin(plugin, Intent(self._actor, reason))
        return self._row(plugin)

    def disable(self, plugin_id: str, *, reason: str | None = None) -> PluginRow:
        """Stop a plugin from running, for hooks and as a tool; its deliveries are skipped meanwhile.

        Raises:
            UnknownPlugin, IllegalTransition, StaleVersion: nothing was changed.
        """
        plugin = normalize_identifier(plugin_id, "plugin")
        self._application.disable_plugin(plugin, Intent(self._actor, reason))
        return self._row(plugin)

    def unbind(self, plugin_id: str, *, reason: str | None = None) -> None:
        """Take a plugin's name away. What it has stored stays, for whatever is bound under that name next.

        Raises:
            UnknownPlugin: it is not bound.
            PluginInUse: hooks are bound to it; they are named.
            StaleVersion: somebody changed it at the same time.
        """
        plugin = normalize_identifier(plugin_id, "plugin")
        hooks = [row.hook_id for row in self._views.hooks() if row.plugin_id == plugin]
        self._application.unbind_plugin(plugin, hooks, Intent(self._actor, reason))

    def run(
        self,
        plugin_id: str,
        *,
        tool: str | None = None,
        input: Any,  # noqa: A002 - the word that manifests have for it
        approve: bool = False,
        reason: str | None = None,
    ) -> ToolResult:
        """Run a plugin as a tool, as an agent does, and return its answer; the run is recorded.

        Without ``tool`` it is the skill's default tool, or the only one. Look at ``outcome``: a guest
        that fails, or answers something else than the tool promises, is no error here.

        Raises:
            RunnerDisabled: the policy lets nothing run.
            UnknownPlugin, UnknownTool, AmbiguousTool: there is no such plugin or tool, or several tools.
            PluginMayNotRun: its skill is not enabled, or its module is not the one that was bound.
            ApprovalRequired: the tool needs ``approve`` and a reason.
            ReasonRequired: it was approved without a reason.
            ToolInputRefused: the input does not follow the tool's schema.
            UnsupportedToolSchema: the tool's schemas cannot be checked.
        """
        call = ToolCall(normalize_identifier(plugin_id, "plugin"), tool, input, approve)
        return self._tools.run(call, Intent(self._actor, reason))

    def plan_import(self, document: bytes | str, *, replace: bool = False) -> ImportPlan:
        """Return what `import_index` would do, and what stands in its way.

        Raises:
            InvalidInput: it is no such file.
        """
        return self._importing.plan(document, replace=replace)

    def import_index(
        self, document: bytes | str, *, replace: bool = False, reason: str | None = None
    ) -> ImportPlan:
        """Bind what the reference system's ``plugins/bindings.json``, of any version, says; all or nothing.

        A module is looked up in the release that the file names, or else as `bind` does. What is bound
        otherwise here is a conflict, unless the file is to ``replace`` it.

        Raises:
            InvalidInput: it is no such file.
            ImportRefused, ImportConflict: something stands in the way; nothing was bound.
            EventTooLarge, StaleVersion: nothing was bound.
        """
        return self._importing.run(document, Intent(self._actor, reason), replace=replace)

    def export_index(self) -> str:
        """Return all plugins as the reference system's ``plugins/bindings.json``."""
        return plugin_document(*self._views.plugin_bindings())

    def list(self, *, at: Point | None = None) -> Sequence[PluginRow]:
        """Return every plugin, as it is, or as it was at a position or moment.

        Raises:
            UnknownEvent: the log does not reach so far.
        """
        return self._views.plugins(at=at)

    def _binding(
        self,
        skill_id: str,
        artifact: Artifact,
        module: str | None,
        entrypoint: str | None,
        grants: PluginCapabilityProfile,
    ) -> Binding:
        defaults = artifact.manifest.operator.plugin
        path = select_module(artifact.modules, module or (defaults.default_module_path if defaults else None))
        name = entrypoint or (defaults.default_entrypoint if defaults else None)
        self._check_entrypoint(artifact, path, name)
        return Binding(
            skill_id=skill_id,
            module_path=path,
            module_sha256=hashlib.sha256(artifact.modules[path]).hexdigest(),
            entrypoint=name,
            grants=grants,
        )

    def _imported(self, record: PluginBindingRecord) -> Binding:
        """Return what an entry of a file is to be bound to, as if somebody had typed it."""
        skill_id = normalize_identifier(record.skill_id, "skill")
        _, artifact = self._opened(skill_id, (record.skill_version or "").strip() or None)
        profile = record.capability_profile
        grants = _profile(**{name: getattr(profile, name) for name in CAPABILITY_CLASSES})
        self._check_grants(artifact, grants)
        return self._binding(skill_id, artifact, record.module_path, record.entrypoint, grants)

    def _bound(self, plugin_id: str) -> Loaded[Plugin]:
        plugin = self._application.loaded_plugin(normalize_identifier(plugin_id, "plugin"))
        if plugin.state.binding is None:
            name = plugin.state.plugin_id
            raise UnknownPlugin(f"Plugin {name} is not bound.", plugin_id=name)
        return plugin

    def _opened(self, skill_id: str, version: str | None) -> tuple[Release, Artifact]:
        skill = self._application.skill(skill_id).state
        release = _release(skill) if version is None else skill.release(version)
        return release, self._artifacts.open(release.facts.artifact)

    def _artifact_of(self, binding: Binding) -> Artifact:
        """Return the release that a plugin's module is of: the enabled one before newer ones."""
        skill = self._application.skill(binding.skill_id).state
        module = (binding.module_path, binding.module_sha256)
        having = [
            release
            for release in skill.installed.values()
            if module in {(fact.path, fact.sha256) for fact in release.facts.modules}
        ]
        if not having:
            raise ModuleNotThere(
                f"No installed release of {skill.skill_id} has the module that the plugin is bound to.",
                skill_id=skill.skill_id,
                module=binding.module_path,
            )
        chosen = skill.enabled if skill.enabled in having else max(having, key=_number)
        return self._artifacts.open(chosen.facts.artifact)

    def _check_entrypoint(self, artifact: Artifact, path: str, name: str | None) -> None:
        problem = self._inspector.entrypoint_problem(artifact.modules[path], name)
        if problem:
            raise UnknownEntrypoint(problem, module=path)

    def _row(self, plugin_id: str) -> PluginRow:
        with showing_recorded():
            return next(row for row in self._views.plugins() if row.plugin_id == plugin_id)

    def _check_grants(self, artifact: Artifact, grants: PluginCapabilityProfile) -> None:
        denied = denied_capabilities(artifact.manifest, grants, self._policy.allowed)
        if denied:
            raise CapabilityDenied(f"Not declared or not allowed: {', '.join(denied)}.", denied=list(denied))


def _kept_config(plugin: Plugin, skill_id: str) -> PluginConfig | None:
    """Return what was set for a plugin, unless it was set for another skill."""
    binding = plugin.binding
    return binding.config if binding is not None and binding.skill_id == skill_id else None


def _secret_hosts(
    asked: Mapping[str, Iterable[str]], grants: PluginCapabilityProfile
) -> dict[str, tuple[str, ...]]:
    hosts = {name: canonical(values) for name, values in sorted(asked.items())}
    if strangers := hosts.keys() - set(grants.secrets):
        raise CapabilityDenied(
            f"Not granted, so not to be sent anywhere: secrets: {', '.join(sorted(strangers))}.",
            denied=sorted(strangers),
        )
    SecretHosts(hosts)  # refuses what is no host
    return hosts


def _profile(**lists: Iterable[str]) -> PluginCapabilityProfile:
    """Return the values that somebody named, each in its one spelling.

    Raises:
        InvalidCapability: a name cannot be one of its class.
    """
    named = PluginCapabilityProfile(**{name: canonical(values) for name, values in lists.items()})
    return normalize_capabilities(named)


def _change(plugin: Plugin, binding: Binding, version: str, entitlement: Entitlement) -> ReleaseChange:
    change = PluginChange(
        plugin_id=plugin.plugin_id,
        module_path=binding.module_path,
        entitlement=entitlement,
        refused=None,
        loses_module=False,
        is_rebound=True,
        gains=(),
    )
    return ReleaseChange(binding.skill_id, version, None, (), (), (change,))


def _number(release: Release) -> tuple[int, ...]:
    return version_key(release.version)


def _release(skill: Skill) -> Release:
    return skill.enabled or skill.newest
