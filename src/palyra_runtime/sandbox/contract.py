"""The guest contract, version 1: what a module may import and must export.

Every import is a function whose parameters and result are 32-bit integers, so that a type is told
by two numbers. Pointers and sizes are unsigned, handle indices are signed.
"""

from __future__ import annotations

from dataclasses import dataclass

from palyra_runtime.sandbox.handles import CAPABILITY_CLASSES

HOST_CAPABILITIES_IMPORT_MODULE = "palyra:plugins/host-capabilities@0.1.0"
HOST_IO_IMPORT_MODULE = "palyra:plugins/host-io@0.2.0"

#: looked for in this order where no entrypoint is named
DEFAULT_ENTRYPOINTS = ("palyra_plugin_main", "run")

#: the name under which a guest exports its one memory
MEMORY_EXPORT = "memory"

#: the largest range of guest memory that one call may name
RANGE_BYTES_MAX = 16 * 1024**2


@dataclass(frozen=True, slots=True)
class HostFunction:
    """A function that a guest may import: its two names, and how many i32 it takes and gives."""

    module: str
    name: str
    params: int
    results: int

    @property
    def uses_memory(self) -> bool:
        """True where the host reads or writes the guest's memory."""
        return self.module == HOST_IO_IMPORT_MODULE and self.params > 0


def _capability_functions() -> list[HostFunction]:
    found = []
    for name in CAPABILITY_CLASSES:
        for spelling in (f"{name}-", f"host_capability_{name}_"):
            found.append(HostFunction(HOST_CAPABILITIES_IMPORT_MODULE, f"{spelling}count", 0, 1))
            found.append(HostFunction(HOST_CAPABILITIES_IMPORT_MODULE, f"{spelling}handle", 1, 1))
    return found


_IO_FUNCTIONS = (
    HostFunction(HOST_IO_IMPORT_MODULE, "input-size", 0, 1),
    HostFunction(HOST_IO_IMPORT_MODULE, "input-read", 2, 1),
    HostFunction(HOST_IO_IMPORT_MODULE, "output-write", 2, 1),
    HostFunction(HOST_IO_IMPORT_MODULE, "log", 3, 0),
    HostFunction(HOST_IO_IMPORT_MODULE, "call", 2, 1),
    HostFunction(HOST_IO_IMPORT_MODULE, "call-read", 2, 1),
)

#: every function of the contract by the two names of an import
HOST_FUNCTIONS: dict[tuple[str, str], HostFunction] = {
    (function.module, function.name): function for function in (*_capability_functions(), *_IO_FUNCTIONS)
}
