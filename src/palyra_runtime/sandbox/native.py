"""The engine's C interface, known only here and, as far as components go, in `native_component`.

It is spoken to directly for two reasons. The Python package keeps the exception of a host function
in one global of the process, so one plugin's error can be raised into the invocation of another
thread (measured: up to one call in two hundred). Here a host function never raises through the
engine: what ended the guest is kept with the guest, and the engine gets a plain trap. And it takes
several times as long for each call, because it asks for types again and again and makes an object of
every pointer; here pointers are numbers.

Types and lifetimes follow ``wasmtime.h`` of the pinned version; `engine` refuses any other.
"""
# ruff: noqa: SLF001 - the library's private face is this module's subject

from __future__ import annotations

import ctypes
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from ctypes import addressof, c_bool, c_char_p, c_int64, c_size_t, c_uint64, c_void_p
from types import TracebackType
from typing import Any, ClassVar, NamedTuple, NoReturn, Self, TypeAlias

from wasmtime import (
    Config,
    Engine,
    FuncType,
    InstancePre,
    Linker,
    Module,
    Trap,
    ValType,
    WasmtimeError,
)
from wasmtime import _ffi as ffi

#: the value of an option of the engine
Flag: TypeAlias = bool | int | str

#: how many parameters and results (0 or 1) a host function has; all are i32
Arity = tuple[int, int]

_U32 = 0xFFFF_FFFF
_NO_FINALIZER = ctypes.cast(0, ctypes.CFUNCTYPE(None, c_void_p))
_TRAP_TEXT = b"ended by the host"
_MEMORY_KIND = ffi.WASMTIME_EXTERN_MEMORY.value
#: ``wasmtime_val_raw_t`` has 16 bytes; host functions take up to three of them
_RAW_STEP = 4
_Raw = ctypes.c_int32 * (3 * _RAW_STEP)


def c_function(name: str, result: Any, *parameters: Any) -> Any:
    """Return one C function that takes pointers as numbers; the library's own binding stays as it is."""
    function = ffi.dll[name]
    function.restype, function.argtypes = result, parameters
    return function


_store_new = c_function("wasmtime_store_new", c_void_p, c_void_p, c_void_p, c_void_p)
_store_context = c_function("wasmtime_store_context", c_void_p, c_void_p)
_store_limiter = c_function("wasmtime_store_limiter", None, c_void_p, *[c_int64] * 5)
_store_delete = c_function("wasmtime_store_delete", None, c_void_p)
_set_epoch_deadline = c_function("wasmtime_context_set_epoch_deadline", None, c_void_p, c_uint64)
_set_fuel = c_function("wasmtime_context_set_fuel", c_void_p, c_void_p, c_uint64)
_get_fuel = c_function("wasmtime_context_get_fuel", c_void_p, c_void_p, c_void_p)
_instantiate = c_function("wasmtime_instance_pre_instantiate", c_void_p, *[c_void_p] * 4)
_instance_export = c_function(
    "wasmtime_instance_export_get", c_bool, c_void_p, c_void_p, c_char_p, c_size_t, c_void_p
)
_caller_export = c_function("wasmtime_caller_export_get", c_bool, c_void_p, c_char_p, c_size_t, c_void_p)
_memory_data = c_function("wasmtime_memory_data", c_void_p, c_void_p, c_void_p)
_memory_data_size = c_function("wasmtime_memory_data_size", c_size_t, c_void_p, c_void_p)
_call = c_function("wasmtime_func_call_unchecked", c_void_p, c_void_p, c_void_p, c_void_p, c_size_t, c_void_p)
_trap_new = c_function("wasmtime_trap_new", c_void_p, c_char_p, c_size_t)
_Callback = ctypes.CFUNCTYPE(c_void_p, c_void_p, c_void_p, c_void_p, c_size_t)


class Scratch(ctypes.Structure):
    """Where the engine writes its answers; one for each guest, so that guests can be nested."""

    _fields_: ClassVar[Sequence[tuple[str, Any]]] = (("fuel", c_uint64),)
    fuel: int


class _ModuleScratch(Scratch):
    """What is asked of the instance of a module."""

    _fields_ = (
        ("instance", ffi.wasmtime_instance_t),
        ("item", ffi.wasmtime_extern_t),
        ("memory", ffi.wasmtime_extern_t),
        ("trap", c_void_p),
        ("values", _Raw),
    )
    instance: Any
    item: Any
    memory: Any
    trap: int | None
    values: Any


_OF = ffi.wasmtime_extern_t.of.offset
_FUEL = Scratch.fuel.offset  # type: ignore[attr-defined]
_INSTANCE = _ModuleScratch.instance.offset
_ITEM = _ModuleScratch.item.offset
_MEMORY = _ModuleScratch.memory.offset
_TRAP = _ModuleScratch.trap.offset  # type: ignore[union-attr]
_VALUES = _ModuleScratch.values.offset


class _Thread(threading.local):
    """The guest that this thread runs; the innermost one, where the broker of one runs another."""

    guest: Guest


_thread = _Thread()


class StoreLimits(NamedTuple):
    """The limits that the engine enforces, in the order in which it takes them."""

    memory_bytes: int
    table_elements: int
    instances: int
    tables: int
    memories: int


class Guest(ABC):
    """A fresh store and the one guest in it; a context manager, for the thread that made it.

    ``calls`` is what the host functions get. ``fuel_left`` is up to date only inside a host call.
    """

    __slots__ = ("_at", "_context", "_outer", "_scratch", "_stop", "_store", "calls", "fuel_left")

    calls: Any
    fuel_left: int

    def __init__(
        self, engine_address: int, scratch: Scratch, limits: StoreLimits, fuel: int, deadline_ticks: int
    ) -> None:
        self._scratch = scratch
        self._at = addressof(scratch)
        self._stop: BaseException | None = None
        self._outer: Guest | None = None
        self._store = _store_new(engine_address, None, None)
        self._context = _store_context(self._store)
        _store_limiter(self._store, *limits)
        _set_fuel(self._context, fuel)
        _set_epoch_deadline(self._context, deadline_ticks)

    def __enter__(self) -> Self:
        self._outer = getattr(_thread, "guest", None)
        _thread.guest = self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._outer is None:
            del _thread.guest
        else:
            _thread.guest = self._outer
        _store_delete(self._store)

    @abstractmethod
    def instantiate(self) -> None:
        """Make the instances, running their start functions.

        Raises:
            Trap: a start function trapped.
            WasmtimeError: the engine refuses, for want of memory or by a limit of the store.
        """

    @abstractmethod
    def call(self, name: bytes) -> int:
        """Call an exported function that the caller knows to give one 32-bit number and take nothing.

        Raises:
            Trap: the guest trapped.
            WasmtimeError: the engine failed.
        """

    @abstractmethod
    def memory_size(self, name: bytes) -> int | None:
        """Return the bytes of an exported memory, or None where there is none."""

    def fuel(self) -> int:
        """Return the fuel that is left."""
        _get_fuel(self._context, self._at + _FUEL)
        return self._scratch.fuel

    def enter_host(self) -> None:
        """Begin a host call: the engine is waiting, and its fuel is ours to take from."""
        _get_fuel(self._context, self._at + _FUEL)
        self.fuel_left = self._scratch.fuel

    def leave_host(self) -> None:
        """End a host call, and tell the engine what is left of the fuel."""
        _set_fuel(self._context, self.fuel_left)

    def stopped_by(self, reason: BaseException) -> None:
        """Remember what ends the guest; it is raised when the engine has returned."""
        self._stop = reason

    def raise_end(self, failure: Exception) -> NoReturn:
        """Raise what ended the guest: first what a host function raised, then the engine's own word."""
        stop, self._stop = self._stop, None
        try:
            raise failure if stop is None else stop
        finally:
            # The exceptions hold this frame; without this each would keep itself alive until the
            # next collection.
            del stop, failure


class Program(NamedTuple):
    """A module compiled and linked, and the engine that it belongs to."""

    pre: InstancePre
    address: int
    engine: Engine
    engine_address: int

    def guest(self, limits: StoreLimits, fuel: int, deadline_ticks: int) -> ModuleGuest:
        """Return a guest of this module, in a store of its own."""
        return ModuleGuest(self, limits, fuel, deadline_ticks)


class ModuleGuest(Guest):
    """The instance of a module."""

    __slots__ = ("_caller", "_program")

    _scratch: _ModuleScratch

    def __init__(self, program: Program, limits: StoreLimits, fuel: int, deadline_ticks: int) -> None:
        super().__init__(program.engine_address, _ModuleScratch(), limits, fuel, deadline_ticks)
        self._program = program
        self._caller: int | None = None

    def instantiate(self) -> None:
        """Make the instance, running the module's start function."""
        at = self._at
        error = _instantiate(self._program.address, self._context, at + _INSTANCE, at + _TRAP)
        if error or self._scratch.trap:
            self._raise(error)

    def call(self, name: bytes) -> int:
        """Call an exported function known to be ``() -> i32``; what any other type does is undefined."""
        at = self._at
        _instance_export(self._context, at + _INSTANCE, name, len(name), at + _ITEM)
        error = _call(self._context, at + _ITEM + _OF, at + _VALUES, 1, at + _TRAP)
        if error or self._scratch.trap:
            self._raise(error)
        return int(self._scratch.values[0])

    def memory_size(self, name: bytes) -> int | None:
        """Return the bytes of an exported memory, or None where there is none."""
        at = self._at
        if not _instance_export(self._context, at + _INSTANCE, name, len(name), at + _ITEM):
            return None
        if self._scratch.item.kind != _MEMORY_KIND:
            return None
        return int(_memory_data_size(self._context, at + _ITEM + _OF))

    def memory(self, name: bytes) -> tuple[int, int] | None:
        """Return the address and size of the memory that the guest exports, during a host call.

        Both are asked for anew each time, as they change when the guest grows it.
        """
        at = self._at
        if not _caller_export(self._caller, name, len(name), at + _MEMORY):
            return None
        if self._scratch.memory.kind != _MEMORY_KIND:
            return None
        handle = at + _MEMORY + _OF
        return _memory_data(self._context, handle) or 0, _memory_data_size(self._context, handle)

    def called_by(self, caller: int) -> None:
        """Remember through which call of the engine the memory is reached, for as long as that lasts."""
        self._caller = caller

    def _raise(self, error: int | None) -> NoReturn:
        self.raise_end(engine_error(error) if error else _engine_trap(self._scratch.trap or 0))


def guest_of_thread() -> Guest:
    """Return the guest that this thread runs, during a host call."""
    return _thread.guest


def host_function(handler: Callable[..., int], arity: Arity) -> Any:
    """Return a C callback for ``handler(guest, …)``, which takes and gives unsigned 32-bit numbers.

    Whoever registers the callback keeps it alive as long as the linker. Whatever the handler raises
    ends the guest and is raised again from `Guest.instantiate` or `Guest.call`.
    """
    params, results = arity
    places = [index * _RAW_STEP for index in range(params)]
    raw = _Raw.from_address

    def callback(_env: int, caller: int, values: int, _count: int) -> int:
        guest: ModuleGuest = _thread.guest  # type: ignore[assignment]
        try:
            guest.called_by(caller)
            guest.enter_host()
            slots = raw(values)
            answer = handler(guest, *[slots[place] & _U32 for place in places])
            if results:
                slots[0] = answer
            guest.leave_host()
        except BaseException as error:  # noqa: BLE001 - raised again by Guest.raise_end, on this same thread
            guest.leave_host()
            guest.stopped_by(error)
            return int(_trap_new(_TRAP_TEXT, len(_TRAP_TEXT)))
        return 0

    return _Callback(callback)


def define(linker: Linker, names: tuple[str, str], arity: Arity, callback: Any) -> None:
    """Offer ``callback`` to guests under a module name and a name.

    Raises:
        WasmtimeError: the linker has the name already.
    """
    module, name = names[0].encode(), names[1].encode()
    params, results = arity
    # A type belongs to one engine: shared between two, the library aborts the process.
    kind = FuncType([ValType.i32()] * params, [ValType.i32()] * results)
    pointer = ctypes.cast(callback, ffi.wasmtime_func_unchecked_callback_t)
    error = ffi.wasmtime_linker_define_func_unchecked(
        linker.ptr(), module, len(module), name, len(name), kind.ptr(), pointer, None, _NO_FINALIZER
    )
    if error:
        raise WasmtimeError._from_ptr(error)


def set_flag(config: Config, name: str, value: Flag) -> None:
    """Set one option of the engine; not all of them have a property in the library."""
    if hasattr(Config, name):
        setattr(config, name, value)
    else:
        getattr(ffi, f"wasmtime_config_{name}_set")(config.ptr(), value)


def set_pool(config: Config, sizes: Mapping[str, int]) -> None:
    """Have the engine take memories, tables and instances out of a pool made in advance."""
    pool = ffi.wasmtime_pooling_allocation_config_new()
    for name, value in sizes.items():
        getattr(ffi, f"wasmtime_pooling_allocation_config_{name}_set")(pool, value)
    ffi.wasmtime_pooling_allocation_strategy_set(config.ptr(), pool)
    ffi.wasmtime_pooling_allocation_config_delete(pool)


def load_program(linker: Linker, compiled: bytes) -> Program:
    """Return compiled code ready to run: give it only bytes that this host has made, and has proof of.

    Raises:
        WasmtimeError: another engine has compiled it, or it does not link.
    """
    module = Module.deserialize(linker.engine, compiled)  # noqa: TID251 - the one place; see `module_cache`
    pre = linker.instantiate_pre(module)
    return Program(pre, address_of(pre.ptr()), linker.engine, address_of(linker.engine.ptr()))


def address_of(pointer: Any) -> int:
    """Return a pointer as a number."""
    return ctypes.cast(pointer, c_void_p).value or 0


def engine_error(address: int) -> WasmtimeError:
    """Return the engine's error at an address; it is the exception's to free."""
    return WasmtimeError._from_ptr(ctypes.cast(address, ctypes.POINTER(ffi.wasmtime_error_t)))


def _engine_trap(address: int) -> Trap:
    return Trap._from_ptr(ctypes.cast(address, ctypes.POINTER(ffi.wasm_trap_t)))
