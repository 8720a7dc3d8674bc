"""The tables of a log as they are, for whoever checks them.

The log's own readers refuse what cannot be right. These return it: a row with a topic that is no
UTF-8, a position that nothing leads to, bytes under a digest that is not theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from palyra_events.errors import LogDamaged, PalyraError
from palyra_events.ledger.leaf import RawRow
from palyra_events.ledger.tree import HASH_SIZE, Frontier
from palyra_events.store.location import Dialect

#: the smallest number that a position can be made into by hand
POSITION_MIN = -(2**63)

#: SQLite can hold text that is no text, and numbers of other types where somebody switched the checks off
_ROW: Mapping[Dialect, str] = MappingProxyType(
    {
        "sqlite": "position, CAST(stream_id AS BLOB), version, CAST(topic AS BLOB), CAST(state AS BLOB),"
        " CAST(leaf AS BLOB)",
        "postgresql": "position, uuid_send(stream_id), version, convert_to(topic, 'UTF8'), state, leaf",
    }
)
_SIZE: Mapping[Dialect, str] = MappingProxyType({"sqlite": "length", "postgresql": "octet_length"})

#: digests of one question; builds of SQLite differ in how many values they take
DIGESTS_MAX = 500

_KEEP = (
    "INSERT INTO checkpoint (size, note, peaks) VALUES (?, ?, ?) "
    "ON CONFLICT (size) DO UPDATE SET note = excluded.note, peaks = excluded.peaks"
)


class Place(NamedTuple):
    """Where an event stands in its stream and in the log."""

    stream_id: bytes
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """A signed tree head that the database remembers, and the frontier that it is the root of."""

    size: int
    note: bytes
    peaks: bytes

    @property
    def frontier(self) -> Frontier:
        """The right edge of the tree, as far as these bytes tell: its root shows whether they are true."""
        starts = range(0, len(self.peaks), HASH_SIZE)
        return Frontier(self.size, tuple(self.peaks[start : start + HASH_SIZE] for start in starts))


class Tables(Protocol):
    """What runs statements over the tables."""

    def select(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one query."""
        ...

    def execute(self, statement: str, *values: object) -> None:
        """Run one statement durably."""
        ...


class Evidence:
    """Reads pages of rows, each bounded.

    Raises the errors of the log it belongs to, and `LogDamaged` where a table is another one.
    """

    def __init__(
        self, tables: Tables, dialect: Dialect, opened: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._tables = tables
        self._dialect: Dialect = dialect
        self._opened = opened

    def rows(self, first: int, last: int, limit: int) -> list[RawRow]:
        """Return at most ``limit`` rows of the positions from ``first`` to ``last``, in order."""
        query = (
            f"SELECT {_ROW[self._dialect]} FROM event WHERE position >= ? AND position <= ? "  # noqa: S608
            "ORDER BY position LIMIT ?"
        )
        return [RawRow(*row) for row in self._select(query, first, last, limit)]

    def leaves(self, first: int, last: int, limit: int) -> list[tuple[int, bytes]]:
        """Return at most ``limit`` of these positions with their leaf hashes, in order."""
        query = (
            "SELECT position, leaf FROM event WHERE position >= ? AND position <= ? ORDER BY position LIMIT ?"
        )
        leaves: list[tuple[int, bytes]] = self._select(query, first, last, limit)
        return leaves

    def stream(self, stream_id: UUID) -> list[RawRow]:
        """Return the rows of one stream, in order."""
        query = f"SELECT {_ROW[self._dialect]} FROM event WHERE stream_id = ? ORDER BY version"  # noqa: S608
        key = stream_id if self._dialect == "postgresql" else stream_id.bytes
        return [RawRow(*row) for row in self._select(query, key)]

    def last_position(self) -> int:
        """Return the newest position, 0 where there is none."""
        rows = self._select("SELECT max(position) FROM event")
        return max(0, rows[0][0] or 0)

    def next_position(self, start: int) -> int | None:
        """Return the first position from ``start`` on, None where there is none."""
        query = "SELECT position FROM event WHERE position >= ? ORDER BY position LIMIT 1"
        return next((position for (position,) in self._select(query, start)), None)

    def places(self, after: Place, limit: int) -> list[Place]:
        """Return at most ``limit`` places after one, stream by stream."""
        key = after.stream_id.hex() if self._dialect == "postgresql" else after.stream_id
        stream = "uuid_send(stream_id)" if self._dialect == "postgresql" else "stream_id"
        query = (
            f"SELECT {stream}, version, position FROM event "  # noqa: S608
            "WHERE (stream_id, version) > (?, ?) ORDER BY stream_id, version LIMIT ?"
        )
        return [Place(*row) for row in self._select(query, key, after.version, limit)]

    def blob_sizes(self, after: bytes, limit: int) -> list[tuple[bytes, int]]:
        """Return at most ``limit`` digests after one, with the sizes of the bytes under them."""
        size = _SIZE[self._dialect]
        query = f"SELECT digest, {size}(bytes) FROM blob WHERE digest > ? ORDER BY digest LIMIT ?"  # noqa: S608
        sizes: list[tuple[bytes, int]] = self._select(query, after, limit)
        return sizes

    def blobs(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the bytes under some digests, `DIGESTS_MAX` at most."""
        query = f"SELECT digest, bytes FROM blob WHERE digest IN ({', '.join('?' * len(digests))})"  # noqa: S608
        return dict(self._select(query, *digests)) if digests else {}

    def kept_blobs(self, digests: Sequence[bytes]) -> set[bytes]:
        """Return which of some blobs are there, without their bytes."""
        found: set[bytes] = set()
        for start in range(0, len(digests), DIGESTS_MAX):
            some = digests[start : start + DIGESTS_MAX]
            query = f"SELECT digest FROM blob WHERE digest IN ({', '.join('?' * len(some))})"  # noqa: S608
            found.update(digest for (digest,) in self._select(query, *some))
        return found

    def consumer_positions(self) -> dict[str, int]:
        """Return how far each consumer says that it has come in the log."""
        return dict(self._select("SELECT consumer, position FROM tracking"))

    def newest_checkpoint(self) -> KeptCheckpoint | None:
        """Return the largest tree head that the database remembers."""
        query = "SELECT size, note, peaks FROM checkpoint ORDER BY size DESC LIMIT 1"
        return next((KeptCheckpoint(*row) for row in self._select(query)), None)

    def checkpoint_at(self, size: int) -> KeptCheckpoint | None:
        """Return the tree head of a size."""
        rows = self._select("SELECT size, note, peaks FROM checkpoint WHERE size = ?", size)
        return next((KeptCheckpoint(*row) for row in rows), None)

    def keep_checkpoint(self, frontier: Frontier, note: bytes) -> None:
        """Remember a signed tree head in place of an older one of the same size."""
        with self._opened():
            self._tables.execute(_KEEP, frontier.size, note, b"".join(frontier.peaks))

    def _select(self, query: str, *values: object) -> Any:
        try:
            with self._opened():
                return self._tables.select(query, *values)
        except PalyraError:
            raise
        except Exception as error:
            # Of a table that is missing or has other columns, each driver speaks in its own way.
            raise LogDamaged("A table of the log is not as it was made.") from error
