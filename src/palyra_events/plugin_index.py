"""The reference system's file of plugins, ``plugins/bindings.json``: version 2, sorted by plugin id.

Beside what somebody bound, a record holds what the reference found when it looked last: files, the
state of the configuration, capabilities that differ. Those findings are carried along and not acted on.
"""

from __future__ import annotations

import json
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_events.index_file import Index, IndexFile, UnixMs, parse_index
from palyra_events.versioned_json import add_update_time

#: the version that is written
PLUGIN_INDEX_VERSION: Final = 2

#: version 2 has more fields than 1, all of which may be absent
_FORMAT = IndexFile("plugin index", PLUGIN_INDEX_VERSION, {0: add_update_time, 1: lambda value: value})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PluginOperator(_Part):
    """What people noted about a plugin."""

    display_name: str | None = None
    notes: str | None = None
    owner_principal: str | None = None
    updated_by: str | None = None
    tags: tuple[str, ...] = ()


class FilesystemFinding(_Part):
    """Whether the plugin's folder was safe from others."""

    safe: bool = True
    issues: tuple[Any, ...] = ()


class Discovery(_Part):
    """What was found of the plugin's files."""

    state: str = "unknown"
    last_scanned_at_unix_ms: UnixMs | None = None
    reasons: tuple[str, ...] = ()
    missing_paths: tuple[str, ...] = ()
    filesystem: FilesystemFinding = FilesystemFinding()


class ConfigFinding(_Part):
    """How the plugin's configuration compared with its contract."""

    state: str = "unknown"
    issues: tuple[Any, ...] = ()
    redacted_fields: tuple[str, ...] = ()


class ConfigPlace(_Part):
    """Where the plugin's configuration lay, and what it was made for."""

    schema_version: int
    path: str
    contract_schema_version: int | None = None
    manifest_payload_sha256: str | None = None
    validation: ConfigFinding = ConfigFinding()


class CapabilityFinding(_Part):
    """How declared, granted and effective capabilities differed."""

    valid: bool = True
    declared: PluginCapabilityProfile = PluginCapabilityProfile()
    granted: PluginCapabilityProfile = PluginCapabilityProfile()
    effective: PluginCapabilityProfile = PluginCapabilityProfile()
    entries: tuple[Any, ...] = ()


class ContractFinding(_Part):
    """Which typed contracts the plugin was found to fulfil."""

    mode: str = "untyped_legacy"
    ready: bool = True
    entries: tuple[Any, ...] = ()


class PluginBindingRecord(_Part):
    """One plugin in the file."""

    plugin_id: str
    enabled: bool
    skill_id: str
    skill_version: str | None = None
    tool_id: str | None = None
    module_path: str | None = None
    entrypoint: str | None = None
    capability_profile: PluginCapabilityProfile = PluginCapabilityProfile()
    operator: PluginOperator = PluginOperator()
    discovery: Discovery = Discovery()
    config: ConfigPlace | None = None
    capability_diff: CapabilityFinding = CapabilityFinding()
    typed_contracts: ContractFinding = ContractFinding()
    created_at_unix_ms: UnixMs
    updated_at_unix_ms: UnixMs


class PluginIndex(Index):
    """The content of the file."""

    schema_version: Literal[2] = PLUGIN_INDEX_VERSION
    updated_at_unix_ms: UnixMs
    entries: tuple[PluginBindingRecord, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the index as JSON, without what is not there."""
        return self.model_dump(mode="json", exclude_none=True)


def parse_plugin_index(document: bytes | str) -> PluginIndex:
    """Return the index in a file of any version, sorted by plugin id.

    A record that does not know when it was made was made when it was changed last.

    Raises:
        InvalidJson, NotAnObject, InvalidSchemaVersion, UnsupportedSchemaVersion: it is no such file.
        InvalidIndex: it has other fields than it should, or one plugin twice.
    """
    index = parse_index(document, _FORMAT, PluginIndex, lambda entry: entry.plugin_id)
    return index.model_copy(update={"entries": tuple(map(_with_time_of_making, index.entries))})


def format_plugin_index(index: PluginIndex, now_unix_ms: int) -> str:
    """Return the index as the file has it, changed ``now_unix_ms`` milliseconds after the epoch."""
    changed = index.model_copy(update={"updated_at_unix_ms": now_unix_ms})
    return json.dumps(changed.document(), ensure_ascii=False, indent=2) + "\n"


def _with_time_of_making(record: PluginBindingRecord) -> PluginBindingRecord:
    if record.created_at_unix_ms:
        return record
    return record.model_copy(update={"created_at_unix_ms": record.updated_at_unix_ms})
