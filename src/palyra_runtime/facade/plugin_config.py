"""What an operator sets for a plugin, within what its skill's manifest lets be configured."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from palyra_events.application import Application, Intent, Loaded
from palyra_events.blob import Blob, keep
from palyra_events.errors import InvalidInput, NotAllowed, UnknownBlob, UnknownPlugin
from palyra_events.identifiers import normalize_identifier
from palyra_events.plugin import Binding, Plugin, PluginConfig
from palyra_events.skill import Release
from palyra_events.strict_json import InvalidJson, parse_object
from palyra_runtime.artifacts import Artifacts
from palyra_runtime.dispatch.guest_config import config_instance, config_verdict
from palyra_runtime.skills import Manifest
from palyra_runtime.skills.config_secret import plain_secrets
from palyra_runtime.skills.config_value import VALUES_BYTES_MAX, typed_value
from palyra_runtime.skills.manifest import ConfigProperty
from palyra_runtime.skills.plugin_config import (
    REDACTED,
    ConfigInstance,
    ConfigState,
    ConfigVerdict,
    redact,
)

#: the state of a configuration whose values are not kept any more
_ERASED = "erased"


class ConfigRefused(InvalidInput):
    """These values are not what the skill lets be configured."""

    code = "CONFIG_REFUSED"
    advice = "Look at the keys and their types with: palyra plugin config get PLUGIN"


class SecretInConfig(NotAllowed):
    """A secret does not belong into a configuration: it would be kept in plain text."""

    code = "SECRET_IN_CONFIG"
    advice = "Set KEY=secret:NAME, and grant the secret NAME to the plugin."


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One key: what it may be, and what it is; a value that nobody is shown is ``[redacted]``.

    ``choices`` are the only values that it may have, where the skill names them.
    """

    name: str
    type: str
    is_required: bool
    is_set: bool
    value: Any
    title: str | None
    choices: tuple[str, ...]
    issue: str | None


@dataclass(frozen=True, slots=True)
class PluginConfigDetail:
    """The configuration of a plugin, as it stands against a release of its skill."""

    plugin_id: str
    skill_id: str
    skill_version: str
    state: ConfigState | str
    fields: tuple[ConfigField, ...]
    issues: tuple[str, ...]


class _Subject(NamedTuple):
    """A plugin, the release that it runs or would run, and what was set."""

    plugin: Loaded[Plugin]
    binding: Binding
    release: Release
    manifest: Manifest
    instance: ConfigInstance | None
    is_erased: bool = False

    @property
    def plugin_id(self) -> str:
        return self.plugin.state.plugin_id

    @property
    def properties(self) -> Mapping[str, ConfigProperty]:
        contract = self.manifest.operator.config
        return {} if contract is None else contract.properties

    @property
    def values(self) -> Mapping[str, Any]:
        return {} if self.instance is None else self.instance.values


class PluginConfigs:
    """Look at configurations, and change them.

    A plugin with a configuration that does not fit the release that would run is not run.
    """

    def __init__(self, *, application: Application, artifacts: Artifacts, actor: str) -> None:
        self._application = application
        self._artifacts = artifacts
        self._actor = actor

    def get(self, plugin_id: str) -> PluginConfigDetail:
        """Return what can be configured and what is, held against the release that is enabled.

        Raises:
            UnknownPlugin, UnknownSkill: there is no such plugin, or its skill is gone.
        """
        return _detail(self._subject(plugin_id))

    def set(
        self,
        plugin_id: str,
        values: Mapping[str, Any] | None = None,
        *,
        texts: Mapping[str, str] | None = None,
        unset: Collection[str] = (),
        reason: str | None = None,
    ) -> PluginConfigDetail:
        """Set some values and unset others; the rest stays, for the release that is enabled now.

        ``texts`` are values as people type them, read by the type of their key. Without anything to
        change, what was set for another release is confirmed for this one.

        Raises:
            UnknownPlugin, UnknownSkill: there is no such plugin, or its skill is gone.
            ConfigRefused: a key or a value is not one that the skill takes, or there are too many.
            SecretInConfig: a value that is to be a reference to a secret is none.
            StaleVersion: somebody changed the plugin at the same time.
        """
        subject = self._subject(plugin_id)
        typed = {key: _typed(subject.properties.get(key), text) for key, text in (texts or {}).items()}
        changed = {**subject.values, **(values or {}), **typed}
        content = _content({key: value for key, value in changed.items() if key not in unset})
        config, blob = self._checked(subject, content)
        self._application.configure_plugin(subject.plugin, config, Intent(self._actor, reason), [blob])
        return self.get(subject.plugin_id)

    def clear(self, plugin_id: str, *, reason: str | None = None) -> PluginConfigDetail:
        """Unset all values.

        Raises:
            UnknownPlugin, UnknownSkill: there is no such plugin, or its skill is gone.
            StaleVersion: somebody changed the plugin at the same time.
        """
        subject = self._subject(plugin_id)
        self._application.configure_plugin(subject.plugin, None, Intent(self._actor, reason))
        return self.get(subject.plugin_id)

    def _subject(self, plugin_id: str) -> _Subject:
        plugin = self._application.loaded_plugin(normalize_identifier(plugin_id, "plugin"))
        binding = plugin.state.binding
        if binding is None:
            name = plugin.state.plugin_id
            raise UnknownPlugin(f"Plugin {name} is not bound.", plugin_id=name)
        skill = self._application.skill(binding.skill_id).state
        release = skill.enabled or skill.newest
        manifest = self._artifacts.open(release.facts.artifact).manifest
        found = _Subject(plugin, binding, release, manifest, None)
        if binding.config is None:
            return found
        try:
            return found._replace(instance=config_instance(binding.config, self._artifacts.content))
        except UnknownBlob:
            return found._replace(is_erased=True)

    def _checked(self, subject: _Subject, content: bytes) -> tuple[PluginConfig, Blob]:
        """Return what is to be recorded of values, if they fit."""
        contract = subject.manifest.operator.config
        if contract is None:
            raise ConfigRefused(f"{subject.binding.skill_id} takes no configuration.")
        instance = ConfigInstance(
            json.loads(content), contract.schema_version, subject.release.facts.payload_sha256
        )
        if plain := plain_secrets(contract, instance.values):
            raise SecretInConfig(
                f"To be set as secret:NAME, and not in plain text: {', '.join(plain)[:500]}.",
                keys=list(plain),
            )
        verdict = config_verdict(subject.binding, subject.release, subject.manifest, instance)
        if verdict.state not in {ConfigState.VALID, ConfigState.MISSING}:
            raise ConfigRefused(f"{'; '.join(_sentences(verdict))[:1000]}.", issues=_sentences(verdict))
        reference, blob = keep(content)
        config = PluginConfig(
            contract_schema_version=contract.schema_version,
            payload_sha256=subject.release.facts.payload_sha256,
            values=reference,
        )
        return config, blob


def _typed(wanted: ConfigProperty | None, text: str) -> Any:
    return text if wanted is None else typed_value(wanted.type, text)


def _content(values: Mapping[str, Any]) -> bytes:
    """Return values as they are kept."""
    try:
        text = json.dumps(values, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        parse_object(text.encode(), size_max=VALUES_BYTES_MAX)
    except InvalidJson as error:
        raise ConfigRefused(error.message) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise ConfigRefused("The values are no JSON.") from error
    return text.encode()


def _detail(subject: _Subject) -> PluginConfigDetail:
    verdict = config_verdict(subject.binding, subject.release, subject.manifest, subject.instance)
    issues = {issue.field: issue.message for issue in verdict.issues}
    shown = redact({**verdict.effective, **subject.values}, verdict.redacted_fields)
    strangers = sorted(shown.keys() - subject.properties.keys())
    return PluginConfigDetail(
        plugin_id=subject.plugin_id,
        skill_id=subject.binding.skill_id,
        skill_version=subject.release.version,
        state=_ERASED if subject.is_erased else verdict.state,
        fields=(
            *(
                _field(name, wanted, subject, shown, issues)
                for name, wanted in sorted(subject.properties.items())
            ),
            *(_stranger(name, issues) for name in strangers),
        ),
        issues=tuple(_sentences(verdict)),
    )


def _field(
    name: str,
    wanted: ConfigProperty,
    subject: _Subject,
    shown: Mapping[str, Any],
    issues: Mapping[str, str],
) -> ConfigField:
    contract = subject.manifest.operator.config
    return ConfigField(
        name=name,
        type=wanted.type.value,
        is_required=contract is not None and name in contract.required,
        is_set=name in subject.values,
        value=shown.get(name),
        title=wanted.title,
        choices=wanted.enum_values,
        issue=issues.get(name),
    )


def _stranger(name: str, issues: Mapping[str, str]) -> ConfigField:
    """Return a value of a key that this release does not know: it may have been a secret."""
    return ConfigField(
        name=name,
        type="unknown",
        is_required=False,
        is_set=True,
        value=REDACTED,
        title=None,
        choices=(),
        issue=issues.get(name),
    )


def _sentences(verdict: ConfigVerdict) -> list[str]:
    return [f"{issue.field[:100]} {issue.message}" for issue in verdict.issues]
