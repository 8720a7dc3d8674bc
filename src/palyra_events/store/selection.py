"""The library's ways to select events, as SQL for both databases."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

_SELECT = "SELECT position, stream_id, version, topic, state, leaf FROM event WHERE"

PAGE = f"{_SELECT} position > ? AND position <= ? ORDER BY position LIMIT ?"
STREAM = f"{_SELECT} stream_id = ? AND version > ? ORDER BY version"
PLACE = f"{_SELECT} stream_id = ? AND version = ?"
EVENTS = f"{_SELECT} TRUE ORDER BY position"
HEAD = "SELECT position FROM event ORDER BY position DESC LIMIT 1"
POSITIONS = f"{_SELECT} position"
STREAMS = f"{_SELECT} stream_id"
BLOB = "SELECT bytes FROM blob WHERE digest = ?"
BLOBS = "SELECT digest, bytes FROM blob WHERE digest IN"
TRACKED = "SELECT max(position) FROM tracking WHERE consumer = ?"

Query = tuple[str, list[object]]


def stream_query(
    stream_id: UUID | bytes, *, gt: int | None, lte: int | None, desc: bool, limit: int | None
) -> Query:
    """Return the query behind the library's ``select_events``."""
    query = _where([("stream_id = ?", stream_id), ("version > ?", gt), ("version <= ?", lte)])
    return _ordered(query, f"version {'DESC' if desc else 'ASC'}", limit)


def log_query(
    start: int | None, stop: int | None, topics: Sequence[str], limit: int, *, inclusive: bool
) -> Query:
    """Return the query behind the library's ``select_notifications``."""
    text, values = _where([(f"position {'>=' if inclusive else '>'} ?", start), ("position <= ?", stop)])
    if topics:
        text += f" AND topic IN ({', '.join('?' * len(topics))})"
    return _ordered((text, [*values, *topics]), "position", limit)


def _where(conditions: Sequence[tuple[str, object]]) -> Query:
    """Join the conditions that have a value; there is always a WHERE to go on with."""
    wanted = [(text, value) for text, value in conditions if value is not None]
    clause = " AND ".join(["TRUE", *(text for text, _ in wanted)])
    return f"{_SELECT} {clause}", [value for _, value in wanted]


def _ordered(query: Query, order: str, limit: int | None) -> Query:
    text, values = query
    text += f" ORDER BY {order}"
    return (text, values) if limit is None else (f"{text} LIMIT ?", [*values, limit])
