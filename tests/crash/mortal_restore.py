"""A process that restores FILE into the database at URL, and kills itself after a SHARE of the work."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from palyra_events.store.backup import restore


def main(file: str, url: str, share: str) -> None:
    """Restore, and die on the way."""

    def die(done: int, total: int) -> None:
        if done >= total * float(share):
            os.kill(os.getpid(), signal.SIGKILL)

    restore(Path(file), url, progress=die)


if __name__ == "__main__":
    main(*sys.argv[1:])
