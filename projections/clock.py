"""The view of time: the latest moment that any event up to a position bears.

Timestamps do not rise with positions: what is scheduled bears the time of what set it off, and the
clocks of machines differ. The latest so far rises, so that a moment means one position.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, Index, select

from palyra_events.event import Event
from projections.column import Id, Moment
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows

#: there is one log, and it has one row at each position
_LOG = "log"


class ClockView(Projection):
    """The latest moment of the log, over time."""

    name = "clock"
    version = 1
    is_decision = True
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.clock = self.temporal(
            "clock",
            [Column("of", Id, nullable=False)],
            Column("latest_at", Moment, nullable=False),
            Index(None, "latest_at"),
        )

    def before(self, connection: Connection, moment: datetime) -> int | None:
        """Return the last position up to which no event is later than a moment; None where all are not."""
        row = self.clock.table.c
        query = select(row.valid_from).where(row.latest_at > moment).order_by(row.latest_at).limit(1)
        later: int | None = connection.scalar(query)
        return None if later is None else later - 1

    def at(self, connection: Connection, position: int) -> datetime | None:
        """Return the latest moment that an event up to a position bears; None where there is no event."""
        query = select(self.clock.table.c.latest_at).where(self.clock.after(position))
        moment: datetime | None = connection.scalar(query)
        return moment

    def fold(self, fact: Fact[Event], rows: Rows) -> None:
        """Take in the time of an event, of whatever type."""
        rows.lift(self.clock, _LOG, latest_at=fact.event.timestamp)
