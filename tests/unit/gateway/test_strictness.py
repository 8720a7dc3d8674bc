from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from palyra_events.identifiers import stream_id
from palyra_events.store import NewEvent
from palyra_runtime.gateway.lookout import Lookout
from palyra_runtime.gateway.scheduling import SchedulerService
from palyra_runtime.gateway.sending import OutboxService
from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.tenure import Tenure
from palyra_runtime.gateway.working import WorkerService
from projections import ProjectionFailed, Projector
from tests.stage import Stage, answering, unchanged


class Free:
    """A role that nobody else wants."""

    def take(self) -> bool:
        return True

    def check(self) -> None:
        """Nothing is ever lost."""


def tenure() -> Tenure:
    """A tenure that has begun."""
    begun = Tenure(Free())
    begun.take()
    return begun


def worker_of(stage: Stage, projector: Projector) -> WorkerService:
    return WorkerService(
        number=1,
        lookout=Lookout(),
        projector=projector,
        views=stage.views,
        worker=stage.worker(),
        now=stage.clock,
    )


SERVICES: dict[str, Callable[[Stage, Projector], Any]] = {
    "scheduler": lambda stage, projector: SchedulerService(projector, tenure(), stage.scheduler),
    "worker": worker_of,
    "outbox": lambda stage, projector: OutboxService(projector, tenure(), stage.outbox(), stage.clock),
}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("stream", ["hook", "trust"])
def test_nothing_goes_on_where_a_decision_view_stands_still(stage: Stage, service: str, stream: str):
    """Not even what does not read that view: not what waits to be scheduled, nor to be carried out."""
    stage.ready(answering())
    stage.scheduled()
    stage.fire()
    strange = {"hook": "HookEnchanted@1", "trust": "PublisherEnchanted@1"}[stream]
    stage.log.append([NewEvent(stream_id(stream, "strange"), 1, strange, b"{}")])
    running = SERVICES[service](stage, Projector(stage.engine, stage.log))

    for _ in range(2):
        with unchanged(stage.log), pytest.raises(ProjectionFailed, match="Enchanted"):
            running.run(Stop(stage.log))
