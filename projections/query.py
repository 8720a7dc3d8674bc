"""Questions in SQL over the live tables of the views, by the names that they have for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from projections.engine import reading
from projections.errors import QueryFailed
from projections.generation import Status, generations
from projections.projection import Projection

#: milliseconds that PostgreSQL may take, and steps of its machine, in millions, that SQLite may
_TIME_MAX_MS = 30_000
_STEPS_MAX = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of an answer, with the names of their columns."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def ask(engine: Engine, projections: Mapping[str, type[Projection]], question: str, limit: int) -> Answer:
    """Return at most ``limit`` rows of what a SELECT gives. Nothing can be written.

    Tables are named as in every build, so ``hook`` is the live ``hook_g3``. Times are as the database
    keeps them.

    Raises:
        QueryFailed: it is not one SELECT, or the database cannot answer it.
    """
    with reading(engine) as connection:
        given = ", ".join(
            f"{name} AS (SELECT * FROM {table})"  # noqa: S608 - names of ours
            for name, table in _tables(connection, projections).items()
        )
        body = question.strip().rstrip(";")
        # Who could end the parenthesis could begin another statement; both drivers take only one.
        asked = f"WITH {given} SELECT * FROM (\n{body}\n) AS answer LIMIT {limit:d}"  # noqa: S608 - the operator's own
        try:
            with _read_only(connection):
                found = _run(connection, asked)
                return Answer(list(found.keys()), [list(row) for row in found])
        except DBAPIError as error:
            raise QueryFailed(
                f"The database cannot answer this: {str(error.orig).partition(chr(10))[0]}"
            ) from error


def _tables(connection: Connection, projections: Mapping[str, type[Projection]]) -> dict[str, str]:
    found = {}
    for generation in generations(connection, Status.LIVE):
        view = projections.get(generation.projection)
        if view is not None and view.version == generation.version:
            for name, table in view.of(generation.number).tables().items():
                found[name] = table.name
    return found


def _run(connection: Connection, asked: str) -> Any:
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql(asked)
    # Only a statement with parameters goes to the server in the protocol that takes one statement.
    escaped = asked.replace("%", "%%")
    return connection.exec_driver_sql(f"SELECT * FROM ({escaped}) AS answer WHERE %s", (True,))  # noqa: S608 - as above


@contextmanager
def _read_only(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "postgresql":
        # The transaction is read-only already.
        connection.execute(text(f"SET LOCAL statement_timeout = {_TIME_MAX_MS:d}"))
        yield
        return
    raw: Any = connection.connection.driver_connection
    steps = iter(range(_STEPS_MAX // 1_000_000))
    raw.set_progress_handler(lambda: next(steps, None) is None, 1_000_000)
    connection.exec_driver_sql("PRAGMA query_only = ON")
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)
        connection.exec_driver_sql("PRAGMA query_only = OFF")
