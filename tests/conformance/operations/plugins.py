"""Operations on plugin bindings, and on the choice of their module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from palyra_events.capabilities import PluginCapabilityProfile, capability_diff
from palyra_runtime.skills import normalize_module_path, select_module


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


OPERATIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "plugins.capability_diff": diff,
    "plugins.normalize_module_path": lambda given: normalize_module_path(given["value"]),
    "runner.select_module": lambda given: select_module(given["artifact_paths"], given["requested"]),
}

PARTIAL = frozenset({"plugins.capability_diff"})

KIND_NAMES = {"plugins.normalize_module_path": {"InvalidModulePath": "Invalid"}}
