"""Running modules on request, under the names that users of such systems know."""

from palyra_events.capabilities import PluginCapabilityProfile
from palyra_runtime.runner.capability_names import normalize_capabilities
from palyra_runtime.runner.errors import (
    InvalidCapability,
    InvalidRunRequest,
    QuotaExceeded,
    RunnerDisabled,
    RunnerKind,
    RuntimeFailure,
    SkillNotEnabled,
    TimedOut,
    runner_kind,
)
from palyra_runtime.runner.installed import EnabledSkills
from palyra_runtime.runner.resolution import InstalledSkills, ResolvedModule
from palyra_runtime.runner.run import PluginRun, execute_module, run_resolved_wasm_plugin, run_wasm_plugin
from palyra_runtime.runner.tool import AmbiguousTool, UnknownTool
from palyra_runtime.runner.tool_schema import schema_problem
from palyra_runtime.sandbox import (
    HOST_CAPABILITIES_IMPORT_MODULE,
    CapabilityGrantSet,
    WasmPluginRunnerPolicy,
    WasmRuntime,
    register_capability_bindings,
)

__all__ = [
    "HOST_CAPABILITIES_IMPORT_MODULE",
    "AmbiguousTool",
    "CapabilityGrantSet",
    "EnabledSkills",
    "InstalledSkills",
    "InvalidCapability",
    "InvalidRunRequest",
    "PluginCapabilityProfile",
    "PluginRun",
    "QuotaExceeded",
    "ResolvedModule",
    "RunnerDisabled",
    "RunnerKind",
    "RuntimeFailure",
    "SkillNotEnabled",
    "TimedOut",
    "UnknownTool",
    "WasmPluginRunnerPolicy",
    "WasmRuntime",
    "execute_module",
    "normalize_capabilities",
    "register_capability_bindings",
    "run_resolved_wasm_plugin",
    "run_wasm_plugin",
    "runner_kind",
    "schema_problem",
]
