"""The tables and functions of a log in PostgreSQL. All of them live in the schema of the connection."""

from __future__ import annotations

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier, Literal

from palyra_events.errors import DatabaseUnavailable
from palyra_events.store.schema import SCHEMA_VERSION, is_current

#: The constraint that is violated where a version is taken, and where a consumer is not ahead of its
#: recorded position, and those where the head is not the end of the log.
VERSION_CONSTRAINT = "event_stream_id_version_key"
TRACKING_CONSTRAINT = "tracking_fence"
HEAD_CONSTRAINTS = ("event_contiguous", "event_pkey")

#: Ids compare as bytes, so the order is the same on every machine. The one row of ``head`` is the lock of
#: the writers, and its number the newest position: it goes back with an append that fails. Statistics would
#: keep samples of what people wrote, beside the tables that it is dropped from.
_TABLES = """
CREATE TABLE {schema}.meta (key text COLLATE "C" PRIMARY KEY, value text NOT NULL);
CREATE TABLE {schema}.event (
    position bigint PRIMARY KEY,
    stream_id uuid NOT NULL,
    version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
    UNIQUE (stream_id, version)
);
CREATE TABLE {schema}.tracking (consumer text COLLATE "C" PRIMARY KEY, position bigint NOT NULL)
    WITH (fillfactor = 50);
CREATE TABLE {schema}.blob (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    bytes bytea NOT NULL
);
ALTER TABLE {schema}.blob ALTER COLUMN bytes SET STATISTICS 0;
CREATE TABLE {schema}.checkpoint (size bigint PRIMARY KEY, note bytea NOT NULL, peaks bytea NOT NULL);
CREATE TABLE {schema}.actor (id text COLLATE "C" PRIMARY KEY, name text NOT NULL);
ALTER TABLE {schema}.actor ALTER COLUMN name SET STATISTICS 0;
CREATE TABLE {schema}.head (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    position bigint NOT NULL
) WITH (fillfactor = 50);
INSERT INTO {schema}.head (position) VALUES (0);
INSERT INTO {schema}.meta VALUES ('log_id', gen_random_uuid()), ('schema_version', {version});
"""

#: The bytes that are hashed are those of `palyra_events.ledger.leaf.leaf_hash`.
_LEAF = r"""
CREATE FUNCTION {schema}.event_leaf(place bigint, stream uuid, version bigint, topic bytea, state bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256('\x0000000008'::bytea || int8send(place) || '\x00000010'::bytea || uuid_send(stream)
        || '\x00000008'::bytea || int8send(version) || int4send(octet_length(topic)) || topic
        || int4send(octet_length(state)) || state)
$$;
"""

#: The consumer comes first: who was overtaken fails before it waits for the lock of the writers. A
#: blob that is kept already stays. The notification goes out with the commit; it says nothing, because
#: anybody in the database can send one.
APPEND = """
CREATE FUNCTION {schema}.event_append(
    streams uuid[], versions bigint[], topics text[], states bytea[],
    digests bytea[], contents bytea[], dropped bytea[], for_consumer text, reached bigint
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    many bigint := coalesce(cardinality(streams), 0);
    base bigint := 0;
BEGIN
    IF for_consumer IS NOT NULL THEN
        INSERT INTO {schema}.tracking AS t VALUES (for_consumer, reached)
            ON CONFLICT (consumer) DO UPDATE SET position = reached WHERE t.position < reached;
        IF NOT FOUND THEN
            RAISE unique_violation USING
                CONSTRAINT = {tracking_constraint}, MESSAGE = 'the consumer was overtaken';
        END IF;
    END IF;
    IF digests IS NOT NULL THEN
        INSERT INTO {schema}.blob SELECT * FROM unnest(digests, contents) ON CONFLICT DO NOTHING;
    END IF;
    IF dropped IS NOT NULL THEN
        DELETE FROM {schema}.blob WHERE digest = ANY (dropped);
    END IF;
    IF many > 0 THEN
        UPDATE {schema}.head SET position = position + many RETURNING position - many INTO STRICT base;
        INSERT INTO {schema}.event
            SELECT base + i, stream, version, topic, state,
                {schema}.event_leaf(base + i, stream, version, convert_to(topic, 'UTF8'), state)
            FROM unnest(streams, versions, topics, states) WITH ORDINALITY
                AS e (stream, version, topic, state, i);
        NOTIFY {channel};
    END IF;
    RETURN base;
END $$;
"""

#: One check per statement: what was inserted follows, without a gap, on what was there, and ends at the head.
_GUARDS = """
CREATE FUNCTION {schema}.event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'the log is append-only';
END $$;
CREATE FUNCTION {schema}.blob_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'a blob is dropped or kept, never changed';
END $$;
CREATE FUNCTION {schema}.event_contiguous() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT min(position), max(position), count(*) FROM added) AS a (lowest, highest, many)
        WHERE many > 0 AND (
            highest - lowest + 1 <> many
            OR highest <> (SELECT position FROM {schema}.head)
            OR lowest > 1 AND NOT EXISTS (SELECT FROM {schema}.event WHERE position = lowest - 1))
    ) THEN
        RAISE check_violation USING CONSTRAINT = 'event_contiguous',
            MESSAGE = 'the log has no gaps: the next position is the last one + 1';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER event_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.event
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.event_refuse();
CREATE TRIGGER event_contiguous AFTER INSERT ON {schema}.event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION {schema}.event_contiguous();
CREATE TRIGGER blob_refuse BEFORE UPDATE ON {schema}.blob
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.blob_refuse();
"""


def current_schema(connection: Connection[TupleRow]) -> str:
    """Return the schema that this connection makes its tables in.

    Raises:
        DatabaseUnavailable: no schema of its search path exists.
    """
    row = connection.execute("SELECT current_schema()").fetchone()
    if row is None or row[0] is None:
        raise DatabaseUnavailable("No schema of the connection's search_path exists in this database.")
    return str(row[0])


def make_tables(connection: Connection[TupleRow], schema: str, channel: str, *, create: bool) -> None:
    """Make the tables where they are missing, one process at a time, all of them or none.

    Raises:
        DatabaseTooNew: a newer Palyra made them; nothing was changed.
        DatabaseUnavailable: they are missing and ``create`` is not set.
    """
    if is_current(schema_version(connection, schema), create=create):
        return
    with connection.transaction():
        lock_tables(connection, schema)
        if not is_current(schema_version(connection, schema), create=create):
            connection.execute(statements(schema, channel), prepare=False)


def lock_tables(connection: Connection[TupleRow], schema: str) -> None:
    """Wait until nobody else makes or changes the tables; it holds until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"palyra {schema}"])


def schema_version(connection: Connection[TupleRow], schema: str) -> int | None:
    """Return the version of the tables, None where there are none.

    A query on the catalogue sees what was committed while this session waited for the lock;
    ``to_regclass`` may answer from a cache.
    """
    found = connection.execute(
        "SELECT FROM pg_tables WHERE schemaname = %s AND tablename = 'meta'", [schema]
    ).fetchone()
    if found is None:
        return None
    query = SQL("SELECT value FROM {}.meta WHERE key = 'schema_version'").format(Identifier(schema))
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else None


def statements(schema: str, channel: str, texts: str = _TABLES + _LEAF + APPEND + _GUARDS) -> Composed:
    """Return what makes the tables and functions, or other ``texts`` over the same names."""
    return SQL(texts).format(
        schema=Identifier(schema),
        version=Literal(str(SCHEMA_VERSION)),
        channel=Identifier(channel),
        tracking_constraint=Literal(TRACKING_CONSTRAINT),
    )
