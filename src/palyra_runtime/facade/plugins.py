"""What an operator does with plugins."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from palyra_events.application import Application, Intent
from palyra_events.capabilities import PluginCapabilityProfile, canonical
from palyra_events.errors import CapabilityDenied, InvalidInput
from palyra_events.identifiers import normalize_identifier
from palyra_events.plugin import Binding
from palyra_events.skill import Release, Skill
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.capabilities.egress import SecretHosts
from palyra_runtime.dispatch import ToolCall, ToolResult, ToolRunner
from palyra_runtime.facade.recorded import showing_recorded
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from palyra_runtime.skills import Artifact, ModuleInspector, denied_capabilities, select_module
from projections import PluginRow, Views


class UnknownEntrypoint(InvalidInput):
    """The module has no such entrypoint."""

    code = "UNKNOWN_ENTRYPOINT"
    advice = (
        "Name an export of type () -> i32 with --entrypoint, or leave it out for palyra_plugin_main or run."
    )


class Plugins:
    """Bind modules of skills under names that hooks can use."""

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
            InvalidInput: there is no such module, more than one, or no such entrypoint in it.
            InvalidOrigin: a host of ``secret_hosts`` is none.
            CapabilityDenied: a value is not declared by the skill or not allowed by the policy, or a
                host is named for a secret that is not granted.
            StaleVersion: somebody bound it at the same time.
            RecordedNotShown: it is bound, but cannot be shown.
        """
        plugin = normalize_identifier(plugin_id, "plugin")
        subject = self._application.skill(normalize_identifier(skill, "skill")).state
        artifact = self._artifacts.open(_release(subject).facts.artifact)
        grants = PluginCapabilityProfile(
            http_hosts=canonical(http_hosts),
            secrets=canonical(secrets),
            storage_prefixes=canonical(storage_prefixes),
            channels=canonical(channels),
        )
        self._check_grants(artifact, grants)
        hosts = _secret_hosts(secret_hosts or {}, grants)
        binding = self._binding(subject.skill_id, artifact, module, entrypoint, grants)
        binding = binding.model_copy(update={"secret_hosts": hosts})
        self._application.bind_plugin(plugin, binding, Intent(self._actor, reason))
        return self._row(plugin)

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

    def list(self) -> Sequence[PluginRow]:
        """Return every plugin."""
        return self._views.plugins()

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
        problem = self._inspector.entrypoint_problem(artifact.modules[path], name)
        if problem:
            raise UnknownEntrypoint(problem, module=path)
        return Binding(
            skill_id=skill_id,
            module_path=path,
            module_sha256=hashlib.sha256(artifact.modules[path]).hexdigest(),
            entrypoint=name,
            grants=grants,
        )

    def _row(self, plugin_id: str) -> PluginRow:
        with showing_recorded():
            return next(row for row in self._views.plugins() if row.plugin_id == plugin_id)

    def _check_grants(self, artifact: Artifact, grants: PluginCapabilityProfile) -> None:
        denied = denied_capabilities(artifact.manifest, grants, self._policy.allowed)
        if denied:
            raise CapabilityDenied(f"Not declared or not allowed: {', '.join(denied)}.", denied=list(denied))


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


def _release(skill: Skill) -> Release:
    return skill.enabled or skill.newest
