"""One attempt, made and looked at."""

from __future__ import annotations

from palyra_events.delivery import AttemptFailed, AttemptSucceeded, DeliveryState
from palyra_events.invocation import Invocation
from palyra_runtime.sandbox import WasmPluginRunnerPolicy
from projections import DeliveryRow
from tests.stage import Stage


def due(stage: Stage) -> list[DeliveryRow]:
    """Return the deliveries that are due."""
    return stage.views.due_deliveries(stage.clock())


def attempt(stage: Stage, **policy: object) -> DeliveryState | None:
    """Carry out the one delivery that is due."""
    worker = stage.worker(policy=WasmPluginRunnerPolicy(**policy))
    (attempted,) = worker.attempt_some()
    worker.settle()
    return attempted.state


def invocation(stage: Stage) -> Invocation:
    """Return what the log has of the one attempt that was made."""
    (event,) = stage.events(AttemptSucceeded, AttemptFailed)
    assert event.invocation is not None
    return event.invocation
