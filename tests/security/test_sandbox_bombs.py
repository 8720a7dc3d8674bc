"""Modules made to hurt the host that compiles or keeps them."""

from __future__ import annotations

import gc
import subprocess
import sys

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palyra_runtime.sandbox import (
    Invocation,
    Limits,
    compile_problem,
    entrypoint_problem,
    invoke,
    link_problems,
    wasm_from_text,
)
from palyra_runtime.sandbox.compiler import Compiler
from tests.security.wasm_bytes import leb, section

HEADER = b"\0asm\1\0\0\0"


def module(types: bytes, bodies: list[bytes]) -> bytes:
    """A module of these bodies, each of the type with index 0."""
    functions = leb(len(bodies)) + b"\0" * len(bodies)
    code = leb(len(bodies)) + b"".join(leb(len(body)) + body for body in bodies)
    return HEADER + section(1, types) + section(3, functions) + section(10, code)


NOTHING = b"\1\x60\0\0"
MANY = b"\1\x60" + (leb(1000) + b"\x7f" * 1000) * 2

BOMBS = {
    "100000 empty functions": module(NOTHING, [b"\0\x0b"] * 100_000),
    "one function of nested ifs": module(NOTHING, [b"\0" + b"\x41\0\x04\x40" * 70_000 + b"\x0b" * 70_001]),
    "calls with a thousand results": module(MANY, [b"\0" + b"\x10\0" * 20_000 + b"\x0b"]),
    "nested loops with many variables": module(
        NOTHING, [b"\1" + leb(1_000) + b"\x7f" + b"\x03\x40" * 15_000 + b"\x0b" * 15_001]
    ),
    "a million variables": module(NOTHING, [b"\1" + leb(50_000) + b"\x7f\x0b"] * 20),
    "ten thousand memories": HEADER + section(5, leb(10_000) + b"\0\1" * 10_000),
    "a thousand tables": HEADER + section(4, leb(1_000) + b"\x70\0\1" * 1_000),
    "four billion functions": HEADER + section(3, b"\xff\xff\xff\xff\x0f"),
    "four billion imports": HEADER + section(2, b"\xff\xff\xff\xff\x0f"),
    "nine megabytes": HEADER + section(0, bytes(9 * 1024**2)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_compile_bomb_is_refused_before_the_engine_sees_it(name, broker, monkeypatch):
    """Counting the parts is enough to refuse them; compiling them would take seconds to minutes."""
    monkeypatch.setattr(Compiler, "compile", pytest.fail)

    assert invoke(BOMBS[name], Invocation(broker)).outcome == "compile"


def test_memory_and_table_minima_are_refused_before_the_engine_sees_them(guest, broker, monkeypatch):
    """What a module needs at least is read from its sections."""
    monkeypatch.setattr(Compiler, "compile", pytest.fail)
    limits = Limits(max_memory_bytes=1024, max_table_elements=10)
    modules = [
        wasm_from_text("(module (memory 1) (func))"),
        wasm_from_text("(module (table 11 funcref) (func))"),
    ]

    assert [invoke(data, Invocation(broker, limits=limits)).outcome for data in modules] == [
        "memory",
        "table",
    ]


@pytest.mark.slow
def test_two_thousand_runs_leave_nothing_behind(guest, broker):
    """A store, its memory and its state are gone when the run is over."""
    echo, trap = guest("echo"), guest("ask_at_start")
    run = Invocation(broker, input=b'{"result":1}')

    def measure(rounds: int) -> tuple[int, int]:
        for _ in range(rounds):
            invoke(echo, run)
            invoke(trap, run)
        gc.collect()
        return len(gc.get_objects()), psutil.Process().memory_info().rss

    before, after = measure(200), measure(1_000)

    assert after[0] - before[0] < 100
    assert after[1] - before[1] < 4 * 1024**2


SEEDS = ["echo", "probe", "wrong_indirect_call", "remember", "ask_at_start", "grow_table"]


@pytest.mark.slow
@settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=0, max_size=3)), max_size=4),
    cut=st.integers(0, 10_000),
)
def test_a_damaged_module_is_an_outcome(guest, broker, name, changes, cut):
    """Whatever bytes are changed, put in or cut off, the host lives and says how it ended."""
    data = bytearray(guest(name))
    for place, new in changes:
        at = place % len(data)
        data[at : at + 1] = new
    damaged = bytes(data[: max(1, len(data) - cut % 50)]) if cut % 3 == 0 else bytes(data)
    limits = Limits(fuel_budget=100_000, timeout_ms=500)

    execution = invoke(damaged, Invocation(broker, input=b"{}", limits=limits))

    expected = {"ok", "guest_failed", "bad_output", "out_of_fuel", "memory", "table", "compile", "link"}
    assert execution.outcome in expected | {"missing_export"} or execution.outcome.startswith("trapped:")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_static_checks_answer_to_any_bytes(data):
    """No bytes of a stranger raise anything out of the checks of an audit."""
    checks = compile_problem(data), entrypoint_problem(data), link_problems(data)

    assert all(isinstance(check, str | list | None) for check in checks)


FULL = """
import resource
from palyra_runtime.sandbox import Invocation, invoke, wasm_from_text
module = wasm_from_text('(module (memory 1) (func (export "run") (result i32) (i32.const 7)))')
assert invoke(module, Invocation(broker=None)).exit_code == 7
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 4 * 1024**2, used + 4 * 1024**2))
print(invoke(module, Invocation(broker=None)).exit_code)
"""


def test_a_host_without_room_runs_what_it_has_room_for():
    """A guest's memory was set aside when the sandbox was made, so nobody can take it away."""
    done = subprocess.run(
        [sys.executable, "-c", FULL], check=False, timeout=60, capture_output=True, text=True
    )

    assert (done.stdout, done.returncode) == ("7\n", 0), done.stderr


NO_ROOM = """
import resource
from palyra_runtime.sandbox import NoAddressSpace, Sandbox
resource.setrlimit(resource.RLIMIT_AS, (1024**3, 1024**3))
try:
    Sandbox()
except NoAddressSpace as error:
    print(error.code)
"""


def test_a_host_without_room_for_guests_says_so():
    """The engine would take the whole process with it; the sandbox asks first, and raises."""
    done = subprocess.run(
        [sys.executable, "-c", NO_ROOM], check=False, timeout=60, capture_output=True, text=True
    )

    assert (done.stdout, done.returncode) == ("NO_ADDRESS_SPACE\n", 0), done.stderr
