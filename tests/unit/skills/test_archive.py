from __future__ import annotations

import io
import struct
import tracemalloc
import warnings
import zipfile
import zlib

import pytest

from palyra_runtime.skills.archive import ENTRY_BYTES_MAX, read_archive
from palyra_runtime.skills.errors import (
    ArtifactEntryTooLarge,
    ArtifactTooLarge,
    ArtifactTooManyEntries,
    DuplicateArtifactEntry,
    InvalidArchive,
    InvalidArtifactPath,
)


def zipped(*files: tuple[str, bytes], method=zipfile.ZIP_DEFLATED, stream=False):
    target = io.BytesIO()
    opened = Unseekable(target) if stream else target
    with warnings.catch_warnings(), zipfile.ZipFile(opened, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for path, content in files:
            archive.writestr(path, content)
    return target.getvalue()


class Unseekable(io.RawIOBase):
    """A pipe: a writer cannot go back to write sizes, so it writes them behind the content."""

    def __init__(self, target) -> None:
        self.target = target

    def writable(self):
        return True

    def write(self, data):
        return self.target.write(data)


def entry(name, packed, *, size, method=8, flags=0, crc=0, offset=0):
    """One local entry and its directory record, said freely."""
    local = struct.pack(
        "<4s5H3I2H", b"PK\3\4", 20, flags, method, 0, 33, crc, len(packed), size, len(name), 0
    )
    central = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 20, 20, flags, method, 0, 33, crc, len(packed), size, len(name),
        0, 0, 0, 0, 0, offset,
    )  # fmt: skip
    return local + name + packed, central + name


def archive_of(locals_, centrals):
    body, directory = b"".join(locals_), b"".join(centrals)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(centrals), len(centrals), len(directory), len(body), 0)
    return body + directory + end


def deflated(content):
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_reads_what_other_programs_write(method):
    """Stored and deflated entries are read, in byte order of path."""
    data = zipped(("b", b"2"), ("a/ä", b"1"), ("B", b"3"), method=method)
    assert list(read_archive(data).items()) == [("B", b"3"), ("a/ä", b"1"), ("b", b"2")]


def test_reads_an_archive_that_was_streamed():
    """Sizes may stand behind the content, as in archives that are written to a pipe."""
    assert dict(read_archive(zipped(("a", b"x" * 1000), stream=True))) == {"a": b"x" * 1000}


def test_directories_are_skipped():
    """A directory is no file, whatever its name."""
    assert list(read_archive(zipped(("assets/", b""), ("../", b""), ("a", b"1")))) == ["a"]


def test_a_comment_does_no_harm():
    """Archives may end in a comment, even in one that looks like an end record."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a", b"1")
        archive.comment = b"a note"
    assert dict(read_archive(target.getvalue())) == {"a": b"1"}


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\5\6", b"x" * 100_000, b"PK\5\6" + b"\0" * 17])
def test_not_an_archive(data):
    """Anything else is refused in words."""
    with pytest.raises(InvalidArchive):
        read_archive(data)


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_a_cut_archive_is_refused(cut):
    """No part of an archive is taken for the whole."""
    data = zipped(("a", b"hello"), ("b", b"world"))
    with pytest.raises(InvalidArchive):
        read_archive(data[:-cut])


def test_content_with_another_checksum():
    """A flipped bit in the content is found."""
    local, central = entry(b"a", b"hello", size=5, method=0, crc=zlib.crc32(b"hallo"))
    with pytest.raises(InvalidArchive, match="damaged"):
        read_archive(archive_of([local], [central]))


@pytest.mark.parametrize("declared", [0, 9, 11, 1_000_000])
def test_content_of_another_size_than_declared(declared):
    """Inflating stops at the declared size, and what is longer or shorter is refused."""
    content = b"0123456789"
    local, central = entry(b"a", deflated(content), size=declared, crc=zlib.crc32(content))
    with pytest.raises(InvalidArchive):
        read_archive(archive_of([local], [central]))


def test_a_bomb_costs_no_memory():
    """A packed gigabyte that says it is a kilobyte is refused before it is unpacked."""
    packed = deflated(bytes(64 * 1024 * 1024))
    local, central = entry(b"a", packed, size=1024)
    data = archive_of([local], [central])
    tracemalloc.start()
    with pytest.raises(InvalidArchive):
        read_archive(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1024 * 1024


def test_an_honest_bomb_costs_no_memory():
    """Sizes are added up before anything is unpacked."""
    packed = deflated(bytes(ENTRY_BYTES_MAX))
    parts, offset = [], 0
    for index in range(5):
        local, central = entry(b"%d" % index, packed, size=ENTRY_BYTES_MAX, offset=offset)
        parts.append((local, central))
        offset += len(local)
    data = archive_of(*zip(*parts, strict=True))
    tracemalloc.start()
    with pytest.raises(ArtifactTooLarge) as refused:
        read_archive(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.details["actual"] == 5 * ENTRY_BYTES_MAX
    assert peak < 1024 * 1024


def test_entries_that_share_bytes():
    """One packed kilobyte cannot be unpacked a hundred times."""
    packed = deflated(bytes(1_000_000))
    local, first = entry(b"a", packed, size=1_000_000, crc=zlib.crc32(bytes(1_000_000)))
    with pytest.raises(InvalidArchive, match="overlap"):
        read_archive(archive_of([local], [first, first.replace(b"\0a", b"\0b")[:-1] + b"b"]))


def test_entry_too_large():
    """The limit for one entry is checked on what the directory declares."""
    local, central = entry(b"a", b"", size=ENTRY_BYTES_MAX + 1)
    with pytest.raises(ArtifactEntryTooLarge) as refused:
        read_archive(archive_of([local], [central]))
    assert refused.value.details == {"path": "a", "actual": ENTRY_BYTES_MAX + 1, "limit": ENTRY_BYTES_MAX}


def test_archive_too_large():
    """An archive of more than 64 MiB is refused before it is looked into."""
    with pytest.raises(ArtifactTooLarge):
        read_archive(bytes(67_108_865))


def test_a_million_entries_cost_no_memory():
    """A directory of too many entries is refused by its count, without a record for each."""
    count = 60_000
    _, central = entry(b"a", b"", size=0)
    data = archive_of([], [central] * count)
    tracemalloc.start()
    with pytest.raises(ArtifactTooManyEntries) as refused:
        read_archive(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.details == {"actual": count, "limit": 256}
    assert peak < 1024 * 1024


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"flags": 1}, "encrypted"),
        ({"method": 12}, "method 12"),
        ({"offset": 4_000_000_000}, "outside"),
        ({"offset": 1}, "does not match"),
    ],
)
def test_entries_that_are_not_read(change, word):
    """Encryption, other methods and offsets into nowhere are refused, each in its words."""
    local, central = entry(b"a", b"hello", **{"size": 5, "method": 0, "crc": zlib.crc32(b"hello"), **change})
    with pytest.raises(InvalidArchive, match=word):
        read_archive(archive_of([local], [central]))


def test_header_and_directory_disagree():
    """Two readers cannot be shown two names of one entry."""
    local, _ = entry(b"a", b"x", size=1, method=0, crc=zlib.crc32(b"x"))
    _, central = entry(b"b", b"x", size=1, method=0, crc=zlib.crc32(b"x"))
    with pytest.raises(InvalidArchive, match="does not match"):
        read_archive(archive_of([local], [central]))


def test_bytes_behind_a_deflated_stream():
    """Nothing can be hidden between a stream's end and the entry's."""
    content = b"hello"
    local, central = entry(b"a", deflated(content) + b"more", size=5, crc=zlib.crc32(content))
    with pytest.raises(InvalidArchive):
        read_archive(archive_of([local], [central]))


def test_a_name_that_is_not_utf8():
    """Names that programs would read differently are refused."""
    local, central = entry(b"\xff\xfe", b"x", size=1, method=0, crc=zlib.crc32(b"x"))
    with pytest.raises(InvalidArchive, match="UTF-8"):
        read_archive(archive_of([local], [central]))


@pytest.mark.parametrize("path", ["../a", "/a", "a/../../b", "c:/a", "a//b", "./a", "a/\\..\\b"])
def test_paths_that_climb(path):
    """No path leaves the artifact."""
    with pytest.raises(InvalidArtifactPath):
        read_archive(zipped((path, b"1")))


def test_two_entries_of_one_path():
    """Two spellings of one path are one path."""
    with pytest.raises(DuplicateArtifactEntry):
        read_archive(zipped(("a/b", b"1"), ("a\\b", b"2")))
