"""The configuration that a guest is told: what its operator set, fit for the release that runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from palyra_events.blob import BlobRef
from palyra_events.plugin import Binding, PluginConfig
from palyra_events.skill import Release
from palyra_runtime.sandbox.handles import HANDLE_BASES
from palyra_runtime.skills import Manifest
from palyra_runtime.skills.config_secret import ungranted_secrets, with_handles
from palyra_runtime.skills.plugin_config import ConfigInstance, ConfigState, ConfigVerdict, check_config

#: returns bytes that an event names
ReadContent = Callable[[BlobRef], bytes]


def config_instance(config: PluginConfig, read: ReadContent) -> ConfigInstance:
    """Return what an operator set.

    Raises:
        UnknownBlob: the values are not kept any more.
        LogDamaged: they are not those that were set.
    """
    return ConfigInstance(
        values=json.loads(read(config.values)),
        contract_schema_version=config.contract_schema_version,
        payload_sha256=config.payload_sha256,
    )


def config_verdict(
    binding: Binding, release: Release, manifest: Manifest, instance: ConfigInstance | None
) -> ConfigVerdict:
    """Hold a plugin's configuration against a release, and its references against the grants."""
    verdict = check_config(manifest.operator.config, instance, release.facts.payload_sha256)
    issues = ungranted_secrets(verdict.effective, secret_handles(binding))
    if not issues:
        return verdict
    return ConfigVerdict(
        ConfigState.INVALID, (*verdict.issues, *issues), verdict.effective, verdict.redacted_fields
    )


def guest_config(
    binding: Binding, release: Release, manifest: Manifest, read: ReadContent
) -> dict[str, Any] | ConfigState:
    """Return the configuration as the guest sees it, or why there is none that it could run with.

    Raises:
        UnknownBlob: what the operator set is not kept any more.
        LogDamaged: it is not what was set.
    """
    instance = None if binding.config is None else config_instance(binding.config, read)
    verdict = config_verdict(binding, release, manifest, instance)
    if verdict.state is not ConfigState.VALID:
        return verdict.state
    return with_handles(verdict.effective, secret_handles(binding))


def secret_handles(binding: Binding) -> dict[str, int]:
    """Return the handles of the secrets that a plugin was granted, by their names."""
    return {name: HANDLE_BASES["secret"] + index for index, name in enumerate(binding.grants.secrets)}
