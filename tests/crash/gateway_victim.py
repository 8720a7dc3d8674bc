"""A gateway that runs until somebody kills it.

It imports everything once, says ``ready``, and then makes a life by fork for each line of its input: URL,
NUMBER and FOLDER with tabs between them. It says ``born PID``, then ``ack POSITION STREAM VERSION TOPIC`` for
each event that was acknowledged to the life, ``sent ID KEY`` for each message that was handed to its
receiver, and ``dead STATUS`` at the end of the life.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import palyra_events.store.postgres  # noqa: F401 - a life imports nothing of its own
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.config import DispatchSettings
from palyra_runtime.sandbox import ModuleCache
from tests.crash.tallier import Telling as TellingReceiver
from tests.crash.victim import Telling, clock_of, tell
from tests.stage import OPEN_POLICY

#: threads that carry out deliveries in a life
WORKERS = 3


def live(url: str, number: str, folder: str) -> None:
    """Run a gateway for ever; what an earlier life has compiled is not compiled again."""
    surroundings = Surroundings(
        now=clock_of(int(number)),
        policy=OPEN_POLICY,
        senders={"ops": TellingReceiver()},
        dispatch=DispatchSettings(workers=WORKERS),
        modules=ModuleCache.open(Path(folder) / "modules"),
    )
    with Telling.open(url) as log, Palyra(log, "operator:crash", surroundings) as palyra:
        palyra.gateway.run()


def main() -> None:
    """Make lives, one after the other, each of which is over before the next begins."""
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
