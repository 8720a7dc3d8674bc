"""How much a plugin takes: many fresh runs of one fixture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from palyra_runtime.authoring.fixture import Fixture
from palyra_runtime.authoring.rehearsal import Theatre

#: runs that are made and not counted: the first one compiles
_WARM_UP_RUNS = 3


@dataclass(frozen=True, slots=True)
class Measurement:
    """Runs of one fixture: time in microseconds, fuel in units, memory in bytes.

    ``fuel_units_min`` and ``_max`` are the same for a guest, because a run is repeatable.
    """

    name: str
    outcome: str
    runs: int
    duration_us_p50: int
    duration_us_p99: int
    fuel_units_min: int
    fuel_units_max: int
    fuel_budget: int
    memory_bytes_peak: int


def measure(
    theatre: Theatre, name: str, fixture: Fixture, *, runs: int, told: Callable[[int, int], None] | None
) -> Measurement:
    """Return what ``runs`` fresh runs of a fixture took; ``told`` hears how many are done.

    Raises:
        InvalidFixture: the fixture cannot be tried.
        SandboxBusy, WorkerUnavailable, CompilerUnavailable: the host cannot run it now.
    """
    for _ in range(_WARM_UP_RUNS):
        last = theatre.rehearse(name, fixture)
    durations, fuel, memory = [], [], []
    for done in range(runs):
        last = theatre.rehearse(name, fixture)
        durations.append(last.duration_us)
        fuel.append(last.fuel_units)
        memory.append(last.memory_bytes_peak)
        if told:
            told(done + 1, runs)
    durations.sort()
    return Measurement(
        name=name,
        outcome=last.answer.outcome,
        runs=runs,
        duration_us_p50=percentile(durations, 50),
        duration_us_p99=percentile(durations, 99),
        fuel_units_min=min(fuel),
        fuel_units_max=max(fuel),
        fuel_budget=last.fuel_budget,
        memory_bytes_peak=max(memory),
    )


def percentile(ordered: list[int], percent: int) -> int:
    """Return the smallest value that ``percent`` of the values, which are in order, do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
