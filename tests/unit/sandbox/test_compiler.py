from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest
from wasmtime import Module

from palyra_runtime.sandbox import CompilerUnavailable, wasm_from_text
from palyra_runtime.sandbox.compiler import Compiler
from palyra_runtime.sandbox.engine import new_compiling_engine, new_engine
from palyra_runtime.sandbox.refusal import Refusal

MODULE = wasm_from_text('(module (func (export "run") (result i32) (i32.const 0)))')
#: passes every check of validity, and takes the compiler half a minute
BOMB = wasm_from_text("(module" + "(func)" * 100_000 + ")")


@pytest.fixture
def compiler():
    compiler = Compiler()
    yield compiler
    compiler.close()


def children() -> list[psutil.Process]:
    """The processes that this one has started, and those that they have."""
    return psutil.Process().children(recursive=True)


def test_compiling_apart_gives_what_the_running_engine_would(compiler):
    """The engine with a pool and the one without compile to the same bytes."""
    apart = compiler.compile(MODULE)

    assert apart == bytes(Module(new_engine(), MODULE).serialize())
    assert apart == bytes(Module(new_compiling_engine(), MODULE).serialize())


def test_what_does_not_compile_is_refused_in_one_line(compiler):
    """The engine's reason is kept, as one line that a person can read."""
    refusal = compiler.compile(MODULE[:-1] + b"\x0c")

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "compile"
    assert refusal.message.startswith("The module does not compile: failed to compile: wasm[0]::function[0]")
    assert "\n" not in refusal.message


def test_a_compilation_that_takes_too_long_is_ended():
    """Neither fuel nor a deadline bounds the compiler; the kernel does."""
    compiler = Compiler(cpu_seconds=1)
    refusal = compiler.compile(BOMB)
    compiler.close()

    assert refusal == Refusal(
        "compile", "The module does not compile: it took more than 1 s of processor time"
    )


def test_a_compilation_that_takes_too_much_memory_is_ended():
    """The compiler aborts where it gets no memory, and takes nobody with it."""
    compiler = Compiler(cpu_seconds=30, address_bytes=160 * 1024**2)
    refusal = compiler.compile(BOMB)
    compiler.close()

    assert refusal == Refusal(
        "compile", "The module does not compile: it took more than 160 MiB of memory, or broke the compiler"
    )


def test_the_compilation_after_one_that_was_ended_is_unharmed():
    """Each module has a process of its own."""
    compiler = Compiler(cpu_seconds=1)
    compiler.compile(BOMB)
    compiled = compiler.compile(MODULE)
    compiler.close()

    assert isinstance(compiled, bytes)


def test_no_process_is_left_when_it_is_closed():
    """Who closes it has closed all of it, and may do so twice."""
    before = children()
    compiler = Compiler()
    compiler.compile(MODULE)
    compiler.close()
    compiler.close()

    assert [child for child in children() if child not in before] == []


def test_a_compiler_that_was_killed_is_an_error_and_then_there_is_another(compiler):
    """The host says that it could not, and can again."""
    before = children()
    compiler.compile(MODULE)
    (process,) = [child for child in children() if child not in before]
    os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(CompilerUnavailable):
        compiler.compile(MODULE)

    assert isinstance(compiler.compile(MODULE), bytes)


def test_the_compiling_process_has_no_powers(compiler):
    """It has no environment, no network of this machine, no file, and few calls to the kernel."""
    before = children()
    compiler.compile(MODULE)
    (process,) = [child for child in children() if child not in before]
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    status = dict(line.split(":\t") for line in lines if ":\t" in line)

    assert process.environ() == {}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert Path(f"/proc/{process.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
    assert process.open_files() == []
