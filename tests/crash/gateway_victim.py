"""A gateway that runs until somebody kills it.

It makes lives as `tests.crash.lives` tells, each of URL, NUMBER and FOLDER. A life says
``ack POSITION STREAM VERSION TOPIC`` for each event that was acknowledged to it, and ``sent ID KEY`` for each
message that was handed to its receiver.
"""

from __future__ import annotations

from pathlib import Path

import palyra_events.store.postgres  # noqa: F401 - a life imports nothing of its own
from palyra_runtime import Palyra, Surroundings
from palyra_runtime.config import DispatchSettings
from palyra_runtime.sandbox import ModuleCache
from tests.crash.lives import make_lives
from tests.crash.tallier import Telling as TellingReceiver
from tests.crash.victim import Telling, clock_of
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


if __name__ == "__main__":
    make_lives(live)
