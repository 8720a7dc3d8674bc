"""The hash of one row of the log, which is a leaf of the ledger's Merkle tree."""

from __future__ import annotations

import hashlib
import struct
from typing import NamedTuple
from uuid import UUID

#: 0x00 keeps a leaf from ever being read as an inner node (RFC 6962 section 2.1). Then the fields of
#: fixed length, each with its length before it; the length of the topic comes last.
_HEADER = struct.Struct(">BIqI16sIqI")
_LENGTH = struct.Struct(">I")
_STREAM_ID_SIZE = 16

_sha256 = hashlib.sha256


def leaf_hash(position: int, stream_id: UUID, version: int, topic: str, state: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ position ‖ stream id ‖ version ‖ topic ‖ state), 32 bytes.

    Each field has its length before it in 4 bytes, so no two rows have the same input. Numbers
    take 8 bytes, all of them big-endian; the stream id is its 16 bytes, the topic UTF-8.
    PostgreSQL computes the same in SQL.
    """
    name = topic.encode()
    header = _HEADER.pack(0, 8, position, 16, stream_id.bytes, 8, version, len(name))
    return hashlib.sha256(b"".join((header, name, _LENGTH.pack(len(state)), state))).digest()


class RawRow(NamedTuple):
    """A row of the log with nothing read into it, as whoever checks the log needs it."""

    position: int
    stream_id: bytes
    version: int
    topic: bytes
    state: bytes
    leaf: bytes

    def hash_at(self, position: int) -> bytes | None:
        """Return the leaf hash that this row has at a position; None where its stream id is none."""
        _, stream_id, version, topic, state, _ = self
        if len(stream_id) != _STREAM_ID_SIZE:
            return None
        header = _HEADER.pack(0, 8, position, _STREAM_ID_SIZE, stream_id, 8, version, len(topic))
        return _sha256(header + topic + _LENGTH.pack(len(state)) + state).digest()

    @property
    def is_whole(self) -> bool:
        """Whether the row is the one that its leaf hash was made of."""
        return self.hash_at(self.position) == self.leaf
