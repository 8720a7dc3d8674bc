"""The manifest of a skill, ``skill.toml``: what it is, what it offers and what it asks for.

This module holds the shape. What a well-formed manifest may say is in `manifest_rules`, and
`parse_manifest` applies both. Times are in milliseconds, sizes in bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, FailFast, Field, Strict, StringConstraints

#: the manifest version of a manifest that does not say
MANIFEST_VERSION_DEFAULT = 2

U32_MAX = 2**32 - 1
#: TOML has signed 64-bit integers
I64_MAX = 2**63 - 1

Name = Annotated[str, StringConstraints(strip_whitespace=True)]
ItemT = TypeVar("ItemT")
#: TOML gives lists; a frozen model keeps tuples, and stays strict about what is in them. The first bad
#: item ends it: a list of 300,000 would make as many errors, in gigabytes.
Items = Annotated[tuple[ItemT, ...], Strict(strict=False), FailFast()]
Names = Items[Name]
U32 = Annotated[int, Field(ge=0, le=U32_MAX)]
U64 = Annotated[int, Field(ge=0, le=I64_MAX)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Risk(_Table):
    """How careful a host should be with a tool."""

    default_sensitive: bool = False
    requires_approval: bool = False

    @property
    def needs_approval(self) -> bool:
        """True where a person must approve each run of the tool."""
        return self.default_sensitive or self.requires_approval


class Tool(_Table):
    """One tool that the skill offers to agents."""

    id: Name
    name: str
    description: str
    input_schema: Any
    output_schema: Any
    risk: Risk = Risk()


class Entrypoints(_Table):
    """What of the skill can be called."""

    tools: Items[Tool]


class Filesystem(_Table):
    """Storage prefixes that the skill reads and writes."""

    read_roots: Names = ()
    write_roots: Names = ()


class SecretNeed(_Table):
    """Names of secrets, and whose they are."""

    scope: Name
    key_names: Names


class Quotas(_Table):
    """What one run of a module may use."""

    wall_clock_timeout_ms: U64 = 30_000
    fuel_budget: U64 = 10_000_000
    max_memory_bytes: U64 = 67_108_864


class WildcardOptIn(_Table):
    """Classes of capability in which the skill asks for ``*``."""

    filesystem: bool = False
    http_egress: bool = False
    secrets: bool = False
    device: bool = False
    node: bool = False


class Capabilities(_Table):
    """All that the skill asks for."""

    filesystem: Filesystem = Filesystem()
    http_egress_allowlist: Names = ()
    secrets: Items[SecretNeed] = ()
    device_capabilities: Names = ()
    node_capabilities: Names = ()
    quotas: Quotas = Quotas()
    wildcard_opt_in: WildcardOptIn = WildcardOptIn()


class Compatibility(_Table):
    """Hosts that the skill runs on."""

    required_protocol_major: U32 = Field(
        validation_alias=AliasChoices("required_protocol_major", "min_protocol_major")
    )
    min_palyra_version: str = Field(
        validation_alias=AliasChoices("min_palyra_version", "min_runtime_version")
    )
    max_palyra_version: str | None = None


class IntegrityFile(_Table):
    """One file of the artifact and its SHA-256 in lower-case hexadecimal."""

    path: str
    sha256: str


class Integrity(_Table):
    """All files of the artifact but the manifest and the signature; written when it is packed."""

    files: Items[IntegrityFile] = ()


class Checklist(_Table):
    """Where a reviewer of a generated skill finds what to review."""

    capability_declaration_path: str
    provenance_path: str
    test_harness_path: str
    review_notes: str = ""


class Builder(_Table):
    """How a generated skill came to be; a skill that a person wrote has none."""

    experimental: bool
    source_kind: str
    source_ref: str
    rollout_flag: str
    review_status: str = ""
    checklist: Checklist

    @property
    def needs_review(self) -> bool:
        """True until a reviewer has approved or signed the generated skill."""
        return self.experimental and self.review_status.strip().lower() not in {"approved", "signed"}


class ContractKind(StrEnum):
    """Typed contracts between a plugin and its host."""

    MEMORY_PROVIDER = "memory_provider"
    CONTEXT_ENGINE = "context_engine"
    ROUTING_STRATEGY = "routing_strategy"
    RUN_LIFECYCLE_HOOK = "run_lifecycle_hook"
    COMPACTION_PROVIDER = "compaction_provider"
    DIAGNOSTICS_PROVIDER = "diagnostics_provider"
    POLICY_SIGNAL_PROVIDER = "policy_signal_provider"
    CHANNEL_BINDING_PROVIDER = "channel_binding_provider"
    DELIVERY_ADAPTER = "delivery_adapter"
    SCHEDULER_TASK_PROVIDER = "scheduler_task_provider"
    MODEL_AUTH_PROVIDER = "model_auth_provider"
    CONNECTOR_ADAPTER = "connector_adapter"


class Contract(_Table):
    """A typed contract that the skill's plugin fulfils."""

    kind: Annotated[ContractKind, Strict(strict=False)]
    version: U32 = 1


class PluginDefaults(_Table):
    """What a binding of this skill uses where the operator names nothing else."""

    default_tool_id: Name | None = None
    default_module_path: Name | None = None
    default_entrypoint: Name | None = None
    contracts: Items[Contract] = ()


class PropertyType(StrEnum):
    """Types of a configuration value."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    STRING_LIST = "string_list"


class ConfigProperty(_Table):
    """One value that the operator can configure."""

    type: Annotated[PropertyType, Strict(strict=False)]
    title: str | None = None
    description: str | None = None
    default: Any = None
    redacted: bool = False
    enum_values: Items[str] = ()


class ConfigContract(_Table):
    """What the operator can configure."""

    schema_version: U32 = 1
    required: Items[str] = ()
    properties: Mapping[str, ConfigProperty] = {}


class Operator(_Table):
    """What the skill says to the person who installs it."""

    display_name: str | None = None
    summary: str | None = None
    description: str | None = None
    categories: Names = ()
    tags: Names = ()
    docs_url: Name | None = None
    plugin: PluginDefaults = PluginDefaults()
    config: ConfigContract | None = None

    @property
    def is_empty(self) -> bool:
        """True where nothing is said."""
        return self == Operator()


class Manifest(_Table):
    """A manifest, version 1 or 2."""

    manifest_version: U32 = MANIFEST_VERSION_DEFAULT
    skill_id: Name
    name: str
    version: str
    publisher: Name
    entrypoints: Entrypoints
    capabilities: Capabilities = Capabilities()
    compat: Compatibility
    integrity: Integrity = Integrity()
    builder: Builder | None = None
    operator: Operator = Operator()

    @property
    def entrypoint(self) -> str | None:
        """The export that runs the skill's module; None for the host's default."""
        return self.operator.plugin.default_entrypoint
