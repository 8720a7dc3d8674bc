"""Lives: forks of a process that has imported everything, each of which is over before the next begins.

Such a process says ``ready``, then ``born PID`` and ``dead STATUS`` of each life, and between the two what
the life has to say. No thread and no engine exists before the fork.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from tests.crash.warmth import warm_up


def tell(line: str) -> None:
    """Write a line in one piece."""
    os.write(1, f"{line}\n".encode())


def make_life(live: Callable[..., object], *arguments: str) -> None:
    """Let a fork live; one that comes to its end dies with 0, and one that fails says why."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            live(*arguments)
            status = 0
        except BaseException:  # noqa: BLE001 - the parent of all is told, and fails
            traceback.print_exc()
        os._exit(status)
    tell(f"born {pid}")
    tell(f"dead {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}")


def make_lives(live: Callable[..., object]) -> None:
    """Make a life for each line of the input: the arguments, with tabs between them."""
    warm_up()
    tell("ready")
    for line in sys.stdin:
        make_life(live, *line.rstrip("\n").split("\t"))
