from __future__ import annotations

import struct

import pytest

from palyra_runtime.skills import open_artifact
from palyra_runtime.skills.archive import read_archive
from palyra_runtime.skills.errors import (
    ArtifactEntryTooLarge,
    ArtifactTooLarge,
    ArtifactTooManyEntries,
    DuplicateArtifactEntry,
    InvalidArchive,
    InvalidArtifactPath,
)
from tests.reference_artifact import Refused, inspect
from tests.sample_skills import artifact_bytes
from tests.security.zip_forge import (
    DEFLATED,
    ENCRYPTED,
    SIZES_FOLLOW,
    STORED,
    SYMLINK,
    UTF8,
    Forged,
    deflated,
    forge,
    honest,
)

MIB = 1024**2
FILES = dict(read_archive(artifact_bytes(assets={"note.txt": b"hello " * 100})))
GOOD = honest(FILES)
A = Forged(b"assets/a", b"hello")
#: a stream of zip64 sizes, as an archive of more than 4 GiB has them
ZIP64 = struct.pack("<HHQQ", 1, 16, 5, 5)

#: archives that one reader could take for something else than another; none of them is read
FORGED = {
    "an entry twice": (forge([A, A]), DuplicateArtifactEntry),
    "an entry in two spellings": (forge([A, Forged(b"assets\\a", b"x")]), DuplicateArtifactEntry),
    "an entry with a space": (forge([A, Forged(b" assets/a ", b"x")]), DuplicateArtifactEntry),
    "a path that climbs": (forge([Forged(b"../a", b"x")]), InvalidArtifactPath),
    "a path that climbs inside": (forge([Forged(b"assets/../../a", b"x")]), InvalidArtifactPath),
    "a path that climbs with backslashes": (forge([Forged(b"..\\..\\a", b"x")]), InvalidArtifactPath),
    "an absolute path": (forge([Forged(b"/etc/passwd", b"x")]), InvalidArtifactPath),
    "a drive": (forge([Forged(b"C:\\a", b"x")]), InvalidArtifactPath),
    "a stream of a file": (forge([Forged(b"a:b", b"x")]), InvalidArtifactPath),
    "no name": (forge([Forged(b"", b"x")]), InvalidArtifactPath),
    "a name of spaces": (forge([Forged(b"  ", b"x")]), InvalidArtifactPath),
    "a name with a NUL": (forge([Forged(b"a\0.txt", b"x")]), InvalidArtifactPath),
    "a name with an escape": (forge([Forged(b"a\x1b[2J", b"x")]), InvalidArtifactPath),
    "a name of 2000 bytes": (forge([Forged(b"a" * 2000, b"x")]), InvalidArtifactPath),
    "a name that is no UTF-8": (forge([Forged(b"\xff", b"x", flags=UTF8)]), InvalidArchive),
    "a name in another encoding": (forge([Forged(b"caf\x82", b"x")]), InvalidArchive),
    "an encrypted entry": (forge([Forged(b"a", b"x", flags=ENCRYPTED)]), InvalidArchive),
    "another method": (forge([Forged(b"a", b"x", method=12)]), InvalidArchive),
    "deflate64": (forge([Forged(b"a", b"x", method=9)]), InvalidArchive),
    "another method in front": (forge([Forged(b"a", b"x", local={"method": STORED})]), InvalidArchive),
    "another name in front": (forge([Forged(b"a", b"x", local={"name": b"b"})]), InvalidArchive),
    "another size in front": (forge([Forged(b"a", b"x", local={"size": 2})]), InvalidArchive),
    "another packed size in front": (forge([Forged(b"a", b"x", local={"packed_size": 1})]), InvalidArchive),
    "no header in front": (forge([Forged(b"a", b"x", local={"magic": b"XXXX"})]), InvalidArchive),
    "a header far away": (forge([Forged(b"a", b"x", central={"offset": 2**32 - 1})]), InvalidArchive),
    "a header behind the end": (forge([Forged(b"a", b"x", central={"offset": 60})]), InvalidArchive),
    "zip64 sizes": (
        forge([Forged(b"a", b"hello", extra=ZIP64, central={"size": 2**32 - 1, "packed_size": 2**32 - 1})]),
        ArtifactEntryTooLarge,
    ),
    "zip64 counts": (forge([A], end={"count": 65_535, "here": 65_535}), ArtifactTooManyEntries),
    "zip64 offset": (forge([A], end={"offset": 2**32 - 1}), InvalidArchive),
    "another checksum": (forge([Forged(b"a", b"x", central={"crc": 1})]), InvalidArchive),
    "stored, and shorter than said": (
        forge([Forged(b"a", b"xyz", STORED, packed=b"x", central={"size": 3}, local={"size": 3})]),
        InvalidArchive,
    ),
    "inflates to less than said": (
        forge([Forged(b"a", b"xyz", packed=deflated(b"x"))]), InvalidArchive,
    ),
    "inflates to more than said": (
        forge([Forged(b"a", b"x", packed=deflated(bytes(MIB)))]), InvalidArchive,
    ),
    "a stream with more behind": (
        forge([Forged(b"a", b"x", packed=deflated(b"x") + b"more")]), InvalidArchive,
    ),
    "a stream without an end": (forge([Forged(b"a", b"x", packed=deflated(b"x")[:-1])]), InvalidArchive),
    "no stream at all": (forge([Forged(b"a", b"x", packed=b"\xff\xff\xff")]), InvalidArchive),
    "entries that share their bytes": (
        forge([A, Forged(b"assets/b", b"hello", central={"offset": 0}, packed=b"")]), InvalidArchive,
    ),
    "more entries than said": (forge([A, Forged(b"b")], end={"count": 1, "here": 1}), InvalidArchive),
    "fewer entries than said": (forge([A], end={"count": 2, "here": 2}), InvalidArchive),
    "a directory that begins too early": (forge([A], end={"offset": 1}), InvalidArchive),
    "a damaged directory": (forge([Forged(b"a", b"x", central={"magic": b"PK\1\3"})]), InvalidArchive),
    "two disks": (forge([A], end={"disk": 1}), InvalidArchive),
    "another first disk": (forge([A], end={"first_disk": 1}), InvalidArchive),
    "something in front": (forge(GOOD, prefix=b"#!/bin/sh\n", end={"offset": 1}), InvalidArchive),
    "something behind": (forge(GOOD, tail=b"x"), InvalidArchive),
    "a comment that is longer than said": (forge(GOOD, comment=b"abc", end={"comment": 2}), InvalidArchive),
    "257 files": (forge([Forged(b"a%d" % number) for number in range(257)]), ArtifactTooManyEntries),
    "five thousand folders": (
        forge([Forged(b"a%d/" % number) for number in range(5000)]), ArtifactTooManyEntries,
    ),
    "one byte too large": (forge([Forged(b"a", bytes(16 * MIB + 1))]), ArtifactEntryTooLarge),
    "said to be too large": (
        forge([Forged(b"a", b"x", central={"size": 16 * MIB + 1})]), ArtifactEntryTooLarge,
    ),
    "too large together": (
        forge([Forged(b"a%d" % number, bytes(16 * MIB)) for number in range(4)] + [A]), ArtifactTooLarge,
    ),
    "too large as it comes": (bytes(64 * MIB + 1), ArtifactTooLarge),
    "nothing": (b"", InvalidArchive),
    "no archive": (b"#!/bin/sh\n", InvalidArchive),
    "an archive of nothing that was cut": (forge([])[:-1], InvalidArchive),
    "two ends": (forge(GOOD) + forge([]), InvalidArchive),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_an_archive_that_lies_is_refused_by_name(name):
    """Whatever another reader would make of it, here it is an error that says what is wrong."""
    data, error = FORGED[name]

    with pytest.raises(error) as refused:
        read_archive(data)

    assert refused.value.exit_code == 2
    assert len(refused.value.message) < 2000
    assert "\x1b" not in refused.value.message


#: forms that say the same in other words, and that both readers take
OTHER_FORMS = {
    "as it is": forge(GOOD),
    "stored": forge([Forged(each.name, each.content, STORED) for each in GOOD]),
    "names marked as UTF-8": forge([Forged(each.name, each.content, flags=UTF8) for each in GOOD]),
    "sizes behind the content": forge(
        [
            Forged(each.name, each.content, flags=SIZES_FOLLOW, local={"crc": 0, "size": 0, "packed_size": 0})
            for each in GOOD
        ],
        between=b"PK\7\x08" + bytes(12),
    ),
    "folders": forge([Forged(b"assets/", method=STORED), *GOOD, Forged(b"modules/", method=STORED)]),
    "with a comment": forge(GOOD, comment=b"made by hand"),
    "with extra fields": forge([Forged(each.name, each.content, extra=b"UT\5\0\1\0\0\0\0") for each in GOOD]),
    "executable": forge([Forged(each.name, each.content, attributes=0o100755 << 16) for each in GOOD]),
    "as symbolic links": forge([Forged(each.name, each.content, attributes=SYMLINK) for each in GOOD]),
    "in another order": forge(GOOD[::-1]),
    "with backslashes": forge([Forged(each.name.replace(b"/", b"\\"), each.content) for each in GOOD]),
    "not packed hard": forge(
        [Forged(each.name, each.content, DEFLATED, packed=deflated(each.content, 1)) for each in GOOD]
    ),
}


@pytest.mark.parametrize("name", OTHER_FORMS)
def test_what_is_signed_is_the_content_and_not_its_wrapping(name):
    """A link is a file with a text in it, a mode is nothing: only paths and bytes count."""
    opened = open_artifact(OTHER_FORMS[name])

    assert opened.entries == FILES
    assert inspect(OTHER_FORMS[name]) == FILES


def test_nothing_is_taken_for_a_reading_that_the_reference_has_not():
    """Where the reference's reader opens a lie, it is one of those that we refuse on purpose."""
    opened = set()
    for name, (data, _) in FORGED.items():
        try:
            inspect(data)
        except Refused:
            continue
        opened.add(name)

    assert opened <= {
        "a comment that is longer than said",
        "another first disk",
        "something behind",
        "something in front",
        "two disks",
    }
