"""Counts and handles of grants for a linker of one's own."""

from __future__ import annotations

from wasmtime import FuncType, Linker, ValType

from palyra_runtime.sandbox.contract import HOST_CAPABILITIES_IMPORT_MODULE
from palyra_runtime.sandbox.grants import CapabilityGrantSet
from palyra_runtime.sandbox.handles import CAPABILITY_CLASSES, CapabilityClass


def register_capability_bindings(linker: Linker, grants: CapabilityGrantSet) -> None:
    """Offer the functions of ``palyra:plugins/host-capabilities@0.1.0`` to modules that ``linker`` links.

    For programs and tests that run guests with the engine's plain interface. The runtime itself has
    a linker for all invocations, whose functions ask which invocation calls; here, all that is
    linked has these grants. A function registered so costs no fuel.

    Raises:
        WasmtimeError: the linker has such functions already.
    """
    for name in CAPABILITY_CLASSES:
        for spelling in (f"{name}-", f"host_capability_{name}_"):
            _register(linker, f"{spelling}count", f"{spelling}handle", name, grants)


def _register(
    linker: Linker, count: str, handle: str, name: CapabilityClass, grants: CapabilityGrantSet
) -> None:
    i32 = ValType.i32()
    granted = len(grants.of_class(name))
    linker.define_func(HOST_CAPABILITIES_IMPORT_MODULE, count, FuncType([], [i32]), lambda: granted)
    linker.define_func(
        HOST_CAPABILITIES_IMPORT_MODULE,
        handle,
        FuncType([i32], [i32]),
        lambda index: grants.handle(name, index),
    )
