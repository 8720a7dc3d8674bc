"""Generations: the builds of each view, which of them is live, and how far each has come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)

from palyra_events.errors import LogDamaged
from projections.code import code_hash
from projections.column import Id, Position, Words
from projections.engine import reading, writing
from projections.projection import Projection

#: "palyproj": whoever holds this lock of PostgreSQL may make and drop tables
_SCHEMA_LOCK = 0x70616C7970726F6A


class Status(StrEnum):
    """What a generation is for."""

    #: it is being filled; nobody reads it
    BUILDING = "building"
    #: readers read it, and the projector keeps it up to date
    LIVE = "live"
    #: it was live before the present one, and is kept until the next rebuild
    RETIRED = "retired"
    #: nobody begins to read it any more; it is dropped once nobody reads it
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Generation:
    """One build of a view, and the position of the last event that it has folded.

    ``version`` is the version of the view's code. ``tables`` are the names of its tables, so that
    a later version, which makes others, can drop them. ``code_hash`` is of the code that made it.
    One that ``is_paused`` is not folded for now.
    """

    projection: str
    number: int
    version: int
    status: Status
    position: int
    started_position: int
    tables: tuple[str, ...]
    code_hash: str
    is_paused: bool


_METADATA = MetaData()

GENERATION = Table(
    "generation",
    _METADATA,
    Column("projection", Id, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("status", Id, nullable=False),
    Column("position", Position, nullable=False),
    Column("started_position", Position, nullable=False),
    Column("tables", JSON, nullable=False),
    Column("code_hash", Id, nullable=False),
    Column("is_paused", Boolean, nullable=False),
)

#: the events that a report view could not take in, by pointer
DEAD_LETTER = Table(
    "dead_letter",
    _METADATA,
    Column("projection", Id, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("error", Words, nullable=False),
)


def _one_per_projection(status: Status) -> None:
    """Let the database see to it that no view has two generations of this status."""
    condition = GENERATION.c.status == status.value
    Index(
        f"ix_generation_{status}",
        GENERATION.c.projection,
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )


_one_per_projection(Status.BUILDING)
_one_per_projection(Status.LIVE)


def prepare(engine: Engine) -> None:
    """Make the tables of this module where they are missing."""
    with reading(engine) as connection:
        if inspect(connection).has_table(DEAD_LETTER.name):
            return
    with writing(engine) as connection:
        lock_schema(connection)
        _METADATA.create_all(connection)


def lock_schema(connection: Connection) -> None:
    """Wait until nobody else makes, drops or swaps generations; it holds until the transaction ends.

    On SQLite a writing transaction is alone anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_SCHEMA_LOCK)))


def generations(connection: Connection, *statuses: Status) -> list[Generation]:
    """Return the generations with one of these statuses, by view and number."""
    return _read(connection, _OF_STATUS, {"statuses": [status.value for status in statuses]})


def live_one(connection: Connection, name: str) -> Generation | None:
    """Return the live generation of a view, if there is one."""
    return next(iter(_read(connection, _LIVE_ONE, {"projection": name})), None)


def check_not_ahead(present: Iterable[Generation], head: int) -> None:
    """Check that the log, whose head was read after these generations, has all that they have folded.

    Raises:
        LogDamaged: it is shorter: it was cut off, or replaced by an older copy.
    """
    folded = max((generation.position for generation in present), default=0)
    if folded > head:
        raise LogDamaged(
            f"The views have folded {folded} events, but the log has {head}.", folded=folded, head=head
        )


def hold(connection: Connection, expected: Sequence[Generation]) -> bool:
    """Lock these generations until the transaction ends; False where one is not as expected.

    This is the fence between processes that fold the same views: the second one waits here, then
    finds that the position has moved, and stands back before it has written a row.
    """
    names = {generation.projection for generation in expected}
    statuses = {generation.status for generation in expected}
    return set(expected) <= set(_hold(connection, names, statuses))


def hold_views(connection: Connection, names: Collection[str]) -> list[Generation]:
    """Lock all generations of these views until the transaction ends, and return them."""
    return _hold(connection, names, Status)


def advance(connection: Connection, held: Sequence[Generation], position: int) -> None:
    """Record that these generations, of one status, have folded all events up to ``position``."""
    names = [generation.projection for generation in held]
    connection.execute(_ADVANCE, {"projections": names, "of_status": held[0].status.value, "to": position})


def begin(connection: Connection, projection: type[Projection], head: int) -> Generation:
    """Make the tables of a new generation, empty and to be filled."""
    newest = select(func.max(GENERATION.c.number)).where(GENERATION.c.projection == projection.name)
    number = (connection.scalar(newest) or 0) + 1
    view = projection.of(number)
    view.create(connection)
    generation = Generation(
        projection=projection.name,
        number=number,
        version=projection.version,
        status=Status.BUILDING,
        position=0,
        started_position=head,
        tables=tuple(table.name for table in view.tables().values()),
        code_hash=code_hash(projection),
        is_paused=False,
    )
    connection.execute(insert(GENERATION), [asdict(generation)])
    return generation


def go_live(connection: Connection, generation: Generation) -> None:
    """Let readers read this generation; the one before is kept, older ones are left.

    They are not dropped here: somebody who began to read them long ago would hold up all others.
    """
    of_view = hold_views(connection, [generation.projection])
    for other in of_view:
        if other.status is Status.RETIRED:
            _set_status(connection, other, Status.LEFT)
    for other in of_view:
        if other.status is Status.LIVE:
            _set_status(connection, other, Status.RETIRED)
            generation = replace(generation, is_paused=other.is_paused)
    _set_status(connection, generation, Status.LIVE)


def go_back(connection: Connection, live: Generation, retired: Generation) -> None:
    """Let readers read the generation before again; the present one is kept in its place."""
    _set_status(connection, live, Status.RETIRED)
    _set_status(connection, replace(retired, is_paused=live.is_paused), Status.LIVE)


def set_paused(connection: Connection, names: Collection[str], *, is_paused: bool) -> None:
    """Let live views stand still, or go on; twice is once."""
    meant = GENERATION.c.projection.in_(names) & (GENERATION.c.status == Status.LIVE.value)
    connection.execute(update(GENERATION).where(meant).values(is_paused=is_paused))


def drop(connection: Connection, generation: Generation) -> None:
    """Drop a generation with its tables."""
    connection.execute(delete(GENERATION).where(_is(GENERATION, generation)))
    connection.execute(delete(DEAD_LETTER).where(_is(DEAD_LETTER, generation)))
    for name in generation.tables:
        Table(name, MetaData()).drop(connection, checkfirst=True)


def bury(connection: Connection, generation: Generation, position: int, error: str) -> None:
    """Record that a report view goes on without the event at ``position``."""
    connection.execute(
        insert(DEAD_LETTER).values(
            projection=generation.projection, number=generation.number, position=position, error=error
        )
    )


def _set_status(connection: Connection, generation: Generation, status: Status) -> None:
    """Give a generation a status; none but the live one is paused."""
    standing = {"status": status.value, "is_paused": generation.is_paused and status is Status.LIVE}
    connection.execute(update(GENERATION).where(_is(GENERATION, generation)).values(standing))


def _is(table: Table, generation: Generation) -> ColumnElement[bool]:
    return (table.c.projection == generation.projection) & (table.c.number == generation.number)


def _hold(connection: Connection, names: Iterable[str], statuses: Iterable[Status]) -> list[Generation]:
    """Lock no more than is asked for: a rebuild and the live views do not wait for each other."""
    values = {"projections": list(names), "statuses": [status.value for status in statuses]}
    return _read(connection, _HELD, values)


def _read(connection: Connection, query: Select[Any], values: Mapping[str, object]) -> list[Generation]:
    return [
        Generation(name, number, version, Status(status), position, started, tuple(tables), code, paused)
        for name, number, version, status, position, started, tables, code, paused in connection.execute(
            query, values
        )
    ]


# The order is that of the locks too, so that two who take several never wait for each other.
_BY_VIEW = select(GENERATION).order_by(GENERATION.c.projection, GENERATION.c.number)
_NAMED = GENERATION.c.projection.in_(bindparam("projections", expanding=True))
_OF_STATUS = _BY_VIEW.where(GENERATION.c.status.in_(bindparam("statuses", expanding=True)))
_LIVE_ONE = select(GENERATION).where(
    GENERATION.c.projection == bindparam("projection"), GENERATION.c.status == Status.LIVE.value
)
_HELD = _OF_STATUS.where(_NAMED).with_for_update()
_ADVANCE = (
    update(GENERATION)
    .where(_NAMED, GENERATION.c.status == bindparam("of_status"))
    .values(position=bindparam("to"))
)
