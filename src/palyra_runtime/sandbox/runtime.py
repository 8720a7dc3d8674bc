"""The runtime under the name and with the failures that users of the reference know."""

from __future__ import annotations

from palyra_events.errors import RunFailed
from palyra_runtime.sandbox import runtime_errors
from palyra_runtime.sandbox.default import invoke
from palyra_runtime.sandbox.errors import InvalidModule
from palyra_runtime.sandbox.form import Form, form_of
from palyra_runtime.sandbox.grants import CapabilityGrantSet
from palyra_runtime.sandbox.inspection import wasm_from_text
from palyra_runtime.sandbox.invocation import Execution, Invocation
from palyra_runtime.sandbox.limits import Limits
from palyra_runtime.sandbox.outcome import RuntimeKind
from palyra_runtime.sandbox.session import Broker

_ERRORS: dict[RuntimeKind, type[RunFailed]] = {
    "Compile": runtime_errors.Compile,
    "Linker": runtime_errors.Linker,
    "MissingExport": runtime_errors.MissingExport,
    "ExecutionTimedOut": runtime_errors.ExecutionTimedOut,
    "ExecutionLimitExceeded": runtime_errors.ExecutionLimitExceeded,
    "Execution": runtime_errors.Execution,
}


class WasmRuntime:
    """Runs modules and returns what they left; whatever exit code a guest returns is a success."""

    def __init__(self, broker: Broker, limits: Limits | None = None) -> None:
        self._broker = broker
        self._limits = limits or Limits()

    def execute(
        self, module: bytes, *, entrypoint: str | None = None, grants: CapabilityGrantSet | None = None
    ) -> Execution:
        """Run ``module`` in binary form and return its execution.

        Raises:
            RunFailed: the guest did not return; the class is named as the reference names it.
        """
        invocation = Invocation(
            broker=self._broker,
            entrypoint=entrypoint,
            grants=grants or CapabilityGrantSet(),
            limits=self._limits,
        )
        execution = invoke(module, invocation)
        if execution.kind is not None:
            raise _ERRORS[_kind(execution.kind, module)](execution.message, outcome=execution.outcome)
        return execution

    def execute_text(
        self, text: str, *, entrypoint: str | None = None, grants: CapabilityGrantSet | None = None
    ) -> Execution:
        """Run a module given as text, as tests and experiments have it.

        Raises:
            RunFailed: the text does not parse, or the guest did not return.
        """
        try:
            module = wasm_from_text(text)
        except InvalidModule as error:
            raise runtime_errors.Compile(error.message) from error
        return self.execute(module, entrypoint=entrypoint, grants=grants)


def _kind(kind: RuntimeKind, module: bytes) -> RuntimeKind:
    """Return a failure's kind; to callers of the reference a component of another world is no module."""
    return "Compile" if kind == "MissingExport" and form_of(module) is Form.COMPONENT else kind
