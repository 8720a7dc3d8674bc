"""The functions that the host offers to components, defined once for all invocations.

As in `imports` they hold no state, and cost fuel: each call, and each byte of text that crosses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from wasmtime import Engine
from wasmtime.component import Linker

from palyra_runtime.sandbox.component_contract import (
    CAPABILITIES_INTERFACE,
    COMPONENT_FUNCTIONS,
    IO_INTERFACE,
)
from palyra_runtime.sandbox.fuel import HOST_CALL_FUEL_UNITS, pay
from palyra_runtime.sandbox.handles import CAPABILITY_CLASSES
from palyra_runtime.sandbox.host_calls import HostCalls
from palyra_runtime.sandbox.native import Guest
from palyra_runtime.sandbox.native_component import define_typed, typed_host_function


class ComponentImports:
    """A linker with the whole guest contract, and the callbacks that it points to."""

    def __init__(self, engine: Engine) -> None:
        self.linker = Linker(engine)
        self._callbacks: list[Any] = []
        with self.linker.root() as root:
            for interface in (IO_INTERFACE, CAPABILITIES_INTERFACE):
                with root.add_instance(interface) as instance:
                    for name, callback in _callbacks(interface):
                        self._callbacks.append(callback)
                        define_typed(instance, name, callback)


def _callbacks(interface: str) -> Iterator[tuple[str, Any]]:
    for (owner, name), signature in COMPONENT_FUNCTIONS.items():
        if owner == interface:
            yield name, typed_host_function(_handler(_OPERATIONS[owner, name]), signature.results)


def _handler(operation: Callable[..., Any]) -> Callable[..., Any]:
    def handle(guest: Guest, *arguments: Any) -> Any:
        pay(guest, HOST_CALL_FUEL_UNITS + _size(arguments))
        answer = operation(guest.calls, *arguments)
        if isinstance(answer, bytes):
            answer = _text(answer)
            pay(guest, len(answer))
        return answer

    return handle


def _size(arguments: tuple[Any, ...]) -> int:
    return sum(len(argument) for argument in arguments if isinstance(argument, bytes))


def _text(data: bytes) -> bytes:
    """Return the bytes as the engine takes text; all that Palyra itself gives is UTF-8."""
    return data.decode(errors="replace").encode()


def _count(place: int, calls: HostCalls) -> int:
    return calls.count(place)


def _handle(place: int, calls: HostCalls, index: int) -> int:
    return calls.handle(place, index)


_OPERATIONS: dict[tuple[str, str], Callable[..., Any]] = {
    (IO_INTERFACE, "input"): HostCalls.input,
    (IO_INTERFACE, "output"): HostCalls.output,
    (IO_INTERFACE, "log"): HostCalls.log,
    (IO_INTERFACE, "call"): HostCalls.call,
    **{
        (CAPABILITIES_INTERFACE, f"{name}-count"): partial(_count, place)
        for place, name in enumerate(CAPABILITY_CLASSES)
    },
    **{
        (CAPABILITIES_INTERFACE, f"{name}-handle"): partial(_handle, place)
        for place, name in enumerate(CAPABILITY_CLASSES)
    },
}
