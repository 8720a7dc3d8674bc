"""What an operator does to have deliveries carried out."""

from __future__ import annotations

from palyra_runtime.dispatch import Dispatcher, DispatcherBusy, DrainReport
from palyra_runtime.gateway import Bystander, Told


class Dispatch:
    """Carry out what is due."""

    def __init__(self, dispatcher: Dispatcher, bystander: Bystander) -> None:
        self._dispatcher = dispatcher
        self._bystander = bystander

    def drain(self, told: Told | None = None) -> DrainReport:
        """Schedule and carry out all that is due now, and report it.

        Where a gateway does this, wait until it has done what was due when this was called, and report
        what it did meanwhile; ``told`` hears who it is.

        Raises:
            DispatcherBusy: another process does this, and goes on doing it.
            GatewayStuck: a gateway has it to do, and does nothing.
            RunnerDisabled: the policy lets nothing run.
        """
        self._dispatcher.check_enabled()
        while (report := self._bystander.wait(told)) is None:
            try:
                with self._dispatcher.role():
                    return self._dispatcher.drain()
            except DispatcherBusy:
                # A gateway that began after we looked is waited for; anybody else had long enough.
                if not self._bystander.sees_gateway:
                    raise
        return report
