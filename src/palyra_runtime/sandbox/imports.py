"""The functions that the host offers to modules, defined once for all invocations.

They hold no state: each call finds its invocation with the guest that the calling thread runs. A
function that captured a store would keep it, and its place in the pool, for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wasmtime import Engine, Linker

from palyra_runtime.sandbox.contract import HOST_FUNCTIONS
from palyra_runtime.sandbox.fuel import HOST_CALL_FUEL_UNITS, pay
from palyra_runtime.sandbox.native import Guest, define, host_function
from palyra_runtime.sandbox.pointer_calls import OPERATIONS


class HostImports:
    """A linker with the whole guest contract, and the callbacks that it points to."""

    def __init__(self, engine: Engine) -> None:
        self.linker = Linker(engine)
        self._callbacks: list[Any] = []
        for names, function in HOST_FUNCTIONS.items():
            callback = host_function(_handler(OPERATIONS[names]), (function.params, function.results))
            self._callbacks.append(callback)
            define(self.linker, names, (function.params, function.results), callback)


def _handler(operation: Callable[..., int]) -> Callable[..., int]:
    def handle(guest: Guest, *arguments: int) -> int:
        pay(guest, HOST_CALL_FUEL_UNITS)
        return operation(guest.calls, *arguments)

    return handle
