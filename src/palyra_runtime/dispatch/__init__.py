"""Dispatch: from lifecycle events to recorded outcomes."""

from palyra_runtime.dispatch.dispatcher import Dispatcher, DrainReport, RunnerDisabled
from palyra_runtime.dispatch.lease import Leases
from palyra_runtime.dispatch.role import DispatcherBusy
from palyra_runtime.dispatch.scheduler import Scheduler
from palyra_runtime.dispatch.worker import Worker

__all__ = [
    "Dispatcher",
    "DispatcherBusy",
    "DrainReport",
    "Leases",
    "RunnerDisabled",
    "Scheduler",
    "Worker",
]
