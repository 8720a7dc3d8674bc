"""A process that erases a person, and does not survive it.

It imports everything once, says ``ready``, and then makes a life by fork for each line of its input: the URL
of a database, its FOLDER, and the OPTIONS of strace(1), with tabs between them. The life begins when it is
watched; the process says ``dead STATUS`` at its end. The trace is beside the folder.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import palyra_events.store.postgres
import palyra_events.store.postgres_dropping
import palyra_events.store.sqlite
import palyra_events.store.sqlite_dropping  # noqa: F401 - a fork imports nothing of its own
from tests.crash.lives import tell
from tests.crash.tracing import Tracer
from tests.crash.warmth import warm_up
from tests.erased_words import BOB, open_palyra


def erase(url: str, folder: Path) -> None:
    """Erase the person; what SQLite writes beside the database goes into the folder as well."""
    os.environ["SQLITE_TMPDIR"] = str(folder)
    with open_palyra(url, folder) as palyra:
        palyra.subjects.erase(BOB, reason="asked for it")


def live(url: str, folder: Path, begin: int) -> int:
    """Wait until somebody watches, erase, and return the status to end with."""
    os.read(begin, 1)
    try:
        erase(url, folder)
    except BaseException:  # noqa: BLE001 - the parent of all is told, and fails
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Make lives, one after the other, each of which is over before the next begins."""
    warm_up()
    tell("ready")
    for line in sys.stdin:
        url, folder, *options = line.rstrip("\n").split("\t")
        begin, start = os.pipe()
        pid = os.fork()
        if pid == 0:
            os._exit(live(url, Path(folder), begin))
        tracer = Tracer(pid, Path(f"{folder}.trace"), options)
        os.write(start, b"!")
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        tracer.end()
        os.close(begin)
        os.close(start)
        tell(f"dead {status}")


if __name__ == "__main__":
    main()
