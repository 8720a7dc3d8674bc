"""What an operator does with deliveries, and how a gateway carries them out."""

from __future__ import annotations

from palyra_events.application import Application, Intent
from palyra_runtime.dispatch import Dispatcher, DrainReport

GATEWAY = "system:gateway"


class Dispatch:
    """Carry out what is due."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def drain(self) -> DrainReport:
        """Schedule and carry out all that is due now, and report it.

        Raises:
            DispatcherBusy: another process does this, and goes on doing it.
            RunnerDisabled: the policy lets nothing run.
        """
        with self._dispatcher.role():
            return self._dispatcher.drain()


class Gateway:
    """A gateway over this log."""

    def __init__(self, dispatcher: Dispatcher, application: Application, version: str) -> None:
        self._dispatcher = dispatcher
        self._application = application
        self._version = version

    def run_once(self) -> DrainReport:
        """Start, carry out all that is due, and stop; the startup hooks are among it.

        Raises:
            DispatcherBusy: another gateway runs over this log.
            RunnerDisabled: the policy lets nothing run.
        """
        with self._dispatcher.role():
            gateway_id, _ = self._application.start_gateway(self._version, Intent(GATEWAY))
            report = self._dispatcher.drain()
            self._application.stop_gateway(gateway_id, "drained", Intent(GATEWAY))
            return report
