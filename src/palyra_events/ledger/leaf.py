"""The hash of one row of the log, which is a leaf of the ledger's Merkle tree."""

from __future__ import annotations

import hashlib
import struct
from uuid import UUID

#: 0x00 keeps a leaf from ever being read as an inner node (RFC 6962 section 2.1). Then the fields of
#: fixed length, each with its length before it; the length of the topic comes last.
_HEADER = struct.Struct(">BIqI16sIqI")
_LENGTH = struct.Struct(">I")


def leaf_hash(position: int, stream_id: UUID, version: int, topic: str, state: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ position ‖ stream id ‖ version ‖ topic ‖ state), 32 bytes.

    Each field has its length before it in 4 bytes, so no two rows have the same input. Numbers
    take 8 bytes, all of them big-endian; the stream id is its 16 bytes, the topic UTF-8.
    PostgreSQL computes the same in SQL.
    """
    name = topic.encode()
    header = _HEADER.pack(0, 8, position, 16, stream_id.bytes, 8, version, len(name))
    return hashlib.sha256(b"".join((header, name, _LENGTH.pack(len(state)), state))).digest()
