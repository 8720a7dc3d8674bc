"""A process that copies a log, and does not survive it.

It imports everything once, says ``ready``, and then makes a life by fork for each line of its input: the WORK
to do, the FOLDER to do it in, the TRACE file and the OPTIONS of strace(1) with tabs between them. The life
begins when it is watched; the process says ``dead STATUS`` at its end.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from palyra_events.errors import PalyraError
from palyra_events.store import sqlite_copy, sqlite_migration, sqlite_snapshot  # noqa: F401 - before the fork
from palyra_events.store.backup import back_up, restore
from palyra_events.store.migration import migrate
from tests.crash.lives import tell
from tests.crash.tracing import Tracer

#: the status of a life that was told of the fault
TOLD = 9

#: what can be done, in a folder with ``log.db``, ``backup.db``, ``empty.db`` and ``old.db``
WORKS: Mapping[str, Callable[[str], object]] = {
    "backup": lambda folder: back_up(f"sqlite:///{folder}/log.db", Path(folder, "made.db")),
    "backup --force": lambda folder: back_up(
        f"sqlite:///{folder}/log.db", Path(folder, "backup.db"), replace=True
    ),
    "restore": lambda folder: restore(Path(folder, "backup.db"), f"sqlite:///{folder}/made.db"),
    "restore into an empty log": lambda folder: restore(
        Path(folder, "backup.db"), f"sqlite:///{folder}/empty.db"
    ),
    "migrate": lambda folder: migrate(f"sqlite:///{folder}/old.db"),
}


def live(work: str, folder: str, begin: int) -> int:
    """Wait until somebody watches, work, and return the status to end with."""
    os.read(begin, 1)
    try:
        WORKS[work](folder)
    except PalyraError:
        return TOLD
    except BaseException:  # noqa: BLE001 - the parent of all is told, and fails
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Make lives, one after the other, each of which is over before the next begins."""
    tell("ready")
    for line in sys.stdin:
        work, folder, trace, *options = line.rstrip("\n").split("\t")
        begin, start = os.pipe()
        pid = os.fork()
        if pid == 0:
            os._exit(live(work, folder, begin))
        tracer = Tracer(pid, Path(trace), options)
        os.write(start, b"!")
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        tracer.end()
        os.close(begin)
        os.close(start)
        tell(f"dead {status}")


if __name__ == "__main__":
    main()
