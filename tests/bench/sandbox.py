"""One invocation with 1 kB in and 1 kB out, on both isolations, beside other ways to run the same guest."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, perf_counter_ns
from typing import NamedTuple

import psutil
import wasmtime
from wasmtime import Config, Engine, FuncType, Linker, Module, Store, ValType

from palyra_runtime.sandbox import HOST_IO_IMPORT_MODULE, Invocation, Sandbox, wasm_from_text
from palyra_runtime.sandbox.compiler import Compiler
from tests.bench.extism_echo import installed, measure_extism
from tests.postgres_server import Server
from tests.security.poison import POISONS, rounds

ROOT = Path(__file__).parents[2]
ECHO = wasm_from_text((ROOT / "tests/guests/echo.wat").read_text())
ASKING = wasm_from_text((ROOT / "tests/guests/ask_often.wat").read_text())
GREETER = (ROOT / "src/palyra_runtime/sdk/samples/greeter/modules/greeter.wasm").read_bytes()
KILOBYTE = b'{"result":"' + b"x" * 1_011 + b'"}'
EVENT = b'{"event":{"kind":"skill:enabled","position":12,"payload":{"skill_id":"%s","version":"1.0.0"}}}' % (
    b"a" * 925
)

#: the contenders take turns, so the machine's moods hit all of them
TURNS = 8
RUNS = 400
WARM_UP = 300
#: calls to the host that ``ask_often`` makes
CALLS = 50
MEMORY_RUNS = (1_000, 100_000)


class Row(NamedTuple):
    """One line of the result; ``ratio`` is to what ``against`` names, and ``goal`` what it should be."""

    case: str
    microseconds_p50: float
    microseconds_p99: float
    against: str = ""
    ratio: float | str = ""
    goal: str = ""


Sample = Callable[[int], list[float]]


class Silent:
    """A broker that answers nothing to everything."""

    def answer(self, _call: object) -> bytes:
        """Return the shortest answer."""
        return b"{}"


def measure(_server: Server) -> list[Row]:
    """Measure everything; the last rows are bytes and ratios, not times."""
    with ExitStack() as stack:
        thread = stack.enter_context(Sandbox(isolation="thread"))
        process = stack.enter_context(Sandbox(isolation="process"))
        folder = Path(stack.enter_context(TemporaryDirectory()))
        times = _take_turns(_contenders(thread, process, folder))
        rows = _time_rows(times)
        rows += [*_call_rows(thread, process), _compile_row(), *_memory_rows(thread, process)]
    return [*rows, *_poison_rows()]


def _contenders(thread: Sandbox, process: Sandbox, folder: Path) -> dict[str, Sample]:
    program = _build(folder)
    return {
        "echo, thread": _ours(thread, ECHO, KILOBYTE),
        "echo, process": _ours(process, ECHO, KILOBYTE),
        "greeter, thread": _ours(thread, GREETER, EVENT),
        "greeter, process": _ours(process, GREETER, EVENT),
        "echo, C with the same pool": lambda runs: _in_c(program, folder, "pool", runs),
        "echo, C with the library's defaults": lambda runs: _in_c(program, folder, "default", runs),
        "echo, engine and compile each time": lambda runs: _naively(ECHO, KILOBYTE, runs // 40),
        "greeter, engine and compile each time": lambda runs: _naively(GREETER, EVENT, runs // 40),
        "echo, Extism, new plugin": lambda runs: measure_extism(installed(), KILOBYTE, runs // 4),
    }


def _take_turns(contenders: dict[str, Sample]) -> dict[str, list[float]]:
    for sample in contenders.values():
        sample(WARM_UP)
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(TURNS):
        for name, sample in contenders.items():
            times[name] += sample(RUNS)
    return times


#: what each case is held against, whether it should be so many times faster or slower, and how many
_GOALS = {
    "echo, process": ("echo, thread", "slower", "<= 2.5"),
    "greeter, process": ("greeter, thread", "slower", "<= 2.5"),
    "echo, thread": ("echo, C with the library's defaults", "slower", "<= 3"),
    "echo, C with the same pool": ("echo, thread", "faster", "<= 3"),
    "echo, engine and compile each time": ("echo, thread", "slower", ">= 50"),
    "greeter, engine and compile each time": ("greeter, thread", "slower", ">= 50"),
    "echo, Extism, new plugin": ("echo, thread", "slower", "> 1"),
}


def _time_rows(times: dict[str, list[float]]) -> list[Row]:
    return [_time_row(name, times) for name in times]


def _time_row(name: str, times: dict[str, list[float]]) -> Row:
    p50, p99 = median(times[name]), _p99(times[name])
    if name not in _GOALS:
        return Row(name, round(p50, 1), round(p99, 1))
    against, direction, goal = _GOALS[name]
    other = median(times[against])
    ratio = p50 / other if direction == "slower" else other / p50
    return Row(name, round(p50, 1), round(p99, 1), f"{direction} than {against}", round(ratio, 2), goal)


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[98]


def _ours(sandbox: Sandbox, module: bytes, data: bytes) -> Sample:
    invocation = Invocation(Silent(), input=data)
    assert sandbox.invoke(module, invocation).outcome == "ok"

    def sample(runs: int) -> list[float]:
        return [_microseconds(lambda: sandbox.invoke(module, invocation)) for _ in range(runs)]

    return sample


def _microseconds(act: Callable[[], object]) -> float:
    start = perf_counter_ns()
    act()
    return (perf_counter_ns() - start) / 1_000


def _build(folder: Path) -> Path:
    """Compile the C program against the library in the wheel."""
    machine = next(Path(wasmtime.__file__).parent.glob("linux-*"))
    program = folder / "embedding"
    source, library = ROOT / "tests/bench/embedding.c", machine / "_libwasmtime.so"
    subprocess.run(
        ["gcc", "-O2", "-Wall", "-o", program, source, library, f"-Wl,-rpath,{machine}"], check=True
    )
    (folder / "echo.wasm").write_bytes(ECHO)
    (folder / "input").write_bytes(KILOBYTE)
    return program


def _in_c(program: Path, folder: Path, kind: str, runs: int) -> list[float]:
    command = [program, folder / "echo.wasm", folder / "input", str(runs + WARM_UP), kind]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [int(line) / 1_000 for line in done.stdout.split()[WARM_UP:]]


def _naively(module: bytes, data: bytes, runs: int) -> list[float]:
    return [_microseconds(lambda: _naive_run(module, data)) for _ in range(max(1, runs))]


def _naive_run(module: bytes, data: bytes) -> None:
    """Run a guest with a new engine and a new compilation, by the package's plain interface."""
    config = Config()
    config.consume_fuel = config.epoch_interruption = True
    engine = Engine(config)
    store = Store(engine)
    store.set_fuel(10_000_000)
    store.set_epoch_deadline(400)
    store.set_limits(memory_size=64 * 1024**2, table_elements=100_000, instances=256)
    linker, output = Linker(engine), bytearray()
    i32 = ValType.i32()

    def read(caller: wasmtime.Caller, pointer: int, _capacity: int) -> int:
        caller["memory"].write(caller, data, pointer)  # type: ignore[union-attr]
        return len(data)

    def write(caller: wasmtime.Caller, pointer: int, size: int) -> int:
        output.extend(caller["memory"].read(caller, pointer, pointer + size))  # type: ignore[union-attr]
        return size

    one, two, three = FuncType([], [i32]), FuncType([i32, i32], [i32]), FuncType([i32, i32, i32], [])
    linker.define_func(HOST_IO_IMPORT_MODULE, "input-size", one, lambda: len(data))
    linker.define_func(HOST_IO_IMPORT_MODULE, "input-read", two, read, access_caller=True)
    linker.define_func(HOST_IO_IMPORT_MODULE, "output-write", two, write, access_caller=True)
    linker.define_func(HOST_IO_IMPORT_MODULE, "log", three, lambda *_: None)
    instance = linker.instantiate(store, Module(engine, module))
    assert instance.exports(store)["palyra_plugin_main"](store) == 0  # type: ignore[operator]
    assert output
    store.close()


def _call_rows(thread: Sandbox, process: Sandbox) -> Iterator[Row]:
    for sandbox in (thread, process):
        many = _ours(sandbox, ASKING, b"{}")(RUNS)
        none = _ours(sandbox, ECHO, b"{}")(RUNS)
        each = [(times - median(none)) / CALLS for times in many]
        yield Row(f"one call to the host, {sandbox.isolation}", round(median(each), 2), round(_p99(each), 2))


def _compile_row() -> Row:
    compiler = Compiler()
    times = [_microseconds(lambda: compiler.compile(GREETER)) for _ in range(20)]
    compiler.close()
    return Row("compiling the greeter apart", round(median(times[1:])), round(max(times[1:])))


def _memory_rows(thread: Sandbox, process: Sandbox) -> Iterator[Row]:
    few, many = MEMORY_RUNS
    for sandbox in (thread, process):
        _ours(sandbox, ECHO, KILOBYTE)(few)
        before = _resident_bytes(sandbox)
        start = perf_counter()
        _ours_without_times(sandbox, many - few)
        seconds, after = perf_counter() - start, _resident_bytes(sandbox)
        change = f"{(after / before - 1) * 100:+.2f} %"
        case = f"resident kB after {many} runs, {sandbox.isolation} ({many / seconds:,.0f}/s)"
        yield Row(case, after // 1024, after // 1024, f"{before // 1024} kB after {few}", change, "+- 5 %")


def _ours_without_times(sandbox: Sandbox, runs: int) -> None:
    invocation = Invocation(Silent(), input=KILOBYTE)
    for _ in range(runs):
        sandbox.invoke(ECHO, invocation)


def _resident_bytes(sandbox: Sandbox) -> int:
    """Return what this process and those that run its guests hold in memory, compilers left out."""
    processes = [psutil.Process(), *map(psutil.Process, sandbox.worker_pids())]
    return sum(process.memory_info().rss for process in processes)


def _poison_rows() -> Iterator[Row]:
    """Twenty plugins in processes, one of them bad: what the others see, against twenty good ones."""
    for poison in POISONS:
        with Sandbox(isolation="process") as sandbox:
            rounds(sandbox, poison, 3)
            alone: list[float] = []
            beside: list[float] = []
            for _ in range(TURNS):
                alone += [seconds * 1e6 for seconds in rounds(sandbox, None, 5)[2]]
                beside += [seconds * 1e6 for seconds in rounds(sandbox, poison, 5)[2]]
        against, ratio = "p99 of the same without it", round(_p99(beside) / _p99(alone), 2)
        name = f"19 good plugins beside one that {poison.name}"
        yield Row(name, round(median(beside), 1), round(_p99(beside), 1), against, ratio, "<= 2")


if __name__ == "__main__":
    sys.exit("run scripts/bench sandbox")
