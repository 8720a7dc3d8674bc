"""The reference's kinds of failure, for callers that want an exception and not an outcome."""

from __future__ import annotations

from palyra_events.errors import RunFailed


class Compile(RunFailed):
    """The module does not compile."""

    code = "WASM_COMPILE"


class Linker(RunFailed):
    """The module imports what the host does not offer."""

    code = "WASM_LINKER"


class MissingExport(RunFailed):
    """The module does not export the entrypoint."""

    code = "WASM_MISSING_EXPORT"


class ExecutionTimedOut(RunFailed):
    """The guest ran past its deadline."""

    code = "WASM_TIMED_OUT"


class ExecutionLimitExceeded(RunFailed):
    """The guest needs more than its limits allow."""

    code = "WASM_LIMIT_EXCEEDED"
    advice = "Raise the limit in the policy, or have the module's author make it smaller."


class Execution(RunFailed):
    """The guest trapped."""

    code = "WASM_EXECUTION"
