"""Writing modules byte by byte, right or wrong."""

from __future__ import annotations


def leb(number: int) -> bytes:
    """The number in LEB128."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def section(number: int, content: bytes) -> bytes:
    return bytes([number]) + leb(len(content)) + content
