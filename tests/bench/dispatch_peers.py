"""The same hook as a DBOS workflow and as a procrastinate job, in an environment of their own.

They are no dependency of anything here. Each makes its record of a run durable on PostgreSQL, and calls
the guest through wasmtime, which has compiled it before; neither has limits, capabilities or a log.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from functools import cache
from pathlib import Path

from palyra_runtime.sandbox import wasm_from_text

ENVIRONMENT = Path(__file__).parents[2] / ".environments" / "queues"
REQUIREMENTS = ["dbos==3.4.0", "procrastinate==3.10.0", "psycopg[binary,pool]==3.3.9", "wasmtime==50.0.1"]

GUEST = '(module (func (export "run") (result i32) (i32.const 0)))'

_COMMON = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
from wasmtime import Engine, Instance, Module, Store
url, path, jobs, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
engine = Engine()
module = Module.from_file(engine, path)
def call():
    store = Store(engine)
    return Instance(store, module, []).exports(store)["run"](store)
def tell(start, used):
    print(jobs / (time.monotonic() - start), (time.process_time() - used) * 1000 / jobs)
"""

#: starts workflows from threads, without a queue that would have to be polled
DBOS = """
from dbos import DBOS
DBOS(config={"name": "bench", "system_database_url": url, "run_admin_server": False, "log_level": "ERROR"})
@DBOS.step()
def guest(number):
    return call()
@DBOS.workflow()
def hook(number):
    return guest(number)
DBOS.launch()
hook(-1)
with ThreadPoolExecutor(threads) as pool:
    start = time.monotonic(), time.process_time()
    assert list(pool.map(hook, range(jobs))) == [0] * jobs
    tell(*start)
DBOS.destroy()
"""

#: defers all jobs, then runs one worker until none is left
PROCRASTINATE = """
import asyncio
from procrastinate import App, PsycopgConnector
app = App(connector=PsycopgConnector(conninfo=url))
done = []
@app.task(name="hook")
def hook(number):
    done.append(call())
async def main():
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await hook.batch_defer_async(*[{"number": number} for number in range(jobs)])
        start = time.monotonic(), time.process_time()
        await app.run_worker_async(wait=False, concurrency=threads, install_signal_handlers=False)
        tell(*start)
    assert done == [0] * jobs
asyncio.run(main())
"""

PEERS = {"DBOS workflow": DBOS, "procrastinate job": PROCRASTINATE}


@cache
def installed() -> Path:
    """Return the Python of an environment with both in it, made where it is missing."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *REQUIREMENTS]
        subprocess.run(command, check=True, stdout=sys.stderr)
    (ENVIRONMENT / "guest.wasm").write_bytes(wasm_from_text(GUEST))
    return python


def measure_peer(program: str, url: str, jobs: int, threads: int) -> tuple[float, float]:
    """Return the runs a second of one process with so many threads, and its CPU ms for each."""
    command = [installed(), "-c", _COMMON + program, url, ENVIRONMENT / "guest.wasm", str(jobs), str(threads)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    rate, cpu_ms = map(float, done.stdout.split()[-2:])
    return rate, cpu_ms
