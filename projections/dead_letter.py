"""Dead letters: the events that report views went on without."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select

from projections.engine import reading, writing
from projections.generation import DEAD_LETTER, GENERATION, Status


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A pointer to an event that the live build of a report view could not take in, and why."""

    name: str
    position: int
    error: str


#: those of builds that nobody reads are gone with them
_LIVE = (
    (GENERATION.c.projection == DEAD_LETTER.c.projection)
    & (GENERATION.c.number == DEAD_LETTER.c.number)
    & (GENERATION.c.status == Status.LIVE.value)
)


def dead_letters(engine: Engine, name: str | None = None) -> list[DeadLetter]:
    """Return the dead letters of one view, or of all, by view and position."""
    row = DEAD_LETTER.c
    query = select(row.projection, row.position, row.error).join(GENERATION, _LIVE)
    if name is not None:
        query = query.where(row.projection == name)
    with reading(engine) as connection:
        return [
            DeadLetter(*found) for found in connection.execute(query.order_by(row.projection, row.position))
        ]


def discard_dead_letters(engine: Engine, name: str, positions: Collection[int] | None) -> list[DeadLetter]:
    """Forget that a view went on without these events, or without any; return what was forgotten.

    The log keeps the events, and the next rebuild tries them again.
    """
    letters = [each for each in dead_letters(engine, name) if positions is None or each.position in positions]
    row = DEAD_LETTER.c
    meant = (row.projection == name) & row.position.in_([letter.position for letter in letters])
    with writing(engine) as connection:
        connection.execute(delete(DEAD_LETTER).where(meant))
    return letters
