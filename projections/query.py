"""Questions in SQL over the live tables of the views, by the names that they have for people.

Who asks may be far away, and may ask anything: so a question writes nothing, ends in time, fills no
memory, and on a server does nothing but read tables.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from projections.engine import reading
from projections.errors import QueryFailed
from projections.generation import Status, generations
from projections.json_value import json_value
from projections.projection import Projection

#: milliseconds that a question may take, and bytes that its answer may have
_TIME_MAX_MS, _BYTES_MAX = 30_000, 16 * 1024 * 1024
#: steps of SQLite's machine between two looks at the clock
_STEPS = 10_000
#: A step is as long as the values that it is about: with these, none takes many seconds.
_SQLITE_LIMITS = {sqlite3.SQLITE_LIMIT_LENGTH: 1024 * 1024, sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000}
#: What a server does for whoever may only read: open its files, end sessions, hold locks, change settings,
#: carry out statements that are texts. No table of ours has such a name; ``U&"…"`` hides names.
_ACTING = re.compile(
    r"""(?<![a-z0-9_$])(?:
        (?:pg_|lo_|dblink|(?:query|cursor|table|schema|database)_to_xml|set_config|ts_rewrite|ts_stat)\w*
        |loread|lowrite|u&"
    )""",
    re.IGNORECASE | re.VERBOSE,
)
#: by which an answer that is too large is known
_TOO_LARGE = "larger than an answer may be"


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
        QueryFailed: it is not one SELECT, it does more than read, takes too long or tells too much, or the
            database cannot answer it.
    """
    with reading(engine) as connection:
        given = ", ".join(
            f"{name} AS (SELECT * FROM {table})"  # noqa: S608 - names of ours
            for name, table in _tables(connection, projections).items()
        )
        body = question.strip().rstrip(";")
        # Who could end the parenthesis could begin another statement; both drivers take only one.
        asked = f"WITH {given} SELECT * FROM (\n{body}\n) AS answer LIMIT {limit:d}"  # noqa: S608 - the operator's own
        answer = _of_sqlite if connection.dialect.name == "sqlite" else _of_postgresql
        try:
            return answer(connection, asked, limit)
        except DBAPIError as error:
            raise _failed(str(error.orig)) from error
        except UnicodeError as error:
            raise QueryFailed("The question is not valid Unicode text.") from error


def _tables(connection: Connection, projections: Mapping[str, type[Projection]]) -> dict[str, str]:
    found = {}
    for generation in generations(connection, Status.LIVE):
        view = projections.get(generation.projection)
        if view is not None and view.version == generation.version:
            for name, table in view.of(generation.number).tables().items():
                found[name] = table.name
    return found


def _failed(said: str) -> QueryFailed:
    if _TOO_LARGE in said:
        return QueryFailed(f"The answer has more than {_BYTES_MAX} bytes.", bytes_max=_BYTES_MAX)
    return QueryFailed(f"The database cannot answer this: {said.partition(chr(10))[0]}")


def _of_sqlite(connection: Connection, asked: str, limit: int) -> Answer:
    with _bounded(connection):
        found = connection.exec_driver_sql(asked)
        rows, size = [], 0
        # A comment without an end takes the limit out of the question.
        for row in islice(found, limit):
            rows.append([json_value(each) for each in row])
            size += sum(len(each) for each in row if isinstance(each, str | bytes))
            if size > _BYTES_MAX:
                raise _failed(_TOO_LARGE)
        return Answer(list(found.keys()), rows)


@contextmanager
def _bounded(connection: Connection) -> Iterator[None]:
    raw: Any = connection.connection.driver_connection
    until = monotonic() + _TIME_MAX_MS / 1000
    raw.set_progress_handler(lambda: monotonic() > until, _STEPS)
    before = {category: raw.setlimit(category, limit) for category, limit in _SQLITE_LIMITS.items()}
    connection.exec_driver_sql("PRAGMA query_only = ON")
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)
        for category, limit in before.items():
            raw.setlimit(category, limit)
        connection.exec_driver_sql("PRAGMA query_only = OFF")


def _of_postgresql(connection: Connection, asked: str, _limit: int) -> Answer:
    if named := _ACTING.search(asked):
        raise QueryFailed(f"A question reads tables, and names no {named[0][:80]}.")
    # The transaction is read-only already.
    connection.execute(text(f"SET LOCAL statement_timeout = {_TIME_MAX_MS:d}"))
    # Only a statement with parameters goes to the server in the protocol that takes one statement. The
    # driver has the whole answer before we see a row, so it is the server that measures it.
    size = "sum(octet_length(row(answer.*)::text)) OVER ()"
    measured = f"CASE WHEN {size} > {_BYTES_MAX:d} THEN concat('{_TOO_LARGE}: ', {size})::boolean END"
    escaped = asked.replace("%", "%%")
    found = connection.exec_driver_sql(
        f"SELECT answer.*, {measured} FROM ({escaped}) AS answer WHERE %s",  # noqa: S608 - as above
        (True,),
    )
    return Answer([*found.keys()][:-1], [[json_value(each) for each in row[:-1]] for row in found])
