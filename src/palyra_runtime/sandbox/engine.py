"""The two configurations of the engine, and the clock that ends guests.

They make a run repeatable: the same module, input and answers give the same bytes and the same fuel.
Whatever may change that is in the fingerprint, which is recorded with each run.

Memories and tables of modules come out of a pool that the engine sets aside when it is made: a guest
then costs no call for memory to the kernel, and none can have more than its slot, whatever the engine
thinks. Components have several of each, and take them from the system; a second engine runs them.
"""

from __future__ import annotations

import hashlib
import math
import mmap
import os
import platform
import threading
import time
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from types import TracebackType
from typing import Self

from wasmtime import Config, Engine

from palyra_runtime.sandbox.component_sections import MEMORIES_MAX
from palyra_runtime.sandbox.component_sections import TABLES_MAX as COMPONENT_TABLES_MAX
from palyra_runtime.sandbox.errors import NoAddressSpace, UnsupportedEngine
from palyra_runtime.sandbox.form import Form
from palyra_runtime.sandbox.fuel import HOST_CALL_FUEL_UNITS
from palyra_runtime.sandbox.native import Flag, set_flag, set_pool
from palyra_runtime.sandbox.shape import MEMORY_BYTES_MAX, TABLE_ELEMENTS_MAX, TABLES_MAX

#: its C interface is spoken to directly, and fuel is counted by its rules
ENGINE_VERSION = "50.0"

#: guests that one process can run at the same time, those inside each other included
SLOTS = 32

#: bytes behind each slot that nobody can touch
_GUARD_BYTES = 32 * 1024**2

#: features and flags; those of the features that plugins do not need are off
FLAGS: dict[str, Flag] = {
    "consume_fuel": True,
    "epoch_interruption": True,
    "cranelift_nan_canonicalization": True,
    "cranelift_opt_level": "speed",
    # Where the stack ends is where a recursion traps, so its size is a recorded fact.
    "max_wasm_stack": 256 * 1024,
    "parallel_compilation": False,
    "wasm_reference_types": True,
    "wasm_bulk_memory": True,
    "wasm_multi_value": True,
    "wasm_simd": True,
    "wasm_relaxed_simd": False,
    "wasm_threads": False,
    "shared_memory": False,
    "wasm_memory64": False,
    "wasm_multi_memory": False,
    "wasm_tail_call": False,
    "wasm_function_references": False,
    "wasm_gc": False,
    "gc_support": False,
    "wasm_exceptions": False,
    "wasm_stack_switching": False,
    "wasm_wide_arithmetic": False,
    "wasm_custom_page_sizes": False,
    "wasm_component_model": False,
    "memory_reservation": MEMORY_BYTES_MAX,
    "memory_guard_size": _GUARD_BYTES,
}

#: the same for components; of their own features only typed functions are on. A module in one may
#: have as much memory as one that is a guest by itself
COMPONENT_FLAGS: dict[str, Flag] = {
    **FLAGS,
    "wasm_component_model": True,
    "wasm_component_model_map": False,
    "wasm_component_model_implements": False,
    "wasm_component_model_accessors": False,
    "wasm_component_model_async": False,
    "wasm_component_model_async_stackful": False,
    "wasm_component_model_more_async_builtins": False,
    "concurrency_support": False,
}

#: the pool; a slot's first 64 KiB are wiped by hand, which is faster than asking the kernel for new ones
POOL: dict[str, int] = {
    "total_core_instances": SLOTS,
    "total_memories": SLOTS,
    "total_tables": SLOTS * TABLES_MAX,
    "total_stacks": 0,
    "total_gc_heaps": 0,
    "max_memories_per_module": 1,
    "max_tables_per_module": TABLES_MAX,
    "max_memory_size": MEMORY_BYTES_MAX,
    "table_elements": TABLE_ELEMENTS_MAX,
    "linear_memory_keep_resident": 64 * 1024,
}

_TABLE_ELEMENT_BYTES = 8

#: address space that the pool takes, and a reserve for the engine itself
POOL_BYTES = (
    SLOTS * (MEMORY_BYTES_MAX + _GUARD_BYTES + TABLES_MAX * TABLE_ELEMENTS_MAX * _TABLE_ELEMENT_BYTES)
    + 256 * 1024**2
)

#: address space that one component can take while it runs
COMPONENT_BYTES = (
    MEMORIES_MAX * (MEMORY_BYTES_MAX + _GUARD_BYTES)
    + COMPONENT_TABLES_MAX * TABLE_ELEMENTS_MAX * _TABLE_ELEMENT_BYTES
)

#: milliseconds between two ticks; shorter costs processor time, longer makes deadlines late
TICK_MS = 5


def new_engine() -> Engine:
    """Return an engine that runs modules.

    Raises:
        UnsupportedEngine: another version of the library is installed than this host was written for.
        NoAddressSpace: this process may not map as much as the pool takes.
    """
    config = _config(FLAGS)
    _check_room()
    set_pool(config, POOL)
    return Engine(config)


def new_compiling_engine() -> Engine:
    """Return an engine without a pool; it compiles modules to the same bytes as one with a pool does.

    Raises:
        UnsupportedEngine: another version of the library is installed than this host was written for.
    """
    return Engine(_config(FLAGS))


def new_component_engine() -> Engine:
    """Return an engine that runs and compiles components.

    Raises:
        UnsupportedEngine: another version of the library is installed than this host was written for.
    """
    return Engine(_config(COMPONENT_FLAGS))


@cache
def installed_version() -> str:
    """Return the version of the engine's package; it is on disk, so ask before files are out of reach."""
    return version("wasmtime")


def _config(flags: Mapping[str, Flag]) -> Config:
    installed = installed_version()
    if not installed.startswith(f"{ENGINE_VERSION}."):
        raise UnsupportedEngine(
            f"wasmtime {installed} is installed; this host runs on {ENGINE_VERSION}.", installed=installed
        )
    config = Config()
    for name, value in flags.items():
        set_flag(config, name, value)
    return config


def _check_room() -> None:
    """Map as much as the pool will take, and give it back: the engine does not come back from a refusal."""
    try:
        mmap.mmap(-1, POOL_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=0).close()
    except OSError as error:
        raise NoAddressSpace(
            f"The sandbox needs {POOL_BYTES} bytes of address space, and they are refused: {error}.",
            bytes=POOL_BYTES,
        ) from error


@cache
def fingerprint(form: Form = Form.MODULE) -> str:
    """Return a short text that is equal where runs can be compared byte for byte and fuel for fuel.

    It names the engine that runs guests of this form.
    """
    wasmtime, machine = installed_version(), platform.machine()
    ours = {"host_call_fuel_units": HOST_CALL_FUEL_UNITS, "wasmtime": wasmtime, "machine": machine}
    theirs = {**FLAGS, **POOL} if form is Form.MODULE else COMPONENT_FLAGS
    facts = {**theirs, **ours}
    text = "\n".join(f"{name}={facts[name]}" for name in sorted(facts))
    name = "wasmtime" if form is Form.MODULE else "wasmtime-component"
    return f"{name}-{wasmtime}-{machine}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def fingerprints() -> str:
    """Return the fingerprints of both engines, as one text."""
    return " ".join(fingerprint(form) for form in Form)


class EpochTicker:
    """Raises the engines' epochs every 5 ms while a guest runs; use it as a context manager.

    An epoch is the engine's, so a guest's deadline is a number of ticks: raising it out of turn
    would end every other guest as well. Nobody ticks while nothing runs. Threads do not survive a
    fork, so a child starts one of its own; without it the child's guests would have no deadline.
    """

    def __init__(self, *engines: Engine) -> None:
        self._engines = engines
        self._reset()

    def __enter__(self) -> Self:
        if self._owner != os.getpid():
            self._reset()
        with self._changed:
            if not self._started:
                self._start()
            self._running += 1
            self._changed.notify()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._running -= 1

    def close(self) -> None:
        """End the thread; it is started again where a guest runs."""
        with self._changed:
            self._started = False
            self._changed.notify()

    def _reset(self) -> None:
        self._owner = os.getpid()
        self._changed = threading.Condition()
        self._running = 0
        self._started = False

    def _start(self) -> None:
        threading.Thread(target=self._tick, name="palyra-epoch", daemon=True).start()
        self._started = True

    def _tick(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._running > 0 or not self._started)
                if not self._started:
                    return
            time.sleep(TICK_MS / 1000)
            for engine in self._engines:
                engine.increment_epoch()


def ticks(milliseconds: float) -> int:
    """Return the deadline in ticks: one more than the time takes, so that it never comes early."""
    return math.ceil(max(0.0, milliseconds) / TICK_MS) + 1
