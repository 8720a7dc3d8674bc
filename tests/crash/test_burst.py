from __future__ import annotations

import sys
import tracemalloc
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest

from palyra_events.delivery import DeliveryState
from palyra_events.event import Stamp
from palyra_events.gateway import GatewayStarted
from palyra_events.identifiers import stream_id
from palyra_events.record import NewEvent
from palyra_events.registry import REGISTRY
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from projections import DeliveryFilter
from tests.scale import scaled
from tests.stage import HOOK, NOON, PLUGIN, Stage, guest

#: events of the burst, and of one append
EVENTS = scaled(10_000, 100_000)
CHUNK = 1000
#: milliseconds that the slow plugin spins each time, and fuel for longer than that
SPIN_MS = 20
POLICY = WasmPluginRunnerPolicy(fuel_budget=2**40, timeout_ms=SPIN_MS, faults_max=1000)
#: bytes that scheduling and carrying out may take up at most, however many events come
MEMORY_MAX = 48 * 1024**2


def burst(stage: Stage) -> None:
    """Append events that a hook reacts to, as fast as the log takes them."""
    for start in range(0, EVENTS, CHUNK):
        stage.log.append([started(number) for number in range(start, start + CHUNK)])


def started(number: int) -> NewEvent:
    gateway_id = f"burst{number}"
    stamp = Stamp(NOON + timedelta(milliseconds=number), "system:gateway", gateway_id)
    event = stamp.on(GatewayStarted, gateway_id=gateway_id, version="0.1.0")
    return NewEvent(stream_id("gateway", gateway_id), 1, *REGISTRY.encode(event))


@pytest.mark.slow
@pytest.mark.timeout(scaled(300, 36_000))
def test_a_burst_with_a_slow_hook_leaves_memory_bounded_and_the_log_writable(tmp_path: Path):
    """While thousands of deliveries wait for a slow plugin, others write at once, and nothing piles up."""
    with Stage(f"sqlite:///{tmp_path / 'palyra.db'}", tmp_path, policy=POLICY) as stage:
        slow = {"quotas": {"fuel_budget": 2**40, "wall_clock_timeout_ms": SPIN_MS}}
        stage.ready(guest("spin"), capabilities=slow)
        stage.palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN, ordering="none", attempts_max=1)
        burst(stage)
        written, stop = 0, Flag()
        worker = stage.worker()
        threads = [Thread(target=work, args=(worker, stop)) for _ in range(2)]
        tracemalloc.start()

        scheduled = stage.scheduler().catch_up()
        waiting = stage.views.open_deliveries()
        for thread in threads:
            thread.start()
        for _ in range(50):
            stage.fire()
            written += 1
        stop.set()
        for thread in threads:
            thread.join()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        worker.settle()

        dead = DeliveryFilter(states=frozenset({DeliveryState.DEAD}))
        ended = len(stage.views.deliveries(dead, limit=EVENTS))
    sys.stdout.write(
        f"{EVENTS:,} events: {scheduled:,} scheduled, {ended} ended meanwhile, {written} written beside "
        f"them, {peak / 1024**2:.1f} MB at the most\n"
    )
    assert scheduled == waiting == EVENTS
    assert ended > 0
    assert peak < MEMORY_MAX


def work(worker: object, stop: Flag) -> None:
    while not stop.is_set() and worker.work():
        pass
