"""The sandbox: runs modules that nobody trusts, and tells how that went.

Public API: invoke, Invocation, Execution, Limits, CapabilityGrantSet, WasmPluginRunnerPolicy, and
the static checks that an audit makes.
"""

from __future__ import annotations

from palyra_runtime.sandbox.contract import (
    DEFAULT_ENTRYPOINTS,
    HOST_CAPABILITIES_IMPORT_MODULE,
    HOST_IO_IMPORT_MODULE,
)
from palyra_runtime.sandbox.engine import fingerprint
from palyra_runtime.sandbox.errors import InvalidModule, ModuleTooComplex, TooManyGrants
from palyra_runtime.sandbox.grants import CapabilityClass, CapabilityGrantSet, Grant
from palyra_runtime.sandbox.inspection import (
    compile_problem,
    entrypoint_problem,
    exported_function_count,
    import_modules,
    link_problems,
    wasm_from_text,
)
from palyra_runtime.sandbox.invocation import Execution, Invocation
from palyra_runtime.sandbox.invoke import invoke
from palyra_runtime.sandbox.limits import Limits
from palyra_runtime.sandbox.outcome import RuntimeKind, outcome_of_exit, runtime_kind
from palyra_runtime.sandbox.output import BadOutput, parse_output
from palyra_runtime.sandbox.policy import WasmPluginRunnerPolicy
from palyra_runtime.sandbox.runtime import WasmRuntime
from palyra_runtime.sandbox.session import Broker, Exchange, HostCall, LogLine
from palyra_runtime.sandbox.shape import ModuleShape, is_binary_module, module_shape

__all__ = [
    "DEFAULT_ENTRYPOINTS",
    "HOST_CAPABILITIES_IMPORT_MODULE",
    "HOST_IO_IMPORT_MODULE",
    "BadOutput",
    "Broker",
    "CapabilityClass",
    "CapabilityGrantSet",
    "Exchange",
    "Execution",
    "Grant",
    "HostCall",
    "InvalidModule",
    "Invocation",
    "Limits",
    "LogLine",
    "ModuleShape",
    "ModuleTooComplex",
    "RuntimeKind",
    "TooManyGrants",
    "WasmPluginRunnerPolicy",
    "WasmRuntime",
    "compile_problem",
    "entrypoint_problem",
    "exported_function_count",
    "fingerprint",
    "import_modules",
    "invoke",
    "is_binary_module",
    "link_problems",
    "module_shape",
    "outcome_of_exit",
    "parse_output",
    "runtime_kind",
    "wasm_from_text",
]
