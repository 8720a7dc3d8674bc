"""Guests that run at the same time do not see each other, nor each other's end."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from palyra_runtime.sandbox import Invocation, Limits, compile_problem, invoke, wasm_from_text
from palyra_runtime.sandbox.compiler import Compiler
from tests.component_guests import ASK, component

THREADS = 4
ROUNDS = 400
MIX = {
    "remember": "ok",
    "unreachable": "trapped:unreachable",
    "divide": "trapped:integer_division_by_zero",
    "ask_at_start": "trapped:bad_pointer",
    "no_memory": "trapped:no_memory",
    "trap_at_start": "trapped:unreachable",
    "ask": "bad_output",
    "recurse": "trapped:stack_overflow",
    "undeclared_import": "link",
}


WILD_POINTER = "(call $log (i32.const 0) (i32.const -1) (i32.const 1)) (i32.const 0)"
COMPONENTS = {
    "component unreachable": (component("unreachable"), "trapped:unreachable"),
    "component ask": (component(ASK), "bad_output"),
    "component log": (component(WILD_POINTER), "trapped:bad_pointer"),
    "component ok": (component("(i32.const 3)"), "ok"),
}


class HostBroken(Exception):
    """What a broker raises; it says which thread's."""


class Raising:
    def __init__(self, name) -> None:
        self._name = name

    def answer(self, call):
        raise HostBroken(self._name)


@pytest.fixture
def quick_switches():
    """Threads change places every microsecond, so that races show."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.slow
def test_each_thread_gets_the_outcome_of_its_own_guest(guest, broker, quick_switches):
    """Thousands of good and failing guests at once: never another one's trap, code or answer."""
    modules = {name: guest(name) for name in MIX} | {name: data for name, (data, _) in COMPONENTS.items()}
    expected = MIX | {name: outcome for name, (_, outcome) in COMPONENTS.items()}

    def work(thread: int) -> list[tuple[str, str]]:
        names = [list(modules)[(thread + turn) % len(modules)] for turn in range(ROUNDS * 2)]
        return [(name, invoke(modules[name], Invocation(broker, input=b"{}")).outcome) for name in names]

    with ThreadPoolExecutor(THREADS) as pool:
        seen = [pair for pairs in pool.map(work, range(THREADS)) for pair in pairs]

    assert [pair for pair in seen if expected[pair[0]] != pair[1]] == []


@pytest.mark.slow
@pytest.mark.parametrize("form", ["module", "component"])
def test_a_brokers_exception_reaches_its_own_caller(guest, quick_switches, form):
    """The stock library hands it to any thread that happens to return; here nobody else sees it."""
    asking, trapping = (
        (guest("ask"), guest("unreachable"))
        if form == "module"
        else (component(ASK), component("unreachable"))
    )

    def raising(thread: int) -> set[str]:
        seen = set()
        for _ in range(ROUNDS):
            with pytest.raises(HostBroken) as caught:
                invoke(asking, Invocation(Raising(f"thread {thread}"), input=b"{}"))
            seen.add(str(caught.value))
        return seen

    def innocent(_thread: int) -> set[str]:
        return {invoke(trapping, Invocation(Raising("nobody"))).outcome for _ in range(ROUNDS)}

    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [raising, innocent, raising, innocent]
        seen = [job.result() for job in [pool.submit(jobs[i], i) for i in range(THREADS)]]

    assert seen == [{"thread 0"}, {"trapped:unreachable"}, {"thread 2"}, {"trapped:unreachable"}]


def test_one_guests_deadline_does_not_end_another(guest, broker):
    """The clock is shared, the deadlines are not."""
    spin = guest("spin")
    patient = Invocation(broker, limits=Limits(fuel_budget=200_000_000, timeout_ms=60_000))
    hasty = Invocation(broker, limits=Limits(fuel_budget=2**62, timeout_ms=20))

    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(invoke, spin, patient)
        ended = {invoke(spin, hasty).outcome for _ in range(3)}

    assert (waiting.result().outcome, ended) == ("out_of_fuel", {"deadline"})


def test_a_module_is_compiled_once_for_all_that_wait_for_it(monkeypatch):
    """Many threads that ask for one new module cost one compilation."""
    compiled = []
    original = Compiler.compile

    def counting(compiler, module):
        compiled.append(threading.get_ident())
        return original(compiler, module)

    monkeypatch.setattr(Compiler, "compile", counting)
    functions = "".join(f'(func (export "f{i}") (result i32) (i32.const {i}))' for i in range(300))
    module = wasm_from_text(f"(module {functions})")

    with ThreadPoolExecutor(8) as pool:
        problems = list(pool.map(compile_problem, [module] * 8))

    assert (problems, len(compiled)) == ([None] * 8, 1)


FORK = """
import os
from palyra_runtime.sandbox import Invocation, Limits, invoke, wasm_from_text
spin = wasm_from_text('(module (func (export "run") (result i32) (loop (br 0)) (i32.const 0)))')
run = Invocation(broker=None, limits=Limits(fuel_budget=2**62, timeout_ms=50))
assert invoke(spin, run).outcome == "deadline"
child = os.fork()
if child == 0:
    os._exit(0 if invoke(spin, run).outcome == "deadline" else 1)
os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_child_has_a_clock_too():
    """Threads do not survive a fork; the deadline of the child's guests does."""
    done = subprocess.run([sys.executable, "-c", FORK], check=False, timeout=60)

    assert done.returncode == 0


INTERRUPT = """
import _thread, threading
from palyra_runtime.sandbox import Invocation, Limits, invoke, wasm_from_text
storm = wasm_from_text(open(__import__("sys").argv[1]).read())
class Broker:
    def answer(self, call):
        _thread.interrupt_main()
        return b"{}"
try:
    invoke(storm, Invocation(Broker(), limits=Limits(fuel_budget=2**62, timeout_ms=60_000)))
except KeyboardInterrupt:
    raise SystemExit(42)
"""


def test_ctrl_c_in_the_middle_of_a_host_call_ends_the_guest_and_arrives():
    """The person at the keyboard is heard, and no guest runs on."""
    path = __file__.replace("security/test_sandbox_threads.py", "guests/call_storm.wat")
    done = subprocess.run([sys.executable, "-c", INTERRUPT, path], check=False, timeout=60)

    assert done.returncode == 42
