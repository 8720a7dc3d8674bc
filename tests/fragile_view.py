"""A view for tests: it keeps the names of hooks, and cannot take in those named ``bad…``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, insert

from palyra_events.hook import HookBound
from projections.batch import Batch
from projections.column import Id, Position
from projections.fact import Fact
from projections.projection import Projection


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
        self._insert = insert(self.names)

    def _bound(self, fact: Fact[Any], batch: Batch) -> None:
        if fact.event.hook_id.startswith("bad"):
            raise ValueError(f"{fact.event.hook_id} is bad")
        batch.write(self._insert, position=fact.position, hook_id=fact.event.hook_id)


class FragileReport(FragileView):
    """It goes on without what it cannot take in."""

    name = "report"
    is_decision = False


class FragileViewTwo(FragileView):
    """The next version of the code of the view."""

    version = 2
