"""The sandbox: runs modules that nobody trusts, and tells how that went.

Public API: Sandbox with Invocation, Execution and Limits; ModuleCache; CapabilityGrantSet and
WasmPluginRunnerPolicy; and, for programs that want no sandbox of their own, invoke and the static
checks that an audit makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from palyra_events.exports import on_demand

if TYPE_CHECKING:
    from palyra_runtime.sandbox.bindings import register_capability_bindings
    from palyra_runtime.sandbox.component_contract import (
        CAPABILITIES_INTERFACE,
        COMPONENT_FUNCTIONS,
        IO_INTERFACE,
    )
    from palyra_runtime.sandbox.component_sections import ComponentShape, component_shape
    from palyra_runtime.sandbox.contract import (
        DEFAULT_ENTRYPOINTS,
        HOST_CAPABILITIES_IMPORT_MODULE,
        HOST_IO_IMPORT_MODULE,
    )
    from palyra_runtime.sandbox.default import (
        compile_problem,
        default_sandbox,
        entrypoint_problem,
        exported_function_count,
        import_modules,
        import_names,
        invoke,
        link_problems,
        minimum_sizes,
    )
    from palyra_runtime.sandbox.engine import fingerprint
    from palyra_runtime.sandbox.errors import (
        CompilerUnavailable,
        InvalidModule,
        ModuleTooComplex,
        NoAddressSpace,
        SandboxBusy,
        TooManyGrants,
        UnsafeModuleCache,
        UnsupportedEngine,
        WorkerUnavailable,
    )
    from palyra_runtime.sandbox.form import Form, form_of, is_binary_module
    from palyra_runtime.sandbox.grants import CapabilityGrantSet, Grant
    from palyra_runtime.sandbox.handles import CapabilityClass
    from palyra_runtime.sandbox.inspection import ModuleChecks, wasm_from_text
    from palyra_runtime.sandbox.invocation import Execution, Invocation, LogLine
    from palyra_runtime.sandbox.limits import Limits
    from palyra_runtime.sandbox.module_cache import ModuleCache
    from palyra_runtime.sandbox.outcome import RuntimeKind, outcome_of_exit, runtime_kind
    from palyra_runtime.sandbox.output import BadOutput, parse_output
    from palyra_runtime.sandbox.policy import WasmPluginRunnerPolicy
    from palyra_runtime.sandbox.runner import Isolation, Runner
    from palyra_runtime.sandbox.runtime import WasmRuntime
    from palyra_runtime.sandbox.sandbox import Sandbox
    from palyra_runtime.sandbox.session import Broker, Exchange, HostCall
    from palyra_runtime.sandbox.shape import ModuleShape, module_shape

__all__ = [
    "CAPABILITIES_INTERFACE",
    "COMPONENT_FUNCTIONS",
    "DEFAULT_ENTRYPOINTS",
    "HOST_CAPABILITIES_IMPORT_MODULE",
    "HOST_IO_IMPORT_MODULE",
    "IO_INTERFACE",
    "BadOutput",
    "Broker",
    "CapabilityClass",
    "CapabilityGrantSet",
    "CompilerUnavailable",
    "ComponentShape",
    "Exchange",
    "Execution",
    "Form",
    "Grant",
    "HostCall",
    "InvalidModule",
    "Invocation",
    "Isolation",
    "Limits",
    "LogLine",
    "ModuleCache",
    "ModuleChecks",
    "ModuleShape",
    "ModuleTooComplex",
    "NoAddressSpace",
    "Runner",
    "RuntimeKind",
    "Sandbox",
    "SandboxBusy",
    "TooManyGrants",
    "UnsafeModuleCache",
    "UnsupportedEngine",
    "WasmPluginRunnerPolicy",
    "WasmRuntime",
    "WorkerUnavailable",
    "compile_problem",
    "component_shape",
    "default_sandbox",
    "entrypoint_problem",
    "exported_function_count",
    "fingerprint",
    "form_of",
    "import_modules",
    "import_names",
    "invoke",
    "is_binary_module",
    "link_problems",
    "minimum_sizes",
    "module_shape",
    "outcome_of_exit",
    "parse_output",
    "register_capability_bindings",
    "runtime_kind",
    "wasm_from_text",
]

# A process that runs guests or compiles needs neither the models nor the compiler of its parent.
__getattr__ = on_demand(
    __name__,
    __all__,
    [
        "contract", "handles", "errors", "form", "shape", "component_sections", "component_contract",
        "outcome", "output", "limits", "grants", "session", "invocation", "policy", "engine",
        "module_cache", "inspection", "runner", "runtime", "sandbox", "bindings", "default",
    ],
)  # fmt: skip
