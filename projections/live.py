"""Reading views: the generation of each that is live, as far as it has come or as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine

from palyra_events.errors import UnknownEvent
from projections.clock import ClockView
from projections.delivery_filter import Point
from projections.engine import reading
from projections.errors import ViewBehind
from projections.generation import Generation, live_one
from projections.projection import Projection
from projections.projector import Projector

ViewT = TypeVar("ViewT", bound=Projection)


class LiveViews:
    """Opens views for questions, and brings them to the head of the log before, unless told not to."""

    def __init__(self, engine: Engine, projector: Projector, *, catches_up: bool = True) -> None:
        self._engine = engine
        self._projector = projector
        self._catches_up = catches_up

    def position_at(self, point: Point) -> int:
        """Return the position that a point means; of a moment, the last up to which no event is later.

        Raises:
            UnknownEvent: the log is not that long.
        """
        if not isinstance(point, int):
            with self._open(ClockView) as (connection, view, generation):
                position = view.before(connection, point)
                return generation.position if position is None else position
        if not 0 <= point <= self._projector.log.head():
            raise UnknownEvent(f"The log has no event at position {point}.", position=point)
        return point

    def moment_at(self, point: Point) -> datetime:
        """Return the moment that a point means; of a position, the latest that an event up to it bears.

        Raises:
            UnknownEvent: the log has no event at that position.
        """
        if not isinstance(point, int):
            return point
        with self._open_at(ClockView, point) as (connection, view, _):
            moment = view.at(connection, point)
        if moment is None:
            raise UnknownEvent(f"The log has no event at position {point}.", position=point)
        return moment

    @contextmanager
    def _open(self, projection: type[ViewT]) -> Iterator[tuple[Connection, ViewT, Generation]]:
        """Open the live generation of a view, found in the transaction that reads it."""
        if self._catches_up:
            self._projector.catch_up(needs=(projection.name,))
        with reading(self._engine) as connection:
            generation = live_generation(connection, projection)
            yield connection, projection.of(generation.number), generation

    @contextmanager
    def _open_at(
        self, projection: type[ViewT], at: Point | None
    ) -> Iterator[tuple[Connection, ViewT, int | None]]:
        """Open a view, as `_open` does, with the position that a point of the past means."""
        position = None if at is None else self.position_at(at)
        with self._open(projection) as (connection, view, generation):
            if position is not None:
                check_folded(generation, position)
            yield connection, view, position


def live_generation(connection: Connection, projection: type[Projection]) -> Generation:
    """Return the live generation that this version of the view's code can read."""
    generation = live_one(connection, projection.name)
    if generation is None or generation.version != projection.version:
        raise ViewBehind(f"The view {projection.name} has not been built yet.", projection=projection.name)
    return generation


def check_folded(generation: Generation, position: int) -> None:
    """Check that a view has come to a position.

    Raises:
        ViewBehind: it has not.
    """
    if generation.position < position:
        raise ViewBehind(
            f"The view {generation.projection} stands at {generation.position}, not yet at {position}.",
            projection=generation.projection,
            position=position,
        )
