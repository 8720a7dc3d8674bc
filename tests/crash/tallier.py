"""A process whose plugin counts and tells, until somebody kills it.

It imports everything once, says ``ready``, and then makes a life by fork for each line of its input: URL
and NUMBER with a tab between them. It says ``born PID``, then ``sent ID`` for each message that was
handed to its receiver, and ``dead STATUS`` at the end of the life.
"""

from __future__ import annotations

import os
import sys
import traceback

import palyra_events.store.postgres  # noqa: F401 - a life imports nothing of its own
from palyra_events.store import EventLog
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.dispatch import Outgoing
from tests.crash.victim import DISPATCH, clock_of, tell
from tests.crash.warmth import warm_up
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


def main() -> None:
    """Make lives, one after the other, each of which is over before the next begins."""
    warm_up()
    tell("ready")
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                live(*line.rstrip("\n").split("\t"))
            except BaseException:  # noqa: BLE001 - the parent of all is told, and fails
                traceback.print_exc()
            os._exit(1)
        tell(f"born {pid}")
        tell(f"dead {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}")


if __name__ == "__main__":
    main()
