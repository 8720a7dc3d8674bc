"""A process that writes to a log and tells of each event as soon as it is acknowledged.

    python -m tests.crash.acknowledger HOME FOLDER LIVES SYNCHRONOUS

It imports everything, says ``ready``, and waits for a line, so that somebody can watch it from then on. It
says ``ack POSITION STREAM VERSION TOPIC``. With another SYNCHRONOUS than ``FULL`` it is careless.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from palyra_events.store import sqlite
from palyra_events.store.sqlite_file import configure
from palyra_runtime import Palyra, Surroundings, clock
from palyra_runtime.dispatch import Outgoing
from palyra_runtime.sandbox import ModuleCache
from tests.crash.lives import tell
from tests.crash.victim import Telling, clock_of
from tests.stage import HOOK, OPEN_POLICY, PLUGIN, SKILL


class Receiver:
    """Takes every message."""

    def send(self, outgoing: Outgoing) -> None:
        """Take it."""


def live(home: Path, number: int, folder: Path) -> None:
    """Open the database; in the first life set up a hook; let a gateway start."""
    surroundings = Surroundings(
        now=clock_of(number),
        entropy=clock.entropy,
        policy=OPEN_POLICY,
        senders={"ops": Receiver()},
        modules=ModuleCache.open(home / "modules"),
    )
    with (
        Telling.open(f"sqlite:///{home / 'palyra.db'}") as log,
        Palyra(log, "operator:ada", surroundings) as palyra,
    ):
        if number == 0:
            palyra.skills.install(next(folder.glob("*.palyra-skill")), trust_on_first_use=True)
            palyra.skills.enable(SKILL)
            palyra.plugins.bind(PLUGIN, skill=SKILL, storage_prefixes=["notes"], channels=["ops"])
            palyra.hooks.bind(HOOK, event="gateway:startup", plugin=PLUGIN)
        palyra.gateway.run_once()
        palyra.gateway.run_once()


def main() -> None:
    """Live as often as asked for, each time in a database that was closed before."""
    home, folder, lives, synchronous = sys.argv[1:]

    def configure_so(connection: sqlite3.Connection, lock_timeout_ms: int) -> None:
        configure(connection, lock_timeout_ms)
        connection.execute(f"PRAGMA synchronous = {synchronous}")

    sqlite.configure = configure_so
    tell("ready")
    sys.stdin.readline()
    for number in range(int(lives)):
        live(Path(home), number, Path(folder))


if __name__ == "__main__":
    main()
