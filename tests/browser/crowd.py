"""Much that happens at once: hooks by the thousand, bound by another process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from palyra_events.application import Application, Intent
from palyra_events.hook import Target
from palyra_events.lifecycle import HookEventKind
from palyra_events.store import EventLog
from palyra_runtime import clock

#: events of one append
BATCH = 500

_QUIET = Target(event_kind=HookEventKind.SkillDisabled, plugin_id="greeter")


def bind_hooks(home: Path, names: Sequence[str]) -> int:
    """Bind so many hooks in a home, ``BATCH`` of them in one append, and return where the log ends then."""
    with EventLog.open(f"sqlite:///{home / 'palyra.db'}") as log:
        application = Application(log, now=clock.now, entropy=clock.entropy)
        for start in range(0, len(names), BATCH):
            loaded = [application.loaded_hook(name) for name in names[start : start + BATCH]]
            application.adopt_hooks([(hook, _QUIET, True) for hook in loaded], Intent("operator:ada"))
        return log.head()


def head_of(home: Path) -> int:
    """Return where the log of a home ends."""
    with EventLog.open(f"sqlite:///{home / 'palyra.db'}") as log:
        return log.head()
