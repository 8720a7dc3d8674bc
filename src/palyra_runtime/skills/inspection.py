"""What the audit asks about a module's code, and the host that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from palyra_runtime.skills.audit_report import RunLimits


class MinimumSizes(Protocol):
    """What a module takes before its first instruction."""

    @property
    def memory_bytes(self) -> int:
        """Bytes of its memory."""
        ...

    @property
    def table_elements(self) -> int:
        """Elements of its largest table."""
        ...


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

    def import_names(self, module: bytes) -> Sequence[str]:
        """Return what a module that compiles imports, each as ``MODULE NAME``."""
        ...

    def minimum_sizes(self, module: bytes) -> MinimumSizes:
        """Return what a module that compiles takes at the least."""
        ...

    def link_problems(self, module: bytes) -> Sequence[str]:
        """Return why this host could not instantiate the module; never an exception."""
        ...

    def entrypoint_problem(self, module: bytes, entrypoint: str | None = None) -> str | None:
        """Return why the module has no entrypoint ``() -> i32`` of this name, or None.

        Without a name, the host's default names are looked for.
        """
        ...


@dataclass(frozen=True, slots=True)
class AuditHost:
    """The host that a release is audited for.

    ``schema_problem`` returns why a tool's schema cannot be checked, or None.
    """

    inspector: ModuleInspector
    limits: RunLimits
    schema_problem: Callable[[Mapping[str, Any]], str | None]
