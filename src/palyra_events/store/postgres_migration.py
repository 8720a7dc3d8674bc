"""The steps from one version of the tables to the next in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from palyra_events.store.faults import typed
from palyra_events.store.layout import differences
from palyra_events.store.migration import Migrated, MigrationFailed
from palyra_events.store.postgres_layout import layouts
from palyra_events.store.postgres_pool import channel_name, connection_parameters
from palyra_events.store.postgres_schema import (
    APPEND,
    current_schema,
    lock_tables,
    schema_version,
    statements,
)
from palyra_events.store.schema import SCHEMA_VERSION
from palyra_events.store.snapshot import LOCK_TIMEOUT_MS

#: The statements that lead to each version. Once a version was released, they stay as they are: what
#: they take from the schema is copied here then.
STEPS: Mapping[int, Sequence[str]] = MappingProxyType(
    {
        1: (
            """DROP FUNCTION {schema}.event_append(
    uuid[], bigint[], text[], bytea[], bytea[], bytea[], text, bigint)""",
            APPEND.strip().removesuffix(";"),
            """CREATE TABLE {schema}.checkpoint (
    size bigint PRIMARY KEY, note bytea NOT NULL, peaks bytea NOT NULL)""",
            "ALTER TABLE {schema}.blob ALTER COLUMN bytes SET STATISTICS 0",
            """CREATE TABLE {schema}.actor (id text COLLATE "C" PRIMARY KEY, name text NOT NULL)""",
            "ALTER TABLE {schema}.actor ALTER COLUMN name SET STATISTICS 0",
        )
    }
)

_REACHED = "UPDATE {schema}.meta SET value = {version} WHERE key = 'schema_version'"


class PostgresMigrator:
    """A database whose tables can be migrated."""

    def __init__(self, url: str) -> None:
        self._url = url

    def version(self) -> int | None:
        """Return the version of the tables."""
        with self._open() as connection:
            return schema_version(connection, current_schema(connection))

    def statements(self, found: int) -> Sequence[str]:
        """Return the statements that lead from a version to the present one."""
        with self._open() as connection:
            return _texts(connection, current_schema(connection), found)

    def migrate(self) -> Migrated:
        """Bring the tables to the present version in one transaction, which nobody writes beside."""
        with self._open() as connection, connection.transaction():
            schema = current_schema(connection)
            connection.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS:d}")
            lock_tables(connection, schema)
            found = schema_version(connection, schema)
            if found is None or found >= SCHEMA_VERSION:
                # Another process was faster.
                return Migrated(SCHEMA_VERSION, SCHEMA_VERSION)
            _change(connection, schema, found)
        return Migrated(found, SCHEMA_VERSION)

    def _open(self) -> AbstractContextManager[Connection[TupleRow]]:
        return psycopg.connect(**connection_parameters(self._url), autocommit=True)


def _texts(connection: Connection[TupleRow], schema: str, found: int) -> list[str]:
    steps = [text for version in range(found + 1, SCHEMA_VERSION + 1) for text in STEPS[version]]
    channel = channel_name(schema)
    return [
        statements(schema, channel, text).as_string(connection)
        for text in ([*steps, _REACHED] if steps else [])
    ]


def _change(connection: Connection[TupleRow], schema: str, found: int) -> None:
    try:
        for text in _texts(connection, schema, found):
            connection.execute(text.encode())
    except psycopg.Error as error:
        if typed(error) is not None:
            raise
        raise MigrationFailed(f"A step cannot be made: {str(error).splitlines()[0]}.") from error
    if faults := differences(*layouts(connection, schema)):
        raise MigrationFailed(f"The tables would not be as they must be. {faults[0]}", faults=faults)
