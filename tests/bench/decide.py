"""How long an agent waits for a decision, in milliseconds; each answer is durable by then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from palyra_runtime import Palyra, Surroundings
from palyra_runtime.sandbox import Isolation
from tests.postgres_server import Server
from tests.sample_skills import artifact_bytes
from tests.stage import SKILL, answering

QUESTIONS = 1_000
#: questions before the clock runs
_WARM_UP = 50


class Row(NamedTuple):
    """One line of the result, in milliseconds."""

    database: str
    case: str
    p50: float
    p99: float


def measure(server: Server) -> Sequence[Row]:
    """Measure both databases and both isolations, with one hook and with five."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [
            Row("SQLite", "1 hook, thread", *_waited(_file(folder, 1), folder, "thread", 1)),
            Row("SQLite", "5 hooks, thread", *_waited(_file(folder, 2), folder, "thread", 5)),
            Row("SQLite", "1 hook, process", *_waited(_file(folder, 3), folder, "process", 1)),
            Row("PostgreSQL", "1 hook, thread", *_waited(server.schema(), folder, "thread", 1)),
        ]


def _file(folder: Path, number: int) -> str:
    return f"sqlite:///{folder / f'decide-{number}.db'}"


def _waited(url: str, folder: Path, isolation: Isolation, hooks: int) -> tuple[float, float]:
    """Return the median and the 99th percentile of what an agent waits, over a fresh database."""
    path = folder / "guard.palyra-skill"
    path.write_bytes(artifact_bytes(modules={"plugin.wasm": answering(10, '{"result":{"reason":"dear"}}')}))
    surroundings = Surroundings(isolation=isolation)
    with Palyra.open(url, home=folder, actor="operator:bench", surroundings=surroundings) as palyra:
        palyra.skills.install(path, trust_on_first_use=True)
        palyra.skills.enable(SKILL)
        palyra.plugins.bind("guard", skill=SKILL)
        for number in range(hooks):
            palyra.hooks.bind(f"guard{number}", event="run:before_tool", plugin="guard")
        palyra.decisions.warm()
        waited = [_asked(palyra, number) for number in range(QUESTIONS + _WARM_UP)][_WARM_UP:]
    cuts = quantiles(waited, n=100)
    return round(cuts[49], 2), round(cuts[98], 2)


def _asked(palyra: Palyra, number: int) -> float:
    start = perf_counter()
    decision = palyra.decide("before_tool", {"tool": "search", "number": number})
    assert decision.kind == "annotate", decision.answers
    return (perf_counter() - start) * 1_000
