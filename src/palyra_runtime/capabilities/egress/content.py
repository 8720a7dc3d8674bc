"""The body of an answer: unpacked as it comes in, and never larger than allowed."""

from __future__ import annotations

import zlib
from typing import Protocol

from palyra_runtime.capabilities.refusal import Refused

#: what `Unpacking` reads, as it is asked for in Accept-Encoding
ACCEPTED_ENCODING = "gzip"

_GZIP = frozenset({"gzip", "x-gzip"})
_PLAIN = frozenset({"", "identity"})
#: zlib's number for "with a gzip header, and a window of 32 KiB"
_GZIP_WINDOW = 31


class _Decoder(Protocol):
    def decode(self, data: bytes, size_max: int) -> bytes: ...
    def finish(self) -> None: ...


class Content:
    """Collects a body of at most ``size_max`` bytes, counted before and after it is unpacked.

    Raises:
        Refused: ``protocol``: the encoding is one that was not asked for.
    """

    def __init__(self, encoding: str, size_max: int) -> None:
        self._decoder = _decoder(encoding)
        self._size_max = size_max
        self._packed = 0
        self._kept = bytearray()

    def add(self, data: bytes) -> None:
        """Take the next bytes as they came from the server.

        Raises:
            Refused: ``too_large`` or, where they cannot be unpacked, ``protocol``.
        """
        self._packed += len(data)
        room = self._size_max - len(self._kept)
        self._kept += self._decoder.decode(data, room + 1)
        if max(self._packed, len(self._kept)) > self._size_max:
            raise Refused("too_large", f"The answer has more than {self._size_max} bytes.")

    def finish(self) -> bytes:
        """Return the whole body.

        Raises:
            Refused: ``protocol``: it ends too early.
        """
        self._decoder.finish()
        return bytes(self._kept)


def _decoder(encoding: str) -> _Decoder:
    name = encoding.strip().lower()
    if name in _PLAIN:
        return _Plain()
    if name in _GZIP:
        return _Gzip()
    raise Refused("protocol", "The answer has a content encoding that was not asked for.")


class _Plain:
    def decode(self, data: bytes, _size_max: int) -> bytes:
        return data

    def finish(self) -> None:
        """A body that is not packed may end anywhere."""


class _Gzip:
    """One member of RFC 1952; several in a row are legal there, and used by nobody over HTTP."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(_GZIP_WINDOW)
        self._is_empty = True

    def decode(self, data: bytes, size_max: int) -> bytes:
        """Unpack no more than ``size_max`` bytes: a bomb is cut off before it costs memory."""
        self._is_empty = self._is_empty and not data
        if data and self._zlib.eof:
            raise _broken()
        try:
            unpacked = self._zlib.decompress(data, size_max)
        except zlib.error as error:
            raise _broken() from error
        if self._zlib.unused_data:
            raise _broken()
        return unpacked

    def finish(self) -> None:
        # A HEAD request's answer names the encoding of a body that it has not.
        if not (self._zlib.eof or self._is_empty):
            raise _broken()


def _broken() -> Refused:
    return Refused("protocol", "The answer's body is not valid gzip.")
