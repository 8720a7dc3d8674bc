"""What a gateway runs: services, each in a thread of its own."""

from __future__ import annotations

from typing import Protocol

from palyra_runtime.gateway.stop import Stop


class Service(Protocol):
    """One part of a gateway's work.

    It can be run again after an error: what it knows it reads from the log anew.
    """

    @property
    def name(self) -> str:
        """What it is called in threads and log lines."""
        ...

    def run(self, stop: Stop) -> None:
        """Work, and sleep while there is nothing to do, until the stop is asked for.

        Raises:
            Exception: what went wrong; whoever runs the service decides whether to run it again.
        """
        ...
