"""Running a guest.

    module bytes ─> shape ─> quotas ─> compiled, linked ─> fresh store ─> instance ─> entrypoint
                      │        │             │                                │           │
                      └────────┴─── refused ─┘                                └─ stopped ─┘

Whatever the guest does, the result is an Execution. Only what is wrong with the host (a broker that
raises, Ctrl-C) leaves as an exception.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from wasmtime import Store, Trap, TrapCode, WasmtimeError

from palyra_runtime.sandbox import native
from palyra_runtime.sandbox.contract import DEFAULT_ENTRYPOINTS, MEMORY_EXPORT
from palyra_runtime.sandbox.engine import ticks
from palyra_runtime.sandbox.host import SandboxHost, sandbox_host
from palyra_runtime.sandbox.invocation import Execution, Invocation
from palyra_runtime.sandbox.limits import Limits
from palyra_runtime.sandbox.module_cache import ReadyModule, Refusal
from palyra_runtime.sandbox.outcome import (
    BAD_OUTPUT,
    DEADLINE,
    INSTANCES,
    MEMORY,
    MISSING_EXPORT,
    OK,
    OUT_OF_FUEL,
    TABLE,
    GuestStopped,
    outcome_of_exit,
    trapped,
)
from palyra_runtime.sandbox.output import BadOutput, parse_output
from palyra_runtime.sandbox.session import Session
from palyra_runtime.sandbox.shape import TABLES_MAX, ModuleShape
from palyra_runtime.sandbox.text import plain_text

#: traps that are limits; every other is ``trapped:`` and its name
_TRAP_OUTCOMES = {
    TrapCode.OUT_OF_FUEL: OUT_OF_FUEL,
    TrapCode.INTERRUPT: DEADLINE,
    TrapCode.ALLOCATION_TOO_LARGE: MEMORY,
}

_MESSAGES = {
    OUT_OF_FUEL: "The guest used up its fuel.",
    DEADLINE: "The guest ran past its deadline.",
    trapped("bad_pointer"): "The guest named a range that is not inside its memory.",
    trapped("no_memory"): f"The guest exports no memory as {MEMORY_EXPORT!r} and passed a pointer.",
}


def invoke(module: bytes, invocation: Invocation) -> Execution:
    """Run one guest in a fresh store and return how it ended.

    Safe to call from many threads at once; the guest runs on the calling thread.

    Raises:
        BaseException: whatever the broker raised; the guest is ended, and nothing of it is kept.
    """
    host = sandbox_host()
    cached = host.modules.get(module)
    shape = cached.shape()
    if isinstance(shape, Refusal):
        return _refused(shape)
    if refusal := _quota_refusal(shape, invocation.limits):
        return _refused(refusal)
    ready = cached.ready()
    if isinstance(ready, Refusal):
        return _refused(ready)
    entrypoint = find_entrypoint(ready.entrypoints, invocation.entrypoint)
    if isinstance(entrypoint, Refusal):
        return _refused(entrypoint)
    return _Run(host, ready, invocation, entrypoint, sum(shape.memories)).carry_out()


def find_entrypoint(names: frozenset[str], asked: str | None) -> str | Refusal:
    """Return the export to call among ``names``, which are of type ``() -> i32``."""
    wanted = DEFAULT_ENTRYPOINTS if asked is None else (asked,)
    for name in wanted:
        if name in names:
            return name
    spelled = " and no ".join(repr(name) for name in wanted)
    return Refusal(MISSING_EXPORT, plain_text(f"The module has no {spelled} of type () -> i32."))


def _refused(refusal: Refusal) -> Execution:
    return Execution(refusal.outcome, refusal.message)


def _quota_refusal(shape: ModuleShape, limits: Limits) -> Refusal | None:
    """Compare what the module needs at least with the limits, before it costs anything."""
    needs = (
        (MEMORY, "bytes of memory", max(shape.memories, default=0), limits.max_memory_bytes),
        (TABLE, "table elements", max(shape.tables, default=0), limits.max_table_elements),
        (INSTANCES, "instance", 1, limits.max_instances),
    )
    for outcome, noun, least, most in needs:
        if least > most:
            return Refusal(outcome, f"The module needs {least} {noun}; its limit is {most}.")
    return None


@dataclass(frozen=True, slots=True)
class _Ending:
    """How the guest stopped: it returned ``exit_code``, or was stopped with ``outcome``."""

    outcome: str
    exit_code: int | None = None
    message: str = ""


class _Run:
    """One guest from its store to its Execution."""

    def __init__(
        self, host: SandboxHost, ready: ReadyModule, invocation: Invocation, entrypoint: str, memory_min: int
    ) -> None:
        self._host = host
        self._ready = ready
        self._entrypoint = entrypoint
        self._limits = invocation.limits
        self._start = monotonic()
        deadline = self._start + self._limits.timeout_ms / 1000
        if invocation.deadline is not None:
            deadline = min(deadline, invocation.deadline)
        self._session = Session(
            invocation.input, invocation.grants, invocation.limits, invocation.broker, deadline
        )
        self._fuel_left = self._limits.fuel_budget
        self._fuel_instantiate = 0
        self._memory_bytes = memory_min

    def carry_out(self) -> Execution:
        with self._host.ticker, self._new_store() as store:
            ending = self._run(store)
            self._fuel_left = store.get_fuel()
        return self._execution(ending)

    def _new_store(self) -> Store:
        store = Store(self._host.engine, self._session)
        limits = self._limits
        store.set_limits(
            memory_size=limits.max_memory_bytes,
            table_elements=limits.max_table_elements,
            instances=limits.max_instances,
            tables=TABLES_MAX,
            memories=1,
        )
        store.set_fuel(limits.fuel_budget)
        store.set_epoch_deadline(ticks((self._session.deadline - monotonic()) * 1000))
        return store

    def _run(self, store: Store) -> _Ending:
        try:
            return self._call(store, self._instantiate(store))
        except GuestStopped as stopped:
            return _Ending(stopped.outcome)
        except Trap as trap:
            return _Ending(_outcome_of_trap(trap))
        except WasmtimeError as error:
            return _Ending(trapped("engine"), message=plain_text(f"The engine refused: {error}"))

    def _instantiate(self, store: Store) -> Any:
        try:
            return native.instantiate(self._ready.pre, store)
        finally:
            self._fuel_instantiate = self._limits.fuel_budget - store.get_fuel()

    def _call(self, store: Store, instance: Any) -> _Ending:
        try:
            exit_code = native.call_entrypoint(store, instance, self._entrypoint)
        finally:
            self._memory_bytes = native.memory_size(store, instance, MEMORY_EXPORT) or self._memory_bytes
        return _Ending(outcome_of_exit(exit_code), exit_code)

    def _execution(self, ending: _Ending) -> Execution:
        output = bytes(self._session.output)
        ending, document = _read_output(ending, output)
        fuel = self._limits.fuel_budget - self._fuel_left
        return Execution(
            outcome=ending.outcome,
            message=ending.message or _message(ending.outcome, ending.exit_code),
            exit_code=ending.exit_code,
            output=output,
            document=document,
            logs=tuple(self._session.logs),
            log_lines_dropped=self._session.log_lines_dropped,
            transcript=tuple(self._session.transcript),
            fuel_instantiate_units=self._fuel_instantiate,
            fuel_call_units=fuel - self._fuel_instantiate,
            memory_bytes_peak=self._memory_bytes,
            duration_us=round((monotonic() - self._start) * 1_000_000),
        )


def _read_output(ending: _Ending, output: bytes) -> tuple[_Ending, dict[str, Any] | None]:
    """Return the output of a guest that returned; a broken one turns success into ``bad_output``."""
    if ending.exit_code is None:
        return ending, None
    try:
        return ending, parse_output(output)
    except BadOutput as error:
        return (
            replace(ending, outcome=BAD_OUTPUT, message=str(error)) if ending.outcome == OK else ending
        ), None


def _outcome_of_trap(trap: Trap) -> str:
    code = trap.trap_code
    if code is None:
        return trapped("host")
    return _TRAP_OUTCOMES.get(code, trapped(code.name.lower()))


def _message(outcome: str, exit_code: int | None) -> str:
    if exit_code is not None:
        return f"The guest returned {exit_code}."
    reason = outcome.partition(":")[2].replace("_", " ")
    return _MESSAGES.get(outcome, f"The guest trapped: {reason}.")
