"""One bad plugin among twenty: what it does, and what the others see of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter

from palyra_runtime.sandbox import Execution, Invocation, Limits, Sandbox, wasm_from_text
from tests.security.escape_guests import ask, run

GOOD = 19


@dataclass(frozen=True)
class Poison:
    """A plugin that harms whoever shares something with it, and the outcome that it must have."""

    name: str
    module: bytes
    outcome: str
    limits: Mapping[str, int] = field(default_factory=dict)


def good(number: int) -> bytes:
    """A plugin that answers with its own number."""
    answer = f'{{"result":{number}}}'
    escaped = answer.replace('"', '\\"')
    return wasm_from_text(
        ask(
            f"(drop (call $output_write (i32.const 0) (i32.const {len(answer)}))) (i32.const 0)",
            data=f'(data (i32.const 0) "{escaped}")',
        )
    )


class Stabbing:
    """A broker that kills the worker which asks it: what a guest that broke the engine could do."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def answer(self, call):
        for pid in self._sandbox._runner.busy_pids():
            os.kill(pid, signal.SIGKILL)
        return b"{}"


def _poisons() -> list[Poison]:
    spin = run("(loop $l (br $l)) (i32.const 0)")
    bloat = run("(drop (memory.grow (i32.const 1000))) (memory.fill (i32.const 0) (i32.const 1)"
                " (i32.const 60000000)) (i32.const 0)")  # fmt: skip
    flood = ask("(loop $l (br_if $l (i32.ge_s (call $output_write (i32.const 0) (i32.const 65536))"
                " (i32.const 0)))) (i32.const 64)")  # fmt: skip
    logs = ask("(loop $l (call $log (i32.const 4) (i32.const 0) (i32.const 65536)) (br $l)) (i32.const 0)")
    dies = ask("(call $call (i32.const 0) (i32.const 2))", data='(data (i32.const 0) "{}")')
    crash = run("(i32.load (i32.const -1))")
    return [
        Poison("spins", wasm_from_text(spin), "out_of_fuel"),
        Poison("bloats", wasm_from_text(bloat), "out_of_fuel"),
        Poison("floods", wasm_from_text(flood), "guest_failed", {"fuel_budget": 10**9}),
        Poison("logs", wasm_from_text(logs), "out_of_fuel"),
        Poison("crashes", wasm_from_text(crash), "trapped:memory_out_of_bounds"),
        Poison("kills its process", wasm_from_text(dies), "worker_lost"),
    ]


POISONS = _poisons()


def rounds(
    sandbox: Sandbox, poison: Poison | None, count: int
) -> tuple[list[Execution], list[Execution], list[float]]:
    """Run all twenty ``count`` times; return what the poison did, what the others did, and their seconds."""
    plugins = [good(number) for number in range(GOOD)]
    bad, others, seconds = [], [], []
    broker = Stabbing(sandbox)
    for _ in range(count):
        if poison is not None:
            bad.append(sandbox.invoke(poison.module, Invocation(broker, limits=Limits(**poison.limits))))
        for plugin in plugins:
            start = perf_counter()
            others.append(sandbox.invoke(plugin, Invocation(broker)))
            seconds.append(perf_counter() - start)
    return bad, others, seconds
