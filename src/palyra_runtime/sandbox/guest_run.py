"""Running a guest, from its store to what it left.

Whatever the guest does, it ends with a result. What leaves as an exception was raised by whoever
answers its requests, or is Ctrl-C.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from wasmtime import Trap, TrapCode, WasmtimeError

from palyra_runtime.sandbox.component_sections import TABLES_MAX
from palyra_runtime.sandbox.contract import MEMORY_EXPORT
from palyra_runtime.sandbox.engine import ticks
from palyra_runtime.sandbox.guest_memory import GuestMemory
from palyra_runtime.sandbox.host import SandboxHost
from palyra_runtime.sandbox.host_calls import HostCalls
from palyra_runtime.sandbox.native import Guest, ModuleGuest, Program, StoreLimits
from palyra_runtime.sandbox.native_component import ComponentProgram
from palyra_runtime.sandbox.outcome import (
    DEADLINE,
    MEMORY,
    OUT_OF_FUEL,
    GuestStopped,
    outcome_of_exit,
    trapped,
)
from palyra_runtime.sandbox.pointer_calls import PointerCalls
from palyra_runtime.sandbox.task import Ask, RunResult, Task
from palyra_runtime.sandbox.text import plain_text

#: traps that are limits; every other is ``trapped:`` and its name
_TRAP_OUTCOMES = {
    TrapCode.OUT_OF_FUEL: OUT_OF_FUEL,
    TrapCode.INTERRUPT: DEADLINE,
    TrapCode.ALLOCATION_TOO_LARGE: MEMORY,
}

_MEMORY_EXPORT = MEMORY_EXPORT.encode()


def run_guest(host: SandboxHost, program: Program | ComponentProgram, task: Task, ask: Ask) -> RunResult:
    """Run ``program`` once in a fresh store, on this thread.

    Raises:
        BaseException: whatever ``ask`` raised; the guest is ended, and nothing of it is kept.
    """
    bounds = task.bounds
    deadline = ticks((task.deadline - monotonic()) * 1000)
    with host.ticker, program.guest(_limits(task), bounds.fuel_budget, deadline) as guest:
        guest.calls = calls = _host_calls(guest, task, ask)
        spent = _Spent(task)
        ending = _end(guest, task, spent)
        spent.fuel = bounds.fuel_budget - guest.fuel()
    return RunResult(
        outcome=ending.outcome,
        message=ending.message,
        exit_code=ending.exit_code,
        output=bytes(calls.written),
        logs=tuple(calls.logs),
        log_lines_dropped=calls.log_lines_dropped,
        fuel_instantiate_units=spent.fuel_instantiate,
        fuel_units=spent.fuel,
        memory_bytes_peak=spent.memory_bytes,
    )


def _limits(task: Task) -> StoreLimits:
    """Return what the engine is to enforce: each of the guest's memories gets an equal share."""
    bounds, memories = task.bounds, max(1, task.memories)
    return StoreLimits(
        memory_bytes=bounds.max_memory_bytes // memories,
        table_elements=bounds.max_table_elements,
        instances=bounds.max_instances,
        tables=TABLES_MAX,
        memories=memories,
    )


def _host_calls(guest: Guest, task: Task, ask: Ask) -> HostCalls:
    if isinstance(guest, ModuleGuest):
        return PointerCalls(task, ask, GuestMemory(guest))
    return HostCalls(task, ask)


@dataclass(frozen=True, slots=True)
class _Ending:
    """How the guest stopped: it returned ``exit_code``, or was stopped with ``outcome``."""

    outcome: str
    exit_code: int | None = None
    message: str = ""


class _Spent:
    """What the guest has used so far, also where it did not come to its end."""

    __slots__ = ("fuel", "fuel_instantiate", "memory_bytes")

    def __init__(self, task: Task) -> None:
        self.fuel = 0
        self.fuel_instantiate = 0
        self.memory_bytes = task.memory_bytes_min


def _end(guest: Guest, task: Task, spent: _Spent) -> _Ending:
    try:
        return _call(guest, task, spent)
    except GuestStopped as stopped:
        return _Ending(stopped.outcome)
    except Trap as trap:
        return _Ending(_outcome_of_trap(trap))
    except WasmtimeError as error:
        return _Ending(trapped("engine"), message=plain_text(f"The engine refused: {error}"))


def _call(guest: Guest, task: Task, spent: _Spent) -> _Ending:
    try:
        guest.instantiate()
    finally:
        spent.fuel_instantiate = task.bounds.fuel_budget - guest.fuel()
    try:
        exit_code = guest.call(task.entrypoint.encode())
    finally:
        spent.memory_bytes = guest.memory_size(_MEMORY_EXPORT) or spent.memory_bytes
    return _Ending(outcome_of_exit(exit_code), exit_code)


def _outcome_of_trap(trap: Trap) -> str:
    code = trap.trap_code
    if code is None:
        return trapped("host")
    return _TRAP_OUTCOMES.get(code, trapped(code.name.lower()))
