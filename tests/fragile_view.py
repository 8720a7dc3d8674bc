"""A view for tests: it keeps the names of hooks, and cannot take in those named ``bad…``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column

from palyra_events.hook import HookBound
from projections.column import Id, Position
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows

#: how the names begin that it cannot take in
_BAD = "bad"


class FragileView(Projection):
    """A decision view; `FragileReport` is the report."""

    name = "fragile"
    version = 1
    is_decision = True

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.names = self.table(
            "fragile", Column("position", Position, primary_key=True), Column("hook_id", Id, unique=True)
        )
        self.handlers = {HookBound: self._bound}

    def _bound(self, fact: Fact[Any], rows: Rows) -> None:
        if fact.event.hook_id.startswith(_BAD):
            raise ValueError(f"{fact.event.hook_id} is bad")
        rows.add(self.names, position=fact.position, hook_id=fact.event.hook_id)


class FragileReport(FragileView):
    """It goes on without what it cannot take in."""

    name = "report"
    is_decision = False


class FragileViewTwo(FragileView):
    """The next version of the code of the view."""

    version = 2
