from __future__ import annotations

import gzip

import pytest

from palyra_runtime.capabilities.egress.content import Content
from palyra_runtime.capabilities.refusal import Refused

TEXT = b"some text, " * 100


def read(encoding: str, data: bytes, *, piece: int = 7, size_max: int = 10_000) -> bytes:
    content = Content(encoding, size_max)
    for start in range(0, len(data), piece):
        content.add(data[start : start + piece])
    return content.finish()


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_plain(encoding):
    """A body that is not packed is itself."""
    assert read(encoding, TEXT) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_gzip(encoding, piece):
    """A packed body is unpacked, however it is cut into pieces."""
    assert read(encoding, gzip.compress(TEXT, mtime=0), piece=piece) == TEXT


def test_nothing():
    """The answer to a HEAD request names an encoding and has no body."""
    assert read("gzip", b"") == b""


@pytest.mark.parametrize(("encoding", "data"), [("", TEXT), ("gzip", gzip.compress(TEXT, mtime=0))])
def test_size(encoding, data):
    """A body may have just the size that is allowed, and not one byte more."""
    assert read(encoding, data, size_max=len(TEXT)) == TEXT
    with pytest.raises(Refused) as refused:
        read(encoding, data, size_max=len(TEXT) - 1)
    assert refused.value.code == "too_large"


def test_packed_size_counts():
    """A stream that unpacks to nothing is bounded by what it has on the wire."""
    stored_nothing = gzip.compress(b"", mtime=0)[:10] + b"\x00\x00\x00\xff\xff" * 100
    with pytest.raises(Refused) as refused:
        read("gzip", stored_nothing, size_max=400)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("br", b"x"),
        ("deflate", b"x"),
        ("gzip, gzip", b"x"),
        ("gzip", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-1]),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"x"),
        ("gzip", gzip.compress(TEXT, mtime=0) * 2),
    ],
)
@pytest.mark.parametrize("piece", [1, 10_000])
def test_broken(encoding, data, piece):
    """An unknown encoding, damage and leftovers are the server's mistake."""
    with pytest.raises(Refused) as refused:
        read(encoding, data, piece=piece)
    assert refused.value.code == "protocol"
