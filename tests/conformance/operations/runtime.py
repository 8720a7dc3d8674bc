"""The ``runtime.*`` operations of the reference cases."""

from __future__ import annotations

from typing import Any

from palyra_runtime.capabilities import HostBroker
from palyra_runtime.clock import entropy, now
from palyra_runtime.sandbox import CapabilityGrantSet, Limits, WasmRuntime


def _execute(given: dict[str, Any]) -> dict[str, Any]:
    runtime = WasmRuntime(HostBroker(now, entropy), Limits(**given.get("limits", {})))
    grants = CapabilityGrantSet(**given.get("grants", {}))
    entrypoint = given.get("entrypoint")
    if "bytes_hex" in given:
        module = bytes.fromhex(given["bytes_hex"])
        return {"exit_code": runtime.execute(module, entrypoint=entrypoint, grants=grants).exit_code}
    return {"exit_code": runtime.execute_text(given["wat"], entrypoint=entrypoint, grants=grants).exit_code}


def _handles(given: dict[str, Any]) -> dict[str, list[int]]:
    return dict(CapabilityGrantSet(**given["grants"]).handles())


def _default_limits(_given: dict[str, Any]) -> dict[str, int]:
    names = {"fuel_budget", "max_memory_bytes", "max_table_elements", "max_instances"}
    return Limits().model_dump(include=names)


OPERATIONS = {
    "runtime.execute": _execute,
    "runtime.handles": _handles,
    "runtime.default_limits": _default_limits,
}
