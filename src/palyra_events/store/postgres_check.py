"""What there is to check of a log in PostgreSQL alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from palyra_events.store.check import Check
from palyra_events.store.layout import differences
from palyra_events.store.postgres_layout import layouts
from palyra_events.store.postgres_pool import connection_parameters
from palyra_events.store.postgres_schema import current_schema

#: settings of the server without which a commit that was acknowledged can be lost, or a page torn
_NEEDED = ("fsync", "full_page_writes")

_HEAD = "SELECT count(*), min(position), (SELECT coalesce(max(position), 0) FROM event) FROM head"


def postgres_checks(url: str) -> Sequence[tuple[str, Check]]:
    """Return the checks of a database: its tables, functions and triggers, the head row, how it is synced."""
    return (
        ("layout", lambda: _layout(url)),
        ("head", lambda: _head(url)),
        ("durability", lambda: _durability(url)),
    )


def _open(url: str) -> AbstractContextManager[Connection[TupleRow]]:
    return psycopg.connect(**connection_parameters(url), autocommit=True)


def _layout(url: str) -> Iterator[str]:
    with _open(url) as connection:
        yield from differences(*layouts(connection, current_schema(connection)))


def _head(url: str) -> Iterator[str]:
    with _open(url) as connection:
        for rows, head, end in connection.execute(_HEAD):
            if rows != 1:
                yield f"There are {rows} head rows; there must be one."
            elif head != end:
                yield f"The head row says {head:,}, and the log ends at position {end:,}."


def _durability(url: str) -> Iterator[str]:
    with _open(url) as connection:
        for name in _NEEDED:
            for (value,) in connection.execute("SELECT current_setting(%s)", [name]):
                if value != "on":
                    yield f"The server has {name} = {value}: what was acknowledged can be lost."
