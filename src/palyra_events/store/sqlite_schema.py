"""The tables of a log in SQLite, and the triggers that keep it append-only."""

from __future__ import annotations

from palyra_events.store.schema import SCHEMA_VERSION

#: What the guard says where (stream, version) is taken; the recorder knows the conflict by it.
VERSION_TAKEN = "this version of the stream is taken"

#: ``position`` is the rowid itself. ``blob`` and ``tracking`` are found by key alone.
TABLES = (
    """CREATE TABLE IF NOT EXISTS meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS event (
        position INTEGER PRIMARY KEY,
        stream_id BLOB NOT NULL CHECK (length(stream_id) = 16),
        version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        leaf BLOB NOT NULL CHECK (length(leaf) = 32),
        UNIQUE (stream_id, version)
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS tracking (
        consumer TEXT PRIMARY KEY,
        position INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS blob (
        digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
        bytes BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS checkpoint (
        size INTEGER PRIMARY KEY,
        note BLOB NOT NULL,
        peaks BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS actor (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)

#: INSERT OR REPLACE deletes the row in its way without firing a delete trigger. So the insert itself
#: is refused where there is such a row, by position or by version. A missing position reads as -1 here.
TRIGGERS = (
    f"""CREATE TRIGGER IF NOT EXISTS event_insert BEFORE INSERT ON event BEGIN
        SELECT RAISE(ABORT, '{VERSION_TAKEN}') WHERE EXISTS (
            SELECT 1 FROM event WHERE stream_id = NEW.stream_id AND version = NEW.version);
        SELECT RAISE(ABORT, 'the log has no gaps: the next position is the last one + 1')
            WHERE NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event);
    END""",  # noqa: S608 - nothing but a constant of ours goes into these texts
    """CREATE TRIGGER IF NOT EXISTS event_update BEFORE UPDATE ON event BEGIN
        SELECT RAISE(ABORT, 'the log is append-only');
    END""",
    """CREATE TRIGGER IF NOT EXISTS event_delete BEFORE DELETE ON event BEGIN
        SELECT RAISE(ABORT, 'the log is append-only');
    END""",
    """CREATE TRIGGER IF NOT EXISTS blob_update BEFORE UPDATE ON blob BEGIN
        SELECT RAISE(ABORT, 'a blob is dropped or kept, never changed');
    END""",
    """CREATE TRIGGER IF NOT EXISTS blob_insert BEFORE INSERT ON blob BEGIN
        SELECT RAISE(IGNORE) WHERE EXISTS (SELECT 1 FROM blob WHERE digest = NEW.digest);
    END""",
)

#: The id is a random UUID (RFC 9562 section 5.4), made once, with the tables.
META = (
    """INSERT OR IGNORE INTO meta
        SELECT 'log_id', lower(substr(r, 1, 12) || '4' || substr(r, 14, 3) || 'b' || substr(r, 18))
        FROM (SELECT hex(randomblob(16)) AS r)""",
    f"INSERT OR IGNORE INTO meta VALUES ('schema_version', '{SCHEMA_VERSION}')",  # noqa: S608
)

STATEMENTS = (*TABLES, *TRIGGERS, *META)
