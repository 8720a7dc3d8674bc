"""The sandbox: takes a stranger's module and an input, and tells how it ended.

Whatever the guest does, the result is an Execution. Only what is wrong with the host (a broker that
raises, Ctrl-C) leaves as an exception.
"""

from __future__ import annotations

from time import monotonic
from types import TracebackType
from typing import Any, Self

from palyra_runtime.sandbox.compiler import Compiler
from palyra_runtime.sandbox.contract import MEMORY_EXPORT
from palyra_runtime.sandbox.engine import fingerprint
from palyra_runtime.sandbox.form import Form
from palyra_runtime.sandbox.inspection import ModuleChecks
from palyra_runtime.sandbox.invocation import Execution, Invocation, LogLine
from palyra_runtime.sandbox.limits import Limits
from palyra_runtime.sandbox.module_cache import ModuleCache
from palyra_runtime.sandbox.modules import Modules
from palyra_runtime.sandbox.outcome import (
    BAD_OUTPUT,
    DEADLINE,
    INSTANCES,
    MEMORY,
    OK,
    OUT_OF_FUEL,
    TABLE,
    trapped,
)
from palyra_runtime.sandbox.output import BadOutput, parse_output
from palyra_runtime.sandbox.refusal import Refusal
from palyra_runtime.sandbox.runner import Isolation, Runner, ThreadRunner
from palyra_runtime.sandbox.session import Exchanges
from palyra_runtime.sandbox.shape import Needs
from palyra_runtime.sandbox.task import Bounds, RunResult, Task
from palyra_runtime.sandbox.worker_pool import WorkerPool

#: processes that wait for work in ``process`` isolation
WORKERS = 2

_MESSAGES = {
    OUT_OF_FUEL: "The guest used up its fuel.",
    DEADLINE: "The guest ran past its deadline.",
    trapped("bad_pointer"): "The guest named a range that is not inside its memory.",
    trapped("bad_string"): "The guest passed a string that is not text in its encoding.",
    trapped("string_too_long"): "The guest passed a string of more than 16 MiB.",
    trapped("no_memory"): f"The guest exports no memory as {MEMORY_EXPORT!r} and passed a pointer.",
}


class Sandbox:
    """Runs modules that nobody trusts. A context manager; any number of threads may use it.

        with Sandbox(isolation="process", cache=ModuleCache.open(home / "modules")) as sandbox:
            execution = sandbox.invoke(module, Invocation(broker, input=b"{}"))

    Without ``cache`` compiled modules are kept in memory only. A child of a fork makes a sandbox of
    its own: processes and threads do not come with it.
    """

    def __init__(
        self,
        *,
        isolation: Isolation = "thread",
        cache: ModuleCache | None = None,
        workers: int = WORKERS,
    ) -> None:
        self.isolation = isolation
        self._compiler = Compiler()
        self._runner: Runner[Any] = ThreadRunner() if isolation == "thread" else WorkerPool(workers)
        self._modules = Modules(self._compiler, cache, self._runner.load)
        self.checks = ModuleChecks(self._modules)

    def invoke(self, module: bytes, invocation: Invocation) -> Execution:
        """Run one guest with nothing left of any other, and return how it ended.

        Raises:
            SandboxBusy, WorkerUnavailable, CompilerUnavailable: the host cannot run it now.
            BaseException: whatever the broker raised; the guest is ended, and nothing of it is kept.
        """
        cached = self._modules.get(module)
        engine = fingerprint(cached.form)
        needs = cached.needs()
        if isinstance(needs, Refusal):
            return _refused(needs, engine)
        program = _quota_refusal(cached.form, needs, invocation.limits) or cached.program()
        if isinstance(program, Refusal):
            return _refused(program, engine)
        entrypoint = cached.entrypoint(invocation.entrypoint)
        if isinstance(entrypoint, Refusal):
            return _refused(entrypoint, engine)
        return self._run(program, invocation, entrypoint, needs, engine)

    def warm_up(self) -> tuple[str, ...]:
        """Start the processes, so that the first run need not wait, and say what confines them.

        Returns the names of the layers that hold on this machine beside the engine: none in ``thread``.

        Raises:
            WorkerUnavailable: no process can be started.
        """
        return self._runner.warm_up()

    def worker_pids(self) -> list[int]:
        """Return the numbers of the processes in which guests run, this one left out."""
        return self._runner.pids()

    def close(self) -> None:
        """End all processes and threads of the sandbox. Safe to repeat."""
        self._runner.close()
        self._compiler.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(
        self, program: Any, invocation: Invocation, entrypoint: str, needs: Needs, engine: str
    ) -> Execution:
        start = monotonic()
        limits = invocation.limits
        deadline = start + limits.timeout_ms / 1000
        if invocation.deadline is not None:
            deadline = min(deadline, invocation.deadline)
        exchanges = Exchanges(invocation.broker, invocation.grants, limits, deadline)
        task = Task(
            entrypoint=entrypoint,
            input=invocation.input,
            grant_counts=invocation.grants.counts(),
            bounds=_bounds(limits),
            deadline=deadline,
            memory_bytes_min=sum(needs.memories),
            memories=len(needs.memories),
        )
        result = self._runner.run(program, task, exchanges.exchange)
        return _execution(result, exchanges, start, engine)


def _refused(refusal: Refusal, engine: str) -> Execution:
    return Execution(refusal.outcome, refusal.message, engine=engine)


def _bounds(limits: Limits) -> Bounds:
    return Bounds(
        fuel_budget=limits.fuel_budget,
        max_memory_bytes=limits.max_memory_bytes,
        max_table_elements=limits.max_table_elements,
        max_instances=limits.max_instances,
        output_bytes_max=limits.output_bytes_max,
        host_calls_max=limits.host_calls_max,
        transcript_bytes_max=limits.transcript_bytes_max,
        log_lines_max=limits.log_lines_max,
        log_bytes_max=limits.log_bytes_max,
    )


def _quota_refusal(form: Form, needs: Needs, limits: Limits) -> Refusal | None:
    """Compare what a guest needs at least with the limits, before it costs anything."""
    wanted = (
        (MEMORY, "bytes of memory", needs.memory_bytes, limits.max_memory_bytes),
        (TABLE, "table elements", needs.table_elements, limits.max_table_elements),
        (INSTANCES, "instances", needs.instances, limits.max_instances),
    )
    for outcome, noun, least, most in wanted:
        if least > most:
            return Refusal(outcome, f"The {form.noun} needs {least} {noun}; its limit is {most}.")
    return None


def _execution(result: RunResult, exchanges: Exchanges, start: float, engine: str) -> Execution:
    outcome, message, document = _read_output(result)
    return Execution(
        outcome=outcome,
        message=message or _message(outcome, result.exit_code),
        exit_code=result.exit_code,
        output=result.output,
        document=document,
        logs=tuple(LogLine(level, text.decode("utf-8", errors="replace")) for level, text in result.logs),
        log_lines_dropped=result.log_lines_dropped,
        transcript=tuple(exchanges.transcript),
        fuel_instantiate_units=result.fuel_instantiate_units,
        fuel_call_units=result.fuel_units - result.fuel_instantiate_units,
        memory_bytes_peak=result.memory_bytes_peak,
        duration_us=round((monotonic() - start) * 1_000_000),
        engine=engine,
    )


def _read_output(result: RunResult) -> tuple[str, str, dict[str, Any] | None]:
    """Return outcome, message and output; a broken output turns success into ``bad_output``."""
    if result.exit_code is None:
        return result.outcome, result.message, None
    try:
        return result.outcome, result.message, parse_output(result.output)
    except BadOutput as error:
        if result.outcome != OK:
            return result.outcome, result.message, None
        return BAD_OUTPUT, str(error), None


def _message(outcome: str, exit_code: int | None) -> str:
    if exit_code is not None:
        return f"The guest returned {exit_code}."
    reason = outcome.partition(":")[2].replace("_", " ")
    return _MESSAGES.get(outcome, f"The guest trapped: {reason}.")
