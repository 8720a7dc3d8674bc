"""The commands of a gateway on itself."""

from __future__ import annotations

from palyra_events import gateway as gateways
from palyra_events.commands.command import ID_SIZE, Aggregate, Commands, Commit, Intent
from palyra_events.gateway import Gateway, StopCause

GATEWAY = Aggregate("gateway", Gateway, gateways.evolve)


class GatewayCommands(Commands):
    """Record that a gateway starts and stops."""

    def start_gateway(self, version: str, intent: Intent) -> tuple[str, Commit]:
        """Record that a gateway is up, under an id of its own, which is returned too."""
        stamp, sealed = self.stamp(intent)
        gateway = self.load(GATEWAY, self._entropy(ID_SIZE).hex())
        events = gateways.start_gateway(gateway.state, version, stamp)
        return gateway.state.gateway_id, self.commit([(gateway, events)], sealed)

    def stop_gateway(self, gateway_id: str, cause: StopCause, intent: Intent) -> Commit:
        """Record that a gateway stopped on its own accord.

        Raises:
            IllegalTransition: it was never started, or has stopped.
        """
        stamp, sealed = self.stamp(intent)
        gateway = self.load(GATEWAY, gateway_id)
        return self.commit([(gateway, gateways.stop_gateway(gateway.state, cause, stamp))], sealed)
