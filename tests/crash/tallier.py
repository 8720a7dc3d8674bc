"""A process whose plugin counts and tells, until somebody kills it.

It makes lives as `tests.crash.lives` tells, each of URL and NUMBER. A life says ``sent ID KEY`` for each
message that was handed to its receiver.
"""

from __future__ import annotations

import palyra_events.store.postgres  # noqa: F401 - a life imports nothing of its own
from palyra_events.store import EventLog
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.dispatch import Outgoing
from tests.crash.lives import make_lives, tell
from tests.crash.victim import DISPATCH, clock_of
from tests.stage import OPEN_POLICY, compiled_modules


class Telling:
    """A receiver that tells the parent of each message."""

    def send(self, outgoing: Outgoing) -> None:
        """Tell."""
        tell(f"sent {outgoing.message_id} {outgoing.idempotency_key}")


def live(url: str, number: str) -> None:
    """Start a gateway, whose hook has the plugin count, and carry out what is due, over and over."""
    surroundings = Surroundings(
        now=clock_of(int(number)),
        policy=OPEN_POLICY,
        senders={"ops": Telling()},
        modules=compiled_modules(),
        dispatch=DISPATCH,
    )
    with EventLog.open(url) as log, Palyra(log, "operator:crash", surroundings) as palyra:
        while True:
            palyra.gateway.run_once()


if __name__ == "__main__":
    make_lives(live)
