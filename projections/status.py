"""How the views stand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select, table

from projections.engine import reading
from projections.generation import DEAD_LETTER, Generation, Status, generations


@dataclass(frozen=True, slots=True)
class ProjectionStatus:
    """One generation of a view: ``lag`` is how many events of the log it has not folded."""

    name: str
    generation: int
    state: Status
    position: int
    head: int
    lag: int
    rows: int
    dead_letters: int


def projection_status(engine: Engine, head: int) -> list[ProjectionStatus]:
    """Return the generations that are live or being built, by name, seen from the head of the log."""
    with reading(engine) as connection:
        present = generations(connection, Status.LIVE, Status.BUILDING)
        return [_status(connection, generation, head) for generation in present]


def _status(connection: Connection, generation: Generation, head: int) -> ProjectionStatus:
    buried = select(func.count()).where(
        DEAD_LETTER.c.projection == generation.projection, DEAD_LETTER.c.number == generation.number
    )
    return ProjectionStatus(
        name=generation.projection,
        generation=generation.number,
        state=generation.status,
        position=generation.position,
        head=head,
        lag=max(0, head - generation.position),
        rows=sum(_count(connection, name) for name in generation.tables),
        dead_letters=connection.scalar(buried) or 0,
    )


def _count(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(table(name))) or 0
