from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from palyra_events.store.file_watch import FileWatch

PATIENCE_S = 30


def test_a_write_wakes(tmp_path: Path):
    """Whoever sleeps on a file is woken by a write of anybody."""
    path = tmp_path / "file"
    path.touch()
    with closing(FileWatch.open(path)) as watch, ThreadPoolExecutor(1) as pool:
        woken = pool.submit(watch.wait, PATIENCE_S)
        path.write_bytes(b"x")

        assert woken.result(PATIENCE_S) is True


def test_without_a_write_the_sleep_ends_in_time(tmp_path: Path):
    """Reading a file is no reason to wake."""
    path = tmp_path / "file"
    path.touch()
    with closing(FileWatch.open(path)) as watch:
        path.read_bytes()

        assert watch.wait(0.01) is False


def test_an_interrupt_ends_the_sleep(tmp_path: Path):
    """Closing a log does not wait for the next write."""
    path = tmp_path / "file"
    path.touch()
    with closing(FileWatch.open(path)) as watch, ThreadPoolExecutor(1) as pool:
        woken = pool.submit(watch.wait, PATIENCE_S)
        watch.interrupt()

        assert woken.result(PATIENCE_S) is False


def test_a_file_that_is_not_there_is_not_watched(tmp_path: Path):
    """Whoever waits looks for itself then; nothing is left open."""
    before = len(list(Path("/proc/self/fd").iterdir()))

    assert FileWatch.open(tmp_path / "missing") is None
    assert len(list(Path("/proc/self/fd").iterdir())) == before
