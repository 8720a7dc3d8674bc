"""What is allowed in a manifest but could be better."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from palyra_runtime.skills.manifest import Manifest

_SECRET_WORDS = ("secret", "token", "password", "api_key", "client_key")


class ManifestWarning(BaseModel):
    """One remark about a manifest; ``code`` is for programs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    message: str


def manifest_warnings(manifest: Manifest) -> tuple[ManifestWarning, ...]:
    """Return the remarks about a valid manifest, in a fixed order."""
    return tuple(ManifestWarning(code=code, message=message) for code, message in _warnings(manifest))


def looks_secret(name: str) -> bool:
    """Return whether the name of a configuration value tells of a secret."""
    return any(word in name for word in _SECRET_WORDS)


def _warnings(manifest: Manifest) -> Iterator[tuple[str, str]]:
    if manifest.manifest_version == 1:
        yield "legacy_manifest_version", "The manifest is of version 1; version 2 can describe the skill."
    if manifest.operator.is_empty:
        yield "missing_operator_metadata", "The manifest says nothing to the operator."
        return
    if manifest.operator.display_name is None:
        yield "missing_operator_display_name", "The skill has no display name."
    config = manifest.operator.config
    if config is None:
        return
    if not config.properties:
        yield "empty_operator_config_contract", "There is a configuration contract without properties."
    for name, wanted in config.properties.items():
        if not wanted.redacted and looks_secret(name):
            yield (
                "operator_config_redaction_recommended",
                f"The property {name[:100]} looks like a secret but is not marked as redacted.",
            )
