"""Notes on plugins that they have a surface, made from the log as it is read.

Whether a plugin ever shows something is known from its outcomes only. So its first ones may still be made
at the same time; from the note on they are made one after the other.
"""

from __future__ import annotations

from palyra_events.application import Application, Commit
from palyra_events.delivery import AttemptSucceeded
from palyra_events.errors import StaleVersion
from palyra_events.event import Event
from palyra_events.record import RecordedEvent
from palyra_events.tool_run import PluginInvoked

#: what the bytes of an outcome hold that shows something: most do not, and need not be decoded
_SHOWS = b'"surface":{'


def may_show(row: RecordedEvent) -> bool:
    """Return whether an event may be an outcome that shows something."""
    return _SHOWS in row.state


class SurfaceWatch:
    """Looks at each outcome that shows something. What is noted is in the log, nothing in memory."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def look_at(self, position: int, event: Event) -> Commit:
        """Note that the plugin of an outcome has a surface, together with the position.

        Nothing is committed where it shows none, or is known to have one.

        Raises:
            StalePosition: another scheduler has been here.
        """
        while isinstance(event, AttemptSucceeded | PluginInvoked):
            try:
                return self._application.note_surface(event, position)
            except StaleVersion:
                # Somebody changed the plugin meanwhile: whether it still is to be noted is asked anew.
                continue
        return Commit()
