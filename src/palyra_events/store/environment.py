"""What the process environment may not decide about the store."""

from __future__ import annotations

import os

from palyra_events.errors import UnsafeEnvironment

#: The event-sourcing library resolves these while it is imported: a module of the environment's
#: choice would run inside this process. Its other variables are never read, because the
#: factories get their settings from us and never from ``os.environ``.
REFUSED_VARIABLES = ("TZINFO_TOPIC",)


def check_environment() -> None:
    """Refuse to go on while a variable is set that makes the library import code.

    This must run before the first import of the library, so the recorders are imported by
    `EventLog.open` and not at the head of a module.

    Raises:
        UnsafeEnvironment: one of `REFUSED_VARIABLES` is set.
    """
    for name in REFUSED_VARIABLES:
        if name in os.environ:
            raise UnsafeEnvironment(
                f"The environment variable {name} would load foreign code into the event log.", variable=name
            )
