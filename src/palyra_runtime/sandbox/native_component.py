"""The engine's C interface for components: typed functions, and values that the engine has copied.

What is said in `native` holds here as well. Two things differ. A host function gets strings and not
pointers, because the engine reads and writes the guest's memory itself and checks what it reads. And
the engine reports a trap as a text, which is told by its last line: the lines before it hold names
out of the guest.
"""
# ruff: noqa: SLF001 - the library's private face is this module's subject

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import addressof, c_bool, c_char_p, c_size_t, c_void_p
from typing import Any, NamedTuple, NoReturn

from wasmtime import Engine, Trap, TrapCode, WasmtimeError
from wasmtime import _ffi as ffi
from wasmtime.component import Component, Linker, LinkerInstance

from palyra_runtime.sandbox.native import (
    Guest,
    Scratch,
    StoreLimits,
    address_of,
    c_function,
    engine_error,
    guest_of_thread,
)
from palyra_runtime.sandbox.outcome import INSTANCES, GuestStopped, trapped

#: the longest string that a guest may pass, as its ranges of memory in the form of a module
STRING_BYTES_MAX = 16 * 1024**2

_STOPPED_TEXT = b"ended by the host"
_NO_FINALIZER = ctypes.cast(0, ctypes.CFUNCTYPE(None, c_void_p))
_Value = ffi.wasmtime_component_val_t
_STRING = ffi.WASMTIME_COMPONENT_STRING.value

_instantiate = c_function("wasmtime_component_linker_instantiate", c_void_p, *[c_void_p] * 4)
_export_index = c_function(
    "wasmtime_component_instance_get_export_index", c_void_p, *[c_void_p] * 3, c_char_p, c_size_t
)
_export_index_delete = c_function("wasmtime_component_export_index_delete", None, c_void_p)
_get_func = c_function("wasmtime_component_instance_get_func", c_bool, *[c_void_p] * 4)
_func_call = c_function(
    "wasmtime_component_func_call", c_void_p, c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_size_t
)
_error_new = c_function("wasmtime_error_new", c_void_p, c_char_p)
_name_new = c_function("wasm_byte_vec_new", None, c_void_p, c_size_t, c_char_p)
_Callback = ctypes.CFUNCTYPE(c_size_t, c_void_p, c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_size_t)

#: the engine's words for each trap, in its own words
_TRAP_CODES = {Trap._from_ptr(ffi.wasmtime_trap_new_code(code.value)).message: code for code in TrapCode}
#: the beginnings of its words for what a guest does wrong at its boundary, which are no traps to it
_REFUSALS = {
    "string pointer": trapped("bad_pointer"),
    "pointer ": trapped("bad_pointer"),
    "realloc return: ": trapped("bad_pointer"),
    "invalid utf-": trapped("bad_string"),
    "unpaired surrogate": trapped("bad_string"),
    # Where components inside a component call each other, the engine adds instances of its own.
    "resource limit exceeded: instance count": INSTANCES,
}


class _ComponentScratch(Scratch):
    """What is asked of the instance of a component."""

    _fields_ = (
        ("instance", ffi.wasmtime_component_instance_t),
        ("function", ffi.wasmtime_component_func_t),
        ("answer", _Value),
    )
    instance: Any
    function: Any
    answer: Any


_INSTANCE = _ComponentScratch.instance.offset
_FUNCTION = _ComponentScratch.function.offset
_ANSWER = _ComponentScratch.answer.offset


class ComponentProgram(NamedTuple):
    """A component compiled, the linker that it is instantiated with, and the engine of both."""

    component: Component
    linker: Linker
    address: int
    linker_address: int
    engine: Engine
    engine_address: int

    def guest(self, limits: StoreLimits, fuel: int, deadline_ticks: int) -> ComponentGuest:
        """Return a guest of this component, in a store of its own."""
        return ComponentGuest(self, limits, fuel, deadline_ticks)


class ComponentGuest(Guest):
    """The instance of a component, with those of all modules in it."""

    __slots__ = ("_program",)

    _scratch: _ComponentScratch

    def __init__(
        self, program: ComponentProgram, limits: StoreLimits, fuel: int, deadline_ticks: int
    ) -> None:
        super().__init__(program.engine_address, _ComponentScratch(), limits, fuel, deadline_ticks)
        self._program = program

    def instantiate(self) -> None:
        """Make the instances, running the start functions of the modules."""
        program = self._program
        error = _instantiate(program.linker_address, self._context, program.address, self._at + _INSTANCE)
        if error:
            self._raise(error)

    def call(self, name: bytes) -> int:
        """Call an exported function that the caller knows to be ``() -> s32``."""
        at = self._at
        index = _export_index(at + _INSTANCE, self._context, None, name, len(name))
        found = _get_func(at + _INSTANCE, self._context, index, at + _FUNCTION)
        _export_index_delete(index)
        assert found, "the sections say that there is such a function"
        # The engine calls what the component names for afterwards as well.
        error = _func_call(at + _FUNCTION, self._context, None, 0, at + _ANSWER, 1)
        if error:
            self._raise(error)
        return int(self._scratch.answer.of.s32)

    def memory_size(self, name: bytes) -> int | None:
        """Return None: a component shows its memories to nobody."""

    def _raise(self, error: int) -> NoReturn:
        self.raise_end(_failure(engine_error(error)))


def load_component(linker: Linker, compiled: bytes) -> ComponentProgram:
    """Return compiled code ready to run: give it only bytes that this host has made, and has proof of.

    Raises:
        WasmtimeError: another engine has compiled it.
    """
    engine = linker.engine
    component = Component.deserialize(engine, compiled)
    return ComponentProgram(
        component,
        linker,
        address_of(component.ptr()),
        address_of(linker.ptr()),
        engine,
        address_of(engine.ptr()),
    )


def typed_host_function(handler: Callable[..., Any], results: tuple[str, ...]) -> Any:
    """Return a C callback for ``handler(guest, …)``, which takes and gives numbers, and strings as bytes.

    Whoever registers the callback keeps it alive as long as the linker. Whatever the handler raises
    ends the guest and is raised again from `Guest.instantiate` or `Guest.call`.
    """

    def callback(
        _env: int, _context: int, _type: int, values: int, count: int, answers: int, answer_count: int
    ) -> int:
        guest = guest_of_thread()
        try:
            guest.enter_host()
            arguments = [_read(value) for value in (_Value * count).from_address(values)] if count else []
            answer = handler(guest, *arguments)
            if answer_count:
                _write(_Value.from_address(answers), results[0], answer)
            guest.leave_host()
        except BaseException as error:  # noqa: BLE001 - raised again by Guest.raise_end, on this same thread
            guest.leave_host()
            guest.stopped_by(error)
            return int(_error_new(_STOPPED_TEXT))
        return 0

    return _Callback(callback)


def define_typed(interface: LinkerInstance, name: str, callback: Any) -> None:
    """Offer ``callback`` to guests as a function of an interface.

    Raises:
        WasmtimeError: the interface has the name already.
    """
    pointer = ctypes.cast(callback, ffi.wasmtime_component_func_callback_t)
    encoded = name.encode()
    error = ffi.wasmtime_component_linker_instance_add_func(
        interface.ptr(), ctypes.create_string_buffer(encoded), len(encoded), pointer, None, _NO_FINALIZER
    )
    if error:
        raise WasmtimeError._from_ptr(error)


def _read(value: Any) -> Any:
    """Return an argument: a number, or a copy of a string.

    Raises:
        GuestStopped: the string is longer than 16 MiB.
    """
    if value.kind != _STRING:
        return value.of.u32
    text = value.of.string
    if text.size > STRING_BYTES_MAX:
        raise GuestStopped(trapped("string_too_long"))
    return ctypes.string_at(text.data, text.size)


def _write(value: Any, kind: str, answer: Any) -> None:
    """Give an answer to the engine, which takes the string over and frees it."""
    if kind == "string":
        value.kind = _STRING
        _name_new(addressof(value.of.string), len(answer), answer)
    elif kind == "bool":
        value.kind = ffi.WASMTIME_COMPONENT_BOOL.value
        value.of.boolean = answer
    else:
        value.kind = ffi.WASMTIME_COMPONENT_S32.value
        value.of.s32 = answer


def _failure(error: WasmtimeError) -> Exception:
    """Return the trap that the engine's text tells of, what it refuses, or the error as it is."""
    # The last cause of several is numbered.
    cause = str(error).rstrip("\n").rpartition("\n")[2].strip().lstrip("0123456789: ")
    if (code := _TRAP_CODES.get(cause)) is not None:
        return Trap._from_ptr(ffi.wasmtime_trap_new_code(code.value))
    outcome = next((found for start, found in _REFUSALS.items() if cause.startswith(start)), None)
    return error if outcome is None else GuestStopped(outcome)
