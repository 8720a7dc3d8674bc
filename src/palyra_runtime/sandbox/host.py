"""What it takes to run guests: an engine, its clock, and the functions that guests import."""

from __future__ import annotations

from palyra_runtime.sandbox.engine import EpochTicker, new_engine
from palyra_runtime.sandbox.imports import HostImports
from palyra_runtime.sandbox.native import Program, load_program


class SandboxHost:
    """The parts of a sandbox that touch the engine; each process that runs guests has its own."""

    def __init__(self) -> None:
        self.engine = new_engine()
        self.ticker = EpochTicker(self.engine)
        self._imports = HostImports(self.engine)

    def load(self, compiled: bytes) -> Program:
        """Return compiled code ready to run; only `module_cache` and the compiler vouch for such bytes.

        Raises:
            WasmtimeError: another engine has compiled it, or it does not link.
        """
        return load_program(self._imports.linker, compiled)
