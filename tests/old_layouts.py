"""Logs as older versions made them: the texts of their time, which do not change."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from palyra_events.ledger import leaf_hash
from palyra_events.record import NewEvent
from palyra_events.store import Blob

#: before the first release: no checkpoints
SQLITE_0 = r"""
CREATE TABLE IF NOT EXISTS meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event (
        position INTEGER PRIMARY KEY,
        stream_id BLOB NOT NULL CHECK (length(stream_id) = 16),
        version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        leaf BLOB NOT NULL CHECK (length(leaf) = 32),
        UNIQUE (stream_id, version)
    ) STRICT;
CREATE TABLE IF NOT EXISTS tracking (
        consumer TEXT PRIMARY KEY,
        position INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blob (
        digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
        bytes BLOB NOT NULL
    ) STRICT;
CREATE TRIGGER IF NOT EXISTS event_insert BEFORE INSERT ON event BEGIN
        SELECT RAISE(ABORT, 'this version of the stream is taken') WHERE EXISTS (
            SELECT 1 FROM event WHERE stream_id = NEW.stream_id AND version = NEW.version);
        SELECT RAISE(ABORT, 'the log has no gaps: the next position is the last one + 1')
            WHERE NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event);
    END;
CREATE TRIGGER IF NOT EXISTS event_update BEFORE UPDATE ON event BEGIN
        SELECT RAISE(ABORT, 'the log is append-only');
    END;
CREATE TRIGGER IF NOT EXISTS event_delete BEFORE DELETE ON event BEGIN
        SELECT RAISE(ABORT, 'the log is append-only');
    END;
CREATE TRIGGER IF NOT EXISTS blob_update BEFORE UPDATE ON blob BEGIN
        SELECT RAISE(ABORT, 'a blob is dropped or kept, never changed');
    END;
CREATE TRIGGER IF NOT EXISTS blob_insert BEFORE INSERT ON blob BEGIN
        SELECT RAISE(IGNORE) WHERE EXISTS (SELECT 1 FROM blob WHERE digest = NEW.digest);
    END;
INSERT INTO meta VALUES ('log_id', '6e833f1b60be4e16bfc8706571f36fe6'), ('schema_version', '0');
"""

#: the same; and blobs could not be dropped
POSTGRESQL_0 = r"""
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
CREATE TABLE {schema}.head (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    position bigint NOT NULL
) WITH (fillfactor = 50);
INSERT INTO {schema}.head (position) VALUES (0);
INSERT INTO {schema}.meta VALUES ('log_id', '6e833f1b-60be-4e16-bfc8-706571f36fe6'), ('schema_version', '0');

CREATE FUNCTION {schema}.event_leaf(place bigint, stream uuid, version bigint, topic bytea, state bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256('\x0000000008'::bytea || int8send(place) || '\x00000010'::bytea || uuid_send(stream)
        || '\x00000008'::bytea || int8send(version) || int4send(octet_length(topic)) || topic
        || int4send(octet_length(state)) || state)
$$;

CREATE FUNCTION {schema}.event_append(
    streams uuid[], versions bigint[], topics text[], states bytea[],
    digests bytea[], contents bytea[], for_consumer text, reached bigint
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
                CONSTRAINT = 'tracking_fence', MESSAGE = 'the consumer was overtaken';
        END IF;
    END IF;
    IF digests IS NOT NULL THEN
        INSERT INTO {schema}.blob SELECT * FROM unnest(digests, contents) ON CONFLICT DO NOTHING;
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


def make_version_0(url: str, events: list[NewEvent], blob: Blob) -> None:
    """Make a log of version 0 with these events and a blob."""
    if url.startswith("sqlite"):
        _make_sqlite(Path(url.removeprefix("sqlite:///")), events, blob)
    else:
        _make_postgresql(url, events, blob)


def _make_sqlite(path: Path, events: list[NewEvent], blob: Blob) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(SQLITE_0)
        rows = [(n, e.stream_id.bytes, *e[1:], leaf_hash(n, *e)) for n, e in enumerate(events, 1)]
        connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.execute("INSERT INTO blob VALUES (?, ?)", (blob.digest, blob.content))


def _make_postgresql(url: str, events: list[NewEvent], blob: Blob) -> None:
    columns = [list(column) for column in zip(*events, strict=True)]
    with psycopg.connect(url, autocommit=True) as connection:
        ((schema,),) = connection.execute("SELECT current_schema()")
        channel = f"palyra_{hashlib.sha256(schema.encode()).hexdigest()[:16]}"
        connection.execute(SQL(POSTGRESQL_0).format(schema=Identifier(schema), channel=Identifier(channel)))
        append = SQL("SELECT event_append(%s::uuid[], %s, %s, %s, {}, {}, NULL, NULL)")
        blobs = (Literal([blob.digest]), Literal([blob.content]))
        connection.execute(append.format(*blobs), columns)
