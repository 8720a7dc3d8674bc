"""Much that happens: hooks by the thousand, bound by another process, at once or one after the other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

from palyra_events.application import Application, Intent
from palyra_events.hook import Target
from palyra_events.lifecycle import HookEventKind
from palyra_events.store import EventLog
from palyra_runtime import clock

#: events of one append
BATCH = 500

_ROOT = Path(__file__).parents[2]

_QUIET = Target(event_kind=HookEventKind.SkillDisabled, plugin_id="greeter")


#: events that are appended together, where so many come in a second
_SWELL = 10


def bind_hooks(
    home: Path, names: Sequence[str], batch: int = BATCH, pace: Callable[[int], None] = lambda _: None
) -> int:
    """Bind so many hooks in a home, a batch in one append, and return where the log ends then.

    ``pace`` is told before each append how many were bound, and may take its time.
    """
    with EventLog.open(f"sqlite:///{home / 'palyra.db'}") as log:
        application = Application(log, now=clock.now, entropy=clock.entropy)
        for start in range(0, len(names), batch):
            pace(start)
            loaded = [application.loaded_hook(name) for name in names[start : start + batch]]
            application.adopt_hooks([(hook, _QUIET, True) for hook in loaded], Intent("operator:ada"))
        return log.head()


def head_of(home: Path) -> int:
    """Return where the log of a home ends."""
    with EventLog.open(f"sqlite:///{home / 'palyra.db'}") as log:
        return log.head()


def so_many_a_second(rate: int) -> Callable[[int], None]:
    """Return a pace: it waits until so many may have been bound at this rate, counted from the first."""
    begun, waiting = monotonic(), Event()

    def pace(bound: int) -> None:
        waiting.wait(max(0.0, begun + bound / rate - monotonic()))

    return pace


@contextmanager
def steady_writer(home: Path, count: int, rate: int) -> Iterator[None]:
    """Let a process bind so many hooks, so many a second, while the block runs; at its end it is done."""
    command = [sys.executable, "-m", "tests.browser.crowd", str(home), str(count), str(rate)]
    with subprocess.Popen(command, cwd=_ROOT) as process:
        yield
        assert process.wait() == 0


if __name__ == "__main__":
    _home, _count, _rate = sys.argv[1:]
    _names = [f"steady-{number:05}" for number in range(int(_count))]
    bind_hooks(Path(_home), _names, _SWELL, so_many_a_second(int(_rate)))
