"""The connections of a log in PostgreSQL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import PoolClosed, PoolTimeout

from palyra_events.errors import InvalidDatabaseUrl
from palyra_events.store.postgres_bell import PostgresBell
from palyra_events.store.postgres_schema import current_schema, make_tables

#: connections of one process: group commit needs one, the others read
CONNECTIONS_MAX = 8
#: seconds to wait for the server, or for a connection from the pool; a URL may say otherwise
CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_MS = 60_000
IDLE_TIMEOUT_MS = 60_000
#: how often a broken connection is made anew for one call, before we say so
ATTEMPTS_MAX = 4

#: The server or its operator ended the connection; class 08 are the connection exceptions.
_LOST = ("57P01", "57P02", "57P03", "08")

#: Whatever the URL or the server's settings say stays, except that a commit must be on disk.
_CONFIGURE = """
SELECT set_config(name, value, false) FROM (VALUES
    ('lock_timeout', '0', %s), ('statement_timeout', '0', %s),
    ('idle_in_transaction_session_timeout', '0', %s), ('synchronous_commit', 'off', 'on')
) AS wanted (name, unset, value) WHERE current_setting(name) = unset
UNION ALL SELECT set_config('search_path', quote_ident(%s), false)
"""

_T = TypeVar("_T")


class UrlDatastore(PostgresDatastore):
    """A small pool made from a URL, options and all, and the bell that rings when the log grows."""

    def __init__(self, url: str, *, schema: str, lock_timeout_ms: int) -> None:
        self.url = url
        self._settings = (str(lock_timeout_ms), str(STATEMENT_TIMEOUT_MS), str(IDLE_TIMEOUT_MS), schema)
        parameters = connection_parameters(url)
        super().__init__(
            *("", "", "", "", ""),
            schema=schema,
            connect_timeout=int(parameters["connect_timeout"]),
            max_overflow=CONNECTIONS_MAX - 1,
        )
        self.pool.kwargs = {**parameters, "row_factory": dict_row}
        self.pool.open()
        self.bell = PostgresBell(make_conninfo(**parameters), channel_name(schema))

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        """Return what the pool does to a new connection. No bound method: the pool would keep us alive."""
        settings = self._settings

        def configure(connection: Connection[Any]) -> None:
            connection.autocommit = True
            connection.execute(_CONFIGURE, settings)

        return configure

    def register_type_adapters(self) -> None:
        """The append function takes arrays; there is no composite type to register."""

    def run(self, work: Callable[[Connection[DictRow], bool], _T]) -> _T:
        """Do ``work`` with a connection, and again with a new one where that broke.

        The second argument says whether it is done again, so that the first time may have succeeded.
        """
        for attempt in range(ATTEMPTS_MAX):
            try:
                with self.pool.connection() as connection:
                    return work(connection, attempt > 0)
            except psycopg.OperationalError as error:
                if attempt + 1 == ATTEMPTS_MAX or not _is_lost(error):
                    raise
                # The others of the pool broke as well, most likely.
                self.pool.check()
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Close the connections, and end the thread that listens."""
        if "bell" in self.__dict__:
            self.bell.close()
        super().close()


def prepare(url: str, *, create: bool) -> str:
    """Make the tables where they are missing and ``create`` is set; return the schema they are in.

    Raises:
        InvalidDatabaseUrl: libpq cannot read the URL.
        DatabaseUnavailable: there is no log, and none is to be made.
        DatabaseTooNew: a newer Palyra made it; nothing was changed.
    """
    with psycopg.connect(**connection_parameters(url), autocommit=True) as connection:
        schema = current_schema(connection)
        make_tables(connection, schema, channel_name(schema), create=create)
    return schema


def channel_name(schema: str) -> str:
    """Return the channel on which appends to the log of this schema are announced.

    Channels belong to a database, and their names are short.
    """
    return f"palyra_{hashlib.sha256(schema.encode()).hexdigest()[:16]}"


def connection_parameters(url: str) -> dict[str, Any]:
    """Return what libpq reads from the URL, with our time-out where it names none."""
    try:
        return {"connect_timeout": CONNECT_TIMEOUT_S, **conninfo_to_dict(url)}
    except psycopg.ProgrammingError as error:
        # libpq repeats parts of the URL, which may hold a password.
        raise InvalidDatabaseUrl("The PostgreSQL URL cannot be read.") from error.with_traceback(None)


def _is_lost(error: psycopg.OperationalError) -> bool:
    """Say whether the connection broke. What the pool itself says is final."""
    if error.sqlstate is None:
        return not isinstance(error, PoolClosed | PoolTimeout)
    return error.sqlstate.startswith(_LOST)
