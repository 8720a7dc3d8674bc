"""What the audit asks about a module's code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class ModuleInspector(Protocol):
    """Answers questions about a module without running it; `palyra_runtime.sandbox` is one.

    The audit defines the questions; the sandbox, which alone may touch the WASM engine, answers them
    with the engine and the limits that runs have. A module may be in text form, as the reference
    allows: it compiles, but does not link, because the host runs binaries only.
    """

    def compile_problem(self, module: bytes) -> str | None:
        """Return why the module is not valid WASM, or None; never an exception."""
        ...

    def exported_function_count(self, module: bytes) -> int:
        """Return how many functions a module exports that compiles."""
        ...

    def import_modules(self, module: bytes) -> Sequence[str]:
        """Return the names of the modules that a module imports from that compiles."""
        ...

    def link_problems(self, module: bytes) -> Sequence[str]:
        """Return why this host could not instantiate the module; never an exception."""
        ...

    def entrypoint_problem(self, module: bytes, entrypoint: str | None = None) -> str | None:
        """Return why the module has no entrypoint ``() -> i32`` of this name, or None.

        Without a name, the host's default names are looked for.
        """
        ...
