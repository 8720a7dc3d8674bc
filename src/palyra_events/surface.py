"""The end of a surface: a page that a plugin shows, and that somebody puts away.

What plugins show is told by the outcomes of their runs (`palyra_events.effect`); what that comes to is in
`palyra_events.shown`. Only closing is an event of the surface's own.
"""

from __future__ import annotations

from palyra_events.event import Event, Stamp
from palyra_events.identifiers import Identifier


class SurfaceClosed(Event):
    """A surface is not shown any more, until a plugin shows a new document there."""

    surface: Identifier


def close_surface(surface: str, stamp: Stamp) -> list[Event]:
    """Close a surface that is open."""
    return [stamp.on(SurfaceClosed, surface=surface)]
