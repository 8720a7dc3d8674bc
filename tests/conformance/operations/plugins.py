"""Operations on plugin bindings, their configuration, and the choice of their module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palyra_events.capabilities import PluginCapabilityProfile, capability_diff
from palyra_events.plugin_index import PluginIndex, format_plugin_index, parse_plugin_index
from palyra_runtime import clock
from palyra_runtime.skills import normalize_module_path, select_module
from palyra_runtime.skills.manifest import ConfigContract
from palyra_runtime.skills.plugin_config import ConfigInstance, check_config, redact


def diff(given: dict[str, Any]) -> dict[str, Any]:
    result = capability_diff(
        PluginCapabilityProfile(**given["declared"]),
        PluginCapabilityProfile(**given["granted"]),
        PluginCapabilityProfile(**given["policy"]),
    )
    return {
        "valid": result.valid,
        "effective": result.effective.model_dump(mode="json"),
        "entries": [[found.kind.value, found.capability_class, found.value] for found in result.differences],
    }


def config(given: dict[str, Any]) -> dict[str, Any]:
    contract, instance = given.get("contract"), given.get("instance")
    verdict = check_config(
        None if contract is None else ConfigContract(**contract),
        instance
        and ConfigInstance(
            values=instance.get("values", {}),
            contract_schema_version=instance.get("contract_schema_version"),
            payload_sha256=instance.get("manifest_payload_sha256"),
        ),
        given.get("manifest_payload_sha256"),
    )
    return {
        "state": verdict.state.value,
        "issues": [{"field": issue.field, "message": issue.message} for issue in verdict.issues],
        "issue_fields": [issue.field for issue in verdict.issues],
        "effective": verdict.effective,
        "redacted_fields": list(verdict.redacted_fields),
    }


def round_trip(given: dict[str, Any]) -> dict[str, Any]:
    index = PluginIndex.model_validate(given["index"], strict=False)
    saved = format_plugin_index(index, round(clock.now().timestamp() * 1000))
    loaded = parse_plugin_index(saved)
    return {"entries_equal": loaded.entries == index.entries, "updated_at": loaded.updated_at_unix_ms}


OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "plugins.capability_diff": diff,
    "plugins.config_redact": lambda given: redact(given["values"], given["redacted_fields"]),
    "plugins.config_validate": config,
    "plugins.load_index": lambda given: parse_plugin_index(given["file_text"]).document(),
    "plugins.normalize_module_path": lambda given: normalize_module_path(given["value"]),
    "plugins.round_trip": round_trip,
    "runner.select_module": lambda given: select_module(given["artifact_paths"], given["requested"]),
}

#: their cases name some fields of a result only
PARTIAL = frozenset({"plugins.capability_diff", "plugins.config_validate"})

KIND_NAMES = {"plugins.normalize_module_path": {"InvalidModulePath": "Invalid"}}
