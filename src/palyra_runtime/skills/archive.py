"""Reading an artifact's ZIP archive without trusting a byte of it.

The standard library's reader builds a record for each of the directory's entries before anybody
can say stop, takes overlapping entries and believes duplicate names; so this is a small reader of
the one form that artifacts have (ZIP APPNOTE 6.3.10 sections 4.3 and 4.4: stored or deflated
entries, no encryption, no ZIP64, one disk). Sizes are declared first and inflating stops at them,
so memory is bounded by what was declared and checked. Nothing is written to disk.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from struct import Struct
from struct import error as StructError  # noqa: N812 - a class, whatever its name
from types import MappingProxyType
from typing import NamedTuple

from palyra_runtime.skills.errors import (
    ArtifactEntryTooLarge,
    ArtifactTooLarge,
    ArtifactTooManyEntries,
    DuplicateArtifactEntry,
    InvalidArchive,
)
from palyra_runtime.skills.paths import normalize_path

#: bytes, of the archive itself and of all its entries unpacked
ARTIFACT_BYTES_MAX = 67_108_864
#: bytes, one entry unpacked
ENTRY_BYTES_MAX = 16_777_216
#: files in an artifact, the signature among them
ENTRIES_MAX = 256

#: directories are skipped, yet each costs a little
_DIRECTORIES_MAX = 1024
_COMMENT_BYTES_MAX = 65_535
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800

_END = Struct("<4s4H2IH")
_CENTRAL = Struct("<4s6H3I5H2I")
_LOCAL = Struct("<4s5H3I2H")
_END_MAGIC, _CENTRAL_MAGIC, _LOCAL_MAGIC = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"


class _Record(NamedTuple):
    """One entry as the central directory describes it."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    offset: int

    @property
    def is_directory(self) -> bool:
        return self.name.endswith((b"/", b"\\")) and self.size == 0


def read_archive(data: bytes) -> Mapping[str, bytes]:
    """Return the archive's files by their normalised path, in byte order of path.

    Raises:
        ArtifactTooLarge: the archive, or all it holds, is larger than 64 MiB.
        ArtifactEntryTooLarge: one file is larger than 16 MiB.
        ArtifactTooManyEntries: it holds more than 256 files.
        InvalidArtifactPath: a path is not a plain relative path.
        DuplicateArtifactEntry: two entries have one path.
        InvalidArchive: it is not such an archive, or it contradicts itself.
    """
    check_total_size(len(data))
    records = _records(data)
    named = _named(records)
    check_entry_count(len(named))
    for path, record in named.items():
        check_entry_size(path, record.size)
    check_total_size(sum(record.size for record in named.values()))
    _check_spans(records, data)
    return MappingProxyType({path: _content(data, path, named[path]) for path in sorted_paths(named)})


def sorted_paths(paths: Mapping[str, object]) -> list[str]:
    """Return the paths in byte order, which is the order of everything in an artifact."""
    return sorted(paths, key=str.encode)


def check_entry_count(count: int) -> None:
    """Refuse an artifact of too many files.

    Raises:
        ArtifactTooManyEntries: there are more than 256.
    """
    if count > ENTRIES_MAX:
        raise ArtifactTooManyEntries(
            f"The artifact holds {count} files; {ENTRIES_MAX} are allowed.", actual=count, limit=ENTRIES_MAX
        )


def check_entry_size(path: str, size: int) -> None:
    """Refuse a file that is too large.

    Raises:
        ArtifactEntryTooLarge: it is larger than 16 MiB.
    """
    if size > ENTRY_BYTES_MAX:
        raise ArtifactEntryTooLarge(
            f"{path} has {size} bytes; {ENTRY_BYTES_MAX} are allowed.",
            path=path,
            actual=size,
            limit=ENTRY_BYTES_MAX,
        )


def check_total_size(size: int) -> None:
    """Refuse an artifact that is too large, packed or unpacked.

    Raises:
        ArtifactTooLarge: it is larger than 64 MiB.
    """
    if size > ARTIFACT_BYTES_MAX:
        raise ArtifactTooLarge(
            f"The artifact has {size} bytes; {ARTIFACT_BYTES_MAX} are allowed.",
            actual=size,
            limit=ARTIFACT_BYTES_MAX,
        )


def _records(data: bytes) -> list[_Record]:
    """Read the central directory, whose place the last record of the file tells."""
    end = data.rfind(_END_MAGIC, max(0, len(data) - _END.size - _COMMENT_BYTES_MAX))
    if end < 0 or end + _END.size > len(data):
        raise InvalidArchive("The artifact is not a ZIP archive, or its end is missing.")
    _, disk, first_disk, here, count, size, offset, comment = _END.unpack_from(data, end)
    if end + _END.size + comment != len(data) or disk or first_disk or here != count:
        raise InvalidArchive("The archive's end record does not fit the file.")
    if offset + size != end:
        raise InvalidArchive("The archive's directory is not where its end record says.")
    if count > ENTRIES_MAX + _DIRECTORIES_MAX:
        check_entry_count(count)
    return list(_central_records(data, offset, end, count))


def _central_records(data: bytes, offset: int, end: int, count: int) -> Iterator[_Record]:
    for _ in range(count):
        if offset + _CENTRAL.size > end:
            raise InvalidArchive("The archive's directory ends too early.")
        fields = _CENTRAL.unpack_from(data, offset)
        magic, flags, method, crc, packed_size, size = fields[0], *fields[3:5], *fields[7:10]
        name_size, extra_size, comment_size, local_offset = *fields[10:13], fields[16]
        name_at = offset + _CENTRAL.size
        offset = name_at + name_size + extra_size + comment_size
        if magic != _CENTRAL_MAGIC or offset > end:
            raise InvalidArchive("The archive's directory is damaged.")
        name = data[name_at : name_at + name_size]
        yield _Record(name, flags, method, crc, packed_size, size, local_offset)
    if offset != end:
        raise InvalidArchive("The archive's directory holds more than it says.")


def _named(records: list[_Record]) -> dict[str, _Record]:
    named: dict[str, _Record] = {}
    for record in records:
        if record.is_directory:
            continue
        path = normalize_path(_decoded(record))
        if path in named:
            raise DuplicateArtifactEntry(f"The artifact holds {path} more than once.", path=path)
        named[path] = record
    return named


def _decoded(record: _Record) -> str:
    """Return the entry's name. ASCII is ASCII in both of ZIP's encodings; anything else must be UTF-8."""
    try:
        return record.name.decode("utf-8" if record.flags & _UTF8 else "ascii")
    except UnicodeDecodeError as error:
        raise InvalidArchive(f"The entry name {record.name[:100]!r} is not UTF-8.") from error


def _check_spans(records: list[_Record], data: bytes) -> None:
    """Refuse entries that share bytes: a few kilobytes could be unpacked a thousand times."""
    last_end = 0
    for record in sorted(records, key=lambda record: record.offset):
        if record.offset < last_end:
            raise InvalidArchive("Entries of the archive overlap.")
        last_end = _content_offset(data, record) + record.packed_size


def _content_offset(data: bytes, record: _Record) -> int:
    """Return where the packed bytes start, after a local header that says what the directory says."""
    try:
        fields = _LOCAL.unpack_from(data, record.offset)
    except StructError as error:
        raise InvalidArchive("An entry of the archive lies outside the file.") from error
    magic, _, flags, method, *_, packed_size, size, name_size, extra_size = fields
    name_at = record.offset + _LOCAL.size
    sizes_agree = flags & _SIZES_FOLLOW or (packed_size, size) == (record.packed_size, record.size)
    name = data[name_at : name_at + name_size]
    if magic != _LOCAL_MAGIC or name != record.name or method != record.method or not sizes_agree:
        raise InvalidArchive(f"The header of {record.name[:100]!r} does not match the directory.")
    content_at: int = name_at + name_size + extra_size
    if content_at + record.packed_size > len(data):
        raise InvalidArchive(f"The content of {record.name[:100]!r} lies outside the file.")
    return content_at


def _content(data: bytes, path: str, record: _Record) -> bytes:
    start = _content_offset(data, record)
    content = _unpacked(memoryview(data)[start : start + record.packed_size], path, record)
    if len(content) != record.size or zlib.crc32(content) != record.crc:
        raise InvalidArchive(f"The content of {path} is damaged.", path=path)
    return content


def _unpacked(packed: memoryview, path: str, record: _Record) -> bytes:
    if record.flags & _ENCRYPTED:
        raise InvalidArchive(f"{path} is encrypted.", path=path)
    if record.method == _STORED:
        return bytes(packed)
    if record.method != _DEFLATED:
        raise InvalidArchive(f"{path} is packed with method {record.method}; 0 and 8 are known.", path=path)
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        content = inflater.decompress(packed, record.size + 1)
    except zlib.error as error:
        raise InvalidArchive(f"The content of {path} is damaged.", path=path) from error
    if not inflater.eof or inflater.unused_data:
        raise InvalidArchive(f"The content of {path} is not as long as the archive says.", path=path)
    return content
