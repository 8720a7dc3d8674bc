"""How big a log is, what takes the room, and how fast it grows."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from palyra_events.store.location import Dialect, Location, locate
from palyra_events.store.snapshot import Snapshot, open_snapshot

#: the tables of the log; all others can be derived from it, or say what is going on at the moment
LOG_TABLES = frozenset({"meta", "event", "tracking", "blob", "head", "checkpoint", "actor"})

#: Bytes on disk with indexes. SQLite has the sizes only where it was built to tell them.
_TABLE_SIZES: Mapping[Dialect, str] = MappingProxyType(
    {
        "sqlite": (
            "SELECT tbl_name, sum(pgsize) FROM dbstat('main', 1) JOIN sqlite_schema USING (name) GROUP BY 1"
        ),
        "postgresql": (
            "SELECT relname, pg_total_relation_size(c.oid) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = current_schema() AND relkind = 'r'"
        ),
    }
)
_TELLS_SIZES = "SELECT count(*) FROM pragma_module_list WHERE name = 'dbstat'"

_TOPICS = "SELECT topic, count(*), sum(length(state)) FROM event GROUP BY topic ORDER BY 3 DESC, 1"

#: An event begins with the time, as the log writes it; the day is found without reading the rest.
_DAYS: Mapping[Dialect, str] = MappingProxyType(
    {
        "sqlite": """
            SELECT CAST(substr(state, instr(state, CAST('"timestamp":"' AS BLOB)) + 13, 10) AS TEXT) AS day,
                count(*), sum(length(state))
            FROM event GROUP BY day ORDER BY day
        """,
        "postgresql": """
            SELECT substring(encode(substring(state for 64), 'escape') from '"timestamp":"(.{10})') AS day,
                count(*), sum(length(state))
            FROM event GROUP BY day ORDER BY day
        """,
    }
)

#: Blobs that the engine needs to go on: artifacts, what plugins keep, how they are configured, what is to
#: be sent. All values that were ever set are among them, also those that were set anew.
_NEEDED = re.compile(rb'"(?:artifact|value|values|message)":\{"sha256":"([0-9a-f]{64})"')

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

_BLOB_SIZES = "SELECT digest, length(bytes) FROM blob"
_FREE = "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"


@dataclass(frozen=True, slots=True)
class TableSize:
    """The bytes of a table on disk, its indexes among them; ``is_log`` where nothing else has its content."""

    name: str
    bytes: int
    is_log: bool


@dataclass(frozen=True, slots=True)
class TopicSize:
    """The events of one type, and the bytes that they say it with."""

    topic: str
    events: int
    bytes: int


@dataclass(frozen=True, slots=True)
class DaySize:
    """What was recorded on one day in UTC, such as ``2026-01-31``."""

    day: str
    events: int
    bytes: int


@dataclass(frozen=True, slots=True)
class BlobSize:
    """The bytes beside the log; those that are erasable are needed by nothing that is still to happen."""

    blobs: int
    bytes: int
    erasable: int
    erasable_bytes: int


@dataclass(frozen=True, slots=True)
class FileSize:
    """The bytes of a SQLite file and of its write-ahead log; ``free_bytes`` are pages that nothing is in."""

    bytes: int
    wal_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class StoreStats:
    """The sizes of a log; ``tables`` is empty where the database does not tell, ``file`` is SQLite's."""

    dialect: Dialect
    head: int
    tables: tuple[TableSize, ...]
    topics: tuple[TopicSize, ...]
    days: tuple[DaySize, ...]
    blobs: BlobSize
    file: FileSize | None

    @property
    def view_bytes(self) -> int:
        """What is not the log itself: views, and what is going on at the moment."""
        return sum(table.bytes for table in self.tables if not table.is_log)


def measure(url: str) -> StoreStats:
    """Measure the log at ``url``, as it is now.

    Raises:
        DatabaseMissing, DatabaseTooNew, DatabaseTooOld, DriverMissing: there is no log that can be read.
        DatabaseUnavailable, DatabaseLocked, DatabaseDamaged, StorageFailed: it cannot be read.
    """
    location = locate(url)
    with open_snapshot(location) as snapshot:
        topics = tuple(TopicSize(*row) for row in snapshot.rows(_TOPICS))
        return StoreStats(
            dialect=location.dialect,
            head=sum(topic.events for topic in topics),
            tables=_tables(snapshot, location.dialect),
            topics=topics,
            days=_days(snapshot, location.dialect),
            blobs=_blobs(snapshot),
            file=_file(snapshot, location),
        )


def _tables(snapshot: Snapshot, dialect: Dialect) -> tuple[TableSize, ...]:
    if dialect == "sqlite" and not snapshot.rows(_TELLS_SIZES)[0][0]:
        return ()
    sizes = [
        TableSize(name, int(size), name in LOG_TABLES) for name, size in snapshot.rows(_TABLE_SIZES[dialect])
    ]
    return tuple(sorted(sizes, key=lambda table: (-table.bytes, table.name)))


def _days(snapshot: Snapshot, dialect: Dialect) -> tuple[DaySize, ...]:
    """Return the days; an event that was not written by us may have none."""
    return tuple(DaySize(*row) for row in snapshot.rows(_DAYS[dialect]) if _DAY.fullmatch(row[0] or ""))


def _blobs(snapshot: Snapshot) -> BlobSize:
    needed = _needed(snapshot)
    count = size = erasable = erasable_size = 0
    for digest, length in snapshot.rows(_BLOB_SIZES):
        count, size = count + 1, size + length
        if digest not in needed:
            erasable, erasable_size = erasable + 1, erasable_size + length
    return BlobSize(count, size, erasable, erasable_size)


def _needed(snapshot: Snapshot) -> Collection[bytes]:
    found = _NEEDED.findall
    return {bytes.fromhex(digest.decode()) for event in snapshot.events() for digest in found(event.state)}


def _file(snapshot: Snapshot, location: Location) -> FileSize | None:
    if location.path is None:
        return None
    return FileSize(_size(location.path), _size(Path(f"{location.path}-wal")), snapshot.rows(_FREE)[0][0])


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
