"""What it takes to run guests: engines, their clock, and the functions that guests import."""

from __future__ import annotations

from palyra_runtime.sandbox.component_imports import ComponentImports
from palyra_runtime.sandbox.engine import EpochTicker, new_component_engine, new_engine
from palyra_runtime.sandbox.form import Form
from palyra_runtime.sandbox.imports import HostImports
from palyra_runtime.sandbox.native import Program, load_program
from palyra_runtime.sandbox.native_component import ComponentProgram, load_component


class SandboxHost:
    """The parts of a sandbox that touch the engines; each process that runs guests has its own."""

    def __init__(self) -> None:
        self.engine, self.component_engine = new_engine(), new_component_engine()
        self.ticker = EpochTicker(self.engine, self.component_engine)
        self._imports = HostImports(self.engine)
        self._component_imports = ComponentImports(self.component_engine)

    def load(self, form: Form, compiled: bytes) -> Program | ComponentProgram:
        """Return compiled code ready to run; only `module_cache` and the compiler vouch for such bytes.

        Raises:
            WasmtimeError: another engine has compiled it, or it does not link.
        """
        if form is Form.COMPONENT:
            return load_component(self._component_imports.linker, compiled)
        return load_program(self._imports.linker, compiled)
