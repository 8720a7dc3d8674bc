"""The engine's C interface: the only module that knows it.

It is spoken to directly for one reason. The Python package keeps the exception of a host function
in one global of the process, so one plugin's error can be raised into the invocation of another
thread (measured: up to one call in two hundred). Here a host function never raises through the
engine: what ended the guest is kept for the thread that runs it, and the engine gets a plain trap.

Types and lifetimes follow ``wasmtime.h`` of the pinned version.
"""
# ruff: noqa: SLF001 - the library's private face is this module's subject

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any

from wasmtime import FuncType, InstancePre, Linker, Store, Trap, ValType, WasmtimeError
from wasmtime import _ffi as ffi
from wasmtime._value import _unintern

#: how many parameters and results (0 or 1) a host function has; all are i32
Arity = tuple[int, int]

_U32 = 0xFFFF_FFFF
_NO_FINALIZER = ctypes.cast(0, ctypes.CFUNCTYPE(None, ctypes.c_void_p))
_TRAP_TEXT = b"ended by the host"


class _Thread(threading.local):
    """What ended the guest that this thread runs, until the engine has returned."""

    stop: BaseException | None = None


_thread = _Thread()


class RunningGuest:
    """The guest that is calling the host, valid until that call returns."""

    __slots__ = ("_caller", "_context")

    def __init__(self, caller: Any) -> None:
        self._caller = caller
        self._context = ffi.wasmtime_caller_context(caller)

    def data(self) -> Any:
        """Return the data that the guest's store was made with."""
        key: Any = ffi.wasmtime_context_get_data(self._context)
        return _unintern(key)

    def memory(self, name: bytes) -> tuple[int, int] | None:
        """Return the address and size of an exported memory; both change when the guest grows it."""
        item: Any = ffi.wasmtime_extern_t()
        if not ffi.wasmtime_caller_export_get(self._caller, name, len(name), ctypes.byref(item)):
            return None
        if item.kind != ffi.WASMTIME_EXTERN_MEMORY.value:
            return None
        memory = ctypes.byref(item.of.memory)
        address = ctypes.cast(ffi.wasmtime_memory_data(self._context, memory), ctypes.c_void_p).value or 0
        return address, ffi.wasmtime_memory_data_size(self._context, memory)

    def fuel(self) -> int:
        """Return the fuel that is left."""
        left = ctypes.c_uint64(0)
        _raise_error(ffi.wasmtime_context_get_fuel(self._context, ctypes.byref(left)))
        return left.value

    def set_fuel(self, units: int) -> None:
        """Leave this much fuel."""
        _raise_error(ffi.wasmtime_context_set_fuel(self._context, units))


def host_function(handler: Callable[[RunningGuest, tuple[int, ...]], int], arity: Arity) -> Any:
    """Return a C callback for ``handler``, which takes and gives unsigned 32-bit numbers.

    Whoever registers the callback keeps it alive as long as the linker. Whatever the handler raises
    ends the guest and is raised again from ``instantiate`` or ``call_entrypoint``.
    """
    params, results = arity

    def callback(_env: Any, caller: Any, values: Any, _count: int) -> int:
        try:
            answer = handler(RunningGuest(caller), tuple(values[i].i32 & _U32 for i in range(params)))
            if results:
                values[0].i32 = answer
        except BaseException as error:  # noqa: BLE001 - raised again by _finish, on this same thread
            _thread.stop = error
            return _new_trap()
        return 0

    return ffi.wasmtime_func_unchecked_callback_t(callback)


def _new_trap() -> int:
    return ctypes.cast(ffi.wasmtime_trap_new(_TRAP_TEXT, len(_TRAP_TEXT)), ctypes.c_void_p).value or 0


def define(linker: Linker, names: tuple[str, str], arity: Arity, callback: Any) -> None:
    """Offer ``callback`` to guests under a module name and a name.

    Raises:
        WasmtimeError: the linker has the name already.
    """
    module, name = names[0].encode(), names[1].encode()
    params, results = arity
    # A type belongs to one engine: shared between two, the library aborts the process.
    kind = FuncType([ValType.i32()] * params, [ValType.i32()] * results)
    _raise_error(
        ffi.wasmtime_linker_define_func_unchecked(
            linker.ptr(), module, len(module), name, len(name), kind.ptr(), callback, None, _NO_FINALIZER
        )
    )


def instantiate(pre: InstancePre, store: Store) -> Any:
    """Make an instance in ``store``, running the module's start function, and return it.

    Raises:
        Trap: the start function trapped.
        WasmtimeError: the engine refuses, for want of memory or by a limit of the store.
    """
    instance = ffi.wasmtime_instance_t()
    trap = ctypes.POINTER(ffi.wasm_trap_t)()
    _thread.stop = None
    error = ffi.wasmtime_instance_pre_instantiate(
        pre.ptr(), store._context(), ctypes.byref(instance), ctypes.byref(trap)
    )
    _finish(error, trap)
    return instance


def call_entrypoint(store: Store, instance: Any, name: str) -> int:
    """Call an exported function that the caller knows to be ``() -> i32``; any other type is undefined.

    Raises:
        Trap: the guest trapped.
        WasmtimeError: the engine failed.
    """
    function = _export(store, instance, name).of.func
    values = (ffi.wasmtime_val_raw_t * 1)()
    trap = ctypes.POINTER(ffi.wasm_trap_t)()
    _thread.stop = None
    error = ffi.wasmtime_func_call_unchecked(
        store._context(), ctypes.byref(function), values, len(values), ctypes.byref(trap)
    )
    _finish(error, trap)
    return int(values[0].i32)


def memory_size(store: Store, instance: Any, name: str) -> int | None:
    """Return the bytes of an exported memory, or None where there is none."""
    item = _export(store, instance, name)
    if item is None or item.kind != ffi.WASMTIME_EXTERN_MEMORY.value:
        return None
    return int(ffi.wasmtime_memory_data_size(store._context(), ctypes.byref(item.of.memory)))


def _export(store: Store, instance: Any, name: str) -> Any:
    item: Any = ffi.wasmtime_extern_t()
    raw = name.encode()
    found = ffi.wasmtime_instance_export_get(
        store._context(), ctypes.byref(instance), raw, len(raw), ctypes.byref(item)
    )
    return item if found else None


def _finish(error: Any, trap: Any) -> None:
    """Raise what ended the guest: first what a host function raised, then the engine's own word."""
    stop, _thread.stop = _thread.stop, None
    failure = WasmtimeError._from_ptr(error) if error else Trap._from_ptr(trap) if trap else None
    try:
        if stop is not None:
            raise stop
        if failure is not None:
            raise failure
    finally:
        # The exceptions hold this frame; without this each would keep itself alive until the next collection.
        del stop, failure


def _raise_error(error: Any) -> None:
    if error:
        raise WasmtimeError._from_ptr(error)
