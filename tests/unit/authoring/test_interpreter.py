from __future__ import annotations

import json

import pytest

from palyra_runtime.authoring import Language, build_project, create_project, project_name, read_build
from palyra_runtime.authoring.errors import BuildFailed
from palyra_runtime.authoring.interpreter import compile_program, with_program
from palyra_runtime.authoring.shipped import kit_files
from palyra_runtime.capabilities import HostBroker
from palyra_runtime.sandbox import (
    CapabilityGrantSet,
    Execution,
    Invocation,
    Limits,
    invoke,
    link_problems,
    module_shape,
    wasm_from_text,
)

INTERPRETER = kit_files(Language.PYTHON)["micropython.wasm"]


@pytest.fixture
def run(python):
    """Runs the body of a plugin's main function in Python."""

    def run(
        body: str, request: object = None, *, grants=None, memory=16 * 1024**2, **files: str
    ) -> Execution:
        project = python(body, **files)
        build_project(project)
        _, modules = read_build(project)
        invocation = Invocation(
            HostBroker(lambda: pytest.fail("nobody asked for the time"), bytes),
            json.dumps(request).encode(),
            grants=grants or CapabilityGrantSet(),
            limits=Limits(fuel_budget=2_000_000_000, timeout_ms=60_000, max_memory_bytes=memory),
        )
        return invoke(modules["echo.wasm"], invocation)

    return run


def result(execution: Execution) -> object:
    """Return the result of a run that went well."""
    assert execution.outcome == "ok", [line.text for line in execution.logs]
    assert execution.document is not None
    return execution.document.get("result")


def last_line(execution: Execution) -> str:
    assert (execution.outcome, execution.exit_code) == ("guest_failed", 70)
    assert {line.level for line in execution.logs} == {4}
    return execution.logs[-1].text


def test_the_interpreter_asks_for_what_a_host_offers():
    """No WASI, no other import, and it starts without a program to say so."""
    assert link_problems(INTERPRETER) == []
    assert {wanted.module.partition("@")[0] for wanted in module_shape(INTERPRETER).imports} == {
        "palyra:plugins/host-io",
        "palyra:plugins/host-capabilities",
    }


def test_what_main_returns_is_the_result(run):
    """Any value that JSON has, with whole numbers of any size."""
    value = [None, True, 2**70, -1, 1.5, "größe 🦉 \x01", {"a": [{}]}]

    assert result(run("return request", value)) == value


LANGUAGE = {
    "exceptions": ("try:\n  raise ValueError('x')\nexcept ValueError as error:\n  return str(error)", "x"),
    "finally": ("try:\n  return 1\nfinally:\n  print('done')", 1),
    "comprehensions": ("return [i for i in range(3) if i != 1]", [0, 2]),
    "context managers": (
        """
class A:
  def __enter__(self): return 5
  def __exit__(self, *error): return True
with A() as a:
  raise KeyError(a)
return a
""",
        5,
    ),
    "generators": (
        """
def each():
  try:
    yield 1
  except GeneratorExit:
    print('shut')
    raise
it = each(); next(it); it.close()
return 2
""",
        2,
    ),
    "modules": (
        """
import re, math, struct, hashlib, binascii, collections, heapq, io, array
digest = binascii.hexlify(hashlib.sha256(b'').digest())[:8].decode()
return [re.match('a(b+)', 'abb').group(1), math.sqrt(4), struct.calcsize('<IH'), digest]
""",
        ["bb", 2.0, 6, "e3b0c442"],
    ),
    "many exceptions": (
        """
total = 0
for i in range(3000):
  try:
    raise ValueError(i)
  except ValueError as error:
    total += error.args[0]
return total
""",
        sum(range(3000)),
    ),
    "the compiler": ("return eval('1 + 1')", 2),
}


@pytest.mark.parametrize(("body", "expected"), LANGUAGE.values(), ids=LANGUAGE.keys())
def test_the_language_is_whole(run, body, expected):
    """Exceptions, context managers, generators, the modules that need no machine, and the compiler."""
    assert result(run(body)) == expected


def test_a_recursion_without_end_is_an_exception(run):
    """The interpreter notices before the engine does, in loops through C as well."""
    body = """
def f(n): return f(n + 1)
def g(n): return sorted([1, 2], key=lambda x: g(n))
said = []
for each in (f, g):
  try: each(0)
  except RuntimeError as error: said.append(str(error))
return said
"""

    assert result(run(body)) == ["maximum recursion depth exceeded"] * 2


@pytest.mark.parametrize("text", ["'[' * 5000", "'(' * 3000", "'x' + '.y' * 3000"])
def test_what_is_nested_without_end_is_an_exception(run, text):
    """The parsers of JSON and of Python come back from it."""
    body = f"""
import json
said = 0
for read in (json.loads, eval):
  try: read({text})
  except Exception: said += 1
return said
"""

    assert result(run(body)) == 2


def test_memory_that_runs_out_is_an_exception(run):
    """Up to the limit of the run, and no further."""
    execution = run("kept = []\nwhile True: kept.append('x' * 100000)", memory=2 * 1024**2)

    assert last_line(execution).startswith("MemoryError: memory allocation failed")
    assert execution.memory_bytes_peak == 2 * 1024**2


def test_an_exception_that_nobody_catches_leaves_its_traceback(run):
    """In the log, with the author's own file names and lines."""
    execution = run("x = 1\nreturn x / 0")

    assert last_line(execution) == "ZeroDivisionError: divide by zero"
    assert '  File "src/plugin.py", line 4, in main' in [line.text for line in execution.logs]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("import os", "ImportError: no module named 'os'"),
        ("import time", "ImportError: no module named 'time'"),
        ("import random", "ImportError: no module named 'random'"),
        ("open('skill.toml')", "OSError: [Errno 2] ENOENT"),
    ],
)
def test_there_is_no_machine(run, body, complaint):
    """No files, no clock and no chance."""
    assert last_line(run(body)) == complaint


def test_what_is_printed_is_logged(run):
    """One line of the log for each line, also for the last one without an end."""
    execution = run("print('one\\ntwo', 3)\nprint('four', end='')")

    assert [(line.level, line.text) for line in execution.logs] == [(2, "one"), (2, "two 3"), (2, "four")]


def test_a_plugin_can_end_otherwise(run):
    """With an exit code of its own, or with more than a result."""
    ended = run("raise palyra.Exit(7)")
    assert (ended.outcome, ended.exit_code, ended.output) == ("ok", 7, b"")

    more = run("return palyra.Output(0, annotations={'a': 1}, retry=False, code=60)")
    assert (more.exit_code, more.document) == (60, {"result": 0, "annotations": {"a": 1}, "retry": False})


def test_a_plugin_can_have_several_files(run):
    """Those in its folder can be imported, and hide a file of the kit that has their name."""
    helped = run("import helper\nreturn helper.twice(21)", helper="def twice(x):\n    return 2 * x\n")

    assert result(helped) == 42


def test_a_mistake_in_the_syntax_is_told_by_the_build(python):
    """With the file and the line, before anything runs."""
    with pytest.raises(BuildFailed, match=r"src/plugin\.py") as failed:
        build_project(python("return ("))

    assert 'File "src/plugin.py", line 4' in failed.value.details["output"]
    assert "SyntaxError" in failed.value.details["output"]


def test_a_run_costs_the_same_each_time(run):
    """Fuel is exact, because nothing in the interpreter depends on the machine or the time."""
    runs = [run("return sorted({str(i): i for i in range(50)})") for _ in range(2)]

    assert runs[0].fuel_units == runs[1].fuel_units
    assert runs[0].output == runs[1].output


def test_a_run_that_does_little_costs_little():
    """A tenth of the fuel that a manifest asks for by default."""
    program = compile_program(
        INTERPRETER, "src/p.py", {"src/p.py": b"def run(): return 0\n", "src/palyra.py": b"run = lambda: 0\n"}
    )

    execution = invoke(with_program(INTERPRETER, program), Invocation(HostBroker(None, bytes)))

    assert execution.outcome == "ok"
    assert execution.fuel_units < 200_000


@pytest.mark.parametrize("module", ["(module)", '(module (memory (export "memory") 1 2))'])
def test_another_module_is_not_the_interpreter(module):
    """Who puts something else into the kit is told."""
    with pytest.raises(BuildFailed, match="not the interpreter"):
        with_program(wasm_from_text(module), b"")


def test_a_kit_without_the_interpreter_is_told(tmp_path):
    """It is a file of the kit as any other, and can be lost."""
    project = create_project(Language.PYTHON, project_name("acme.echo", None, "ada"), tmp_path / "echo")
    (project.folder / "kit" / "micropython.wasm").unlink()

    with pytest.raises(BuildFailed, match=r"kit/micropython\.wasm is not there"):
        build_project(project)
