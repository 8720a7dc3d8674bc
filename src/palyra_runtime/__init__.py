"""Palyra runs other people's agent skills, and records what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from palyra_events.exports import on_demand

if TYPE_CHECKING:
    from palyra_runtime.bootstrap import Palyra
    from palyra_runtime.runner import (
        HOST_CAPABILITIES_IMPORT_MODULE,
        CapabilityGrantSet,
        PluginCapabilityProfile,
        WasmPluginRunnerPolicy,
        WasmRuntime,
        execute_module,
        register_capability_bindings,
        run_resolved_wasm_plugin,
        run_wasm_plugin,
    )
    from palyra_runtime.surroundings import Surroundings
    from palyra_runtime.version import VERSION

__all__ = [
    "HOST_CAPABILITIES_IMPORT_MODULE",
    "VERSION",
    "CapabilityGrantSet",
    "Palyra",
    "PluginCapabilityProfile",
    "Surroundings",
    "WasmPluginRunnerPolicy",
    "WasmRuntime",
    "execute_module",
    "register_capability_bindings",
    "run_resolved_wasm_plugin",
    "run_wasm_plugin",
]

# A command that only prints its help needs no engine and no database.
__getattr__ = on_demand(__name__, __all__, ["version", "runner", "surroundings", "bootstrap"])
