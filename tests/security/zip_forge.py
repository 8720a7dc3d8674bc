"""ZIP archives that lie: written byte by byte, so that each field can say what it likes.

Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")

STORED, DEFLATED = 0, 8
ENCRYPTED, SIZES_FOLLOW, UTF8 = 0x1, 0x8, 0x800
SYMLINK = 0o120777 << 16


@dataclass(frozen=True)
class Forged:
    """One entry. ``local`` and ``central`` replace fields of that header; what is left out is true."""

    name: bytes
    content: bytes = b""
    method: int = DEFLATED
    flags: int = 0
    attributes: int = 0o100644 << 16
    extra: bytes = b""
    packed: bytes | None = None
    local: dict[str, Any] = field(default_factory=dict)
    central: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """The bytes that lie in the archive."""
        if self.packed is not None:
            return self.packed
        return deflated(self.content) if self.method == DEFLATED else self.content

    def fields(self) -> dict[str, Any]:
        """Return what both headers say of an honest entry."""
        return {
            "flags": self.flags,
            "method": self.method,
            "crc": zlib.crc32(self.content),
            "packed_size": len(self.data),
            "size": len(self.content),
            "name": self.name,
        }


def deflated(content: bytes, level: int = 9) -> bytes:
    """Return content as a raw deflate stream."""
    packer = zlib.compressobj(level, wbits=-15)
    return packer.compress(content) + packer.flush()


def forge(
    entries: Iterable[Forged],
    *,
    prefix: bytes = b"",
    comment: bytes = b"",
    tail: bytes = b"",
    end: dict[str, int] | None = None,
    between: bytes = b"",
) -> bytes:
    """Return an archive of these entries; ``end`` replaces fields of its last record."""
    body, directory, count = bytearray(prefix), bytearray(), 0
    for entry in entries:
        offset = len(body)
        body += _local(entry) + entry.data + between
        directory += _central(entry, offset)
        count += 1
    said = {
        "disk": 0,
        "first_disk": 0,
        "here": count,
        "count": count,
        "size": len(directory),
        "offset": len(body),
    }
    said |= {"comment": len(comment), **(end or {})}
    last = _END.pack(
        b"PK\5\6", said["disk"], said["first_disk"], said["here"], said["count"], said["size"],
        said["offset"], said["comment"],
    )  # fmt: skip
    return bytes(body) + bytes(directory) + last + comment + tail


def honest(files: dict[str, bytes]) -> list[Forged]:
    """Return entries that say the truth about these files."""
    return [Forged(path.encode(), content) for path, content in files.items()]


def _local(entry: Forged) -> bytes:
    said = {**entry.fields(), **entry.local}
    return (
        _LOCAL.pack(
            said.get("magic", b"PK\3\4"), 20, said["flags"], said["method"], 0, 33, said["crc"],
            said["packed_size"], said["size"], len(said["name"]), len(entry.extra),
        )
        + said["name"]
        + entry.extra
    )  # fmt: skip


def _central(entry: Forged, offset: int) -> bytes:
    said = {**entry.fields(), "offset": offset, **entry.central}
    return (
        _CENTRAL.pack(
            said.get("magic", b"PK\1\2"), 0x0314, 20, said["flags"], said["method"], 0, 33, said["crc"],
            said["packed_size"], said["size"], len(said["name"]), len(entry.extra), 0, 0, 0, entry.attributes,
            said["offset"],
        )
        + said["name"]
        + entry.extra
    )  # fmt: skip
