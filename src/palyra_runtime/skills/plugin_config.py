"""The configuration of a plugin, held against what its skill's manifest says can be configured."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from palyra_runtime.skills.config_value import fits_type
from palyra_runtime.skills.manifest import ConfigContract, ConfigProperty

#: what stands in a listing for a value that is not shown
REDACTED = "[redacted]"


class ConfigState(StrEnum):
    """Whether a configuration is fit to run with."""

    VALID = "valid"
    MISSING = "missing"
    INVALID = "invalid"
    REQUIRES_MIGRATION = "requires_migration"


class ConfigIssue(NamedTuple):
    """What is wrong with one value; ``is_absence`` where it should be there and is not."""

    field: str
    message: str
    is_absence: bool = False


@dataclass(frozen=True, slots=True)
class ConfigInstance:
    """Values that somebody set, and the contract that they were set for.

    ``payload_sha256`` names the release whose manifest had that contract, None where nobody knows.
    """

    values: Mapping[str, Any]
    contract_schema_version: int | None = None
    payload_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ConfigVerdict:
    """How a configuration compares with its contract; ``effective`` is what can be used of it."""

    state: ConfigState
    issues: tuple[ConfigIssue, ...] = ()
    effective: Mapping[str, Any] = field(default_factory=dict)
    redacted_fields: tuple[str, ...] = ()


def check_config(
    contract: ConfigContract | None, instance: ConfigInstance | None, payload_sha256: str | None
) -> ConfigVerdict:
    """Hold a configuration against the contract of the release ``payload_sha256``.

    Where nothing was set, the defaults are all there is. Values that were set for another contract, or
    for another release, are nobody's to reinterpret: they have to be set anew.
    """
    if contract is None:
        return _without_contract(instance)
    if instance is not None and (issue := _migration(contract, instance, payload_sha256)):
        return ConfigVerdict(ConfigState.REQUIRES_MIGRATION, (issue,), {}, redacted_fields(contract))
    values = {} if instance is None else instance.values
    unknown = sorted(values.keys() - contract.properties.keys())
    issues = [ConfigIssue(name, "is not a key of the contract") for name in unknown]
    effective: dict[str, Any] = {}
    for name, wanted in sorted(contract.properties.items()):
        value = values.get(name, wanted.default)
        found = list(_problems(name, wanted, value, is_set=name in values, contract=contract))
        issues += found
        if not found and value is not None:
            effective[name] = value
    return ConfigVerdict(_state(issues), tuple(issues), effective, redacted_fields(contract))


def redacted_fields(contract: ConfigContract | None) -> tuple[str, ...]:
    """Return the keys whose values nobody is shown, sorted."""
    properties = {} if contract is None else contract.properties
    return tuple(sorted(name for name, wanted in properties.items() if wanted.redacted))


def redact(values: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """Return the values as they may be shown: those of ``fields`` are not."""
    return {name: REDACTED if name in fields else value for name, value in values.items()}


def _without_contract(instance: ConfigInstance | None) -> ConfigVerdict:
    names = sorted(instance.values) if instance else ()
    issues = tuple(ConfigIssue(name, "is set, and the skill takes no configuration") for name in names)
    return ConfigVerdict(ConfigState.INVALID if issues else ConfigState.VALID, issues, {})


def _migration(
    contract: ConfigContract, instance: ConfigInstance, payload_sha256: str | None
) -> ConfigIssue | None:
    if instance.contract_schema_version != contract.schema_version:
        return ConfigIssue(
            "contract_schema_version",
            f"is {instance.contract_schema_version}, and the skill has {contract.schema_version}",
        )
    if instance.payload_sha256 is not None and instance.payload_sha256 != payload_sha256:
        return ConfigIssue("manifest_payload_sha256", "is that of another release")
    return None


def _problems(
    name: str, wanted: ConfigProperty, value: Any, *, is_set: bool, contract: ConfigContract
) -> Iterator[ConfigIssue]:
    if value is None and not is_set:
        if name in contract.required:
            yield ConfigIssue(name, "is required and not set", is_absence=True)
        return
    allowed = [each.strip() for each in wanted.enum_values]
    if not fits_type(wanted.type, value):
        yield ConfigIssue(name, f"is not of type {wanted.type}")
    elif allowed and value not in allowed:
        yield ConfigIssue(name, f"is none of {', '.join(allowed)[:200]}")


def _state(issues: Collection[ConfigIssue]) -> ConfigState:
    if not issues:
        return ConfigState.VALID
    return ConfigState.MISSING if all(issue.is_absence for issue in issues) else ConfigState.INVALID
