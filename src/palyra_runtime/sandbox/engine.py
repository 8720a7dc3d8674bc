"""The one engine of this process, and the clock that ends guests.

Its configuration makes a run repeatable: the same module, input and answers give the same bytes and
the same fuel. Whatever may change that is in the fingerprint, which is recorded with each run.
"""

from __future__ import annotations

import hashlib
import math
import os
import platform
import threading
import time
from functools import cache
from importlib.metadata import version
from types import TracebackType
from typing import Self

from wasmtime import Config, Engine

from palyra_runtime.sandbox.fuel import HOST_CALL_FUEL_UNITS

#: features and flags; those of the features that plugins do not need are off
FLAGS: dict[str, bool | int | str] = {
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
}

#: milliseconds between two ticks; shorter costs processor time, longer makes deadlines late
TICK_MS = 5


def new_engine() -> Engine:
    """Return an engine with this host's configuration."""
    config = Config()
    for name, value in FLAGS.items():
        setattr(config, name, value)
    return Engine(config)


@cache
def fingerprint() -> str:
    """Return a short text that is equal where runs can be compared byte for byte and fuel for fuel."""
    wasmtime, machine = version("wasmtime"), platform.machine()
    facts = {**FLAGS, "host_call_fuel_units": HOST_CALL_FUEL_UNITS, "wasmtime": wasmtime, "machine": machine}
    text = "\n".join(f"{name}={facts[name]}" for name in sorted(facts))
    return f"wasmtime-{wasmtime}-{machine}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class EpochTicker:
    """Raises the engine's epoch every 5 ms while a guest runs; use it as a context manager.

    The epoch is the engine's, so a guest's deadline is a number of ticks: raising it out of turn
    would end every other guest as well. Nobody ticks while nothing runs. Threads do not survive a
    fork, so a child starts a ticker of its own; without one its guests would have no deadline.
    """

    _changed: threading.Condition
    _running: int
    _started: bool

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def __enter__(self) -> Self:
        with self._changed:
            if not self._started:
                threading.Thread(target=self._tick, name="palyra-epoch", daemon=True).start()
                self._started = True
            self._running += 1
            self._changed.notify()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._running -= 1

    def _reset(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._started = False

    def _tick(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._running > 0)
            time.sleep(TICK_MS / 1000)
            self._engine.increment_epoch()


def ticks(milliseconds: float) -> int:
    """Return the deadline in ticks: one more than the time takes, so that it never comes early."""
    return math.ceil(max(0.0, milliseconds) / TICK_MS) + 1
