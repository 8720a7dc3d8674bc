from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread

import pytest

from palyra_runtime.bindings.kept_file import KeptFile


def test_a_file_is_made_with_its_folder(tmp_path: Path):
    """Both are their owner's alone."""
    path = tmp_path / "hooks" / "bindings.json"

    KeptFile(path).keep(lambda: b"one")

    assert path.read_bytes() == b"one"
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path.parent, path)] == [0o700, 0o600]
    assert sorted(each.name for each in path.parent.iterdir()) == ["bindings.json", "bindings.json.lock"]


def test_a_file_that_is_right_is_not_touched(tmp_path: Path):
    """Who watches the file is not woken for nothing."""
    path = tmp_path / "bindings.json"
    KeptFile(path).keep(lambda: b"one")
    before = path.stat()

    KeptFile(path).keep(lambda: b"one")

    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_what_was_written_last_is_replaced(tmp_path: Path):
    """The file has one content, and no copies of older ones lie about."""
    path = tmp_path / "bindings.json"
    for content in (b"one", b"two", b"three"):
        KeptFile(path).keep(lambda content=content: content)

    assert path.read_bytes() == b"three"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("is_ours_first", [False, True])
def test_what_somebody_else_wrote_is_set_aside(tmp_path: Path, *, is_ours_first: bool):
    """Nothing that this program did not write is lost, whoever was first."""
    path = tmp_path / "bindings.json"
    if is_ours_first:
        KeptFile(path).keep(lambda: b"one")
    path.write_bytes(b"foreign")

    KeptFile(path).keep(lambda: b"two")

    assert path.read_bytes() == b"two"
    assert [each.read_bytes() for each in tmp_path.glob("bindings.*.json")] == [b"foreign"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path):
    """What the link points to, somewhere else, is not overwritten."""
    elsewhere, path = tmp_path / "elsewhere", tmp_path / "bindings.json"
    elsewhere.write_bytes(b"precious")
    path.symlink_to(elsewhere)

    KeptFile(path).keep(lambda: b"one")

    assert (elsewhere.read_bytes(), path.is_symlink(), path.read_bytes()) == (b"precious", False, b"one")


def test_who_saw_more_writes_last(tmp_path: Path):
    """Each writer looks under the lock, so what it saw is never replaced by something older."""
    path, seen, start = tmp_path / "bindings.json", iter(range(1000)), Barrier(4)

    def write() -> None:
        start.wait()
        for _ in range(10):
            KeptFile(path).keep(lambda: str(next(seen)).encode())

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert path.read_bytes() == b"39"


def test_a_reader_never_sees_half_a_file(tmp_path: Path):
    """Another process writes, and is killed while it does; at each look the file is whole."""
    path = tmp_path / "bindings.json"
    KeptFile(path).keep(lambda: b"[]")
    program = (
        "import json, sys, itertools, pathlib\n"
        "from palyra_runtime.bindings.kept_file import KeptFile\n"
        "for n in itertools.count():\n"
        "    KeptFile(pathlib.Path(sys.argv[1])).keep(lambda: json.dumps([n] * 20000).encode())\n"
        "    print(n, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(5):
            writer.stdout.readline()
            for _ in range(20):
                assert len(set(json.loads(path.read_bytes()))) <= 1
        writer.kill()

    assert len(set(json.loads(path.read_bytes()))) == 1
    KeptFile(path).keep(lambda: b"[1]")
    assert json.loads(path.read_bytes()) == [1]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    """The error is the system's; the file is as it was."""
    (tmp_path / "hooks").write_bytes(b"no folder")

    with pytest.raises(OSError, match=os.strerror(17)):
        KeptFile(tmp_path / "hooks" / "bindings.json").keep(lambda: b"one")
