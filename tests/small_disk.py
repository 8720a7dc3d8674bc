"""A disk that can be full: a small file system of its own, or a limit on file sizes where that needs root."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: bytes of the file system
SIZE = 12 * 1024**2
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A folder on a disk that `fill` fills."""

    folder: Path
    is_mounted: bool

    @contextmanager
    def filled(self, *, leaving: int) -> Iterator[None]:
        """Let there be no room for more than so many bytes while the block runs."""
        with self._ballast(leaving) if self.is_mounted else self._limit(leaving):
            yield

    @contextmanager
    def _ballast(self, leaving: int) -> Iterator[None]:
        ballast = self.folder / "ballast"
        room = os.statvfs(self.folder)
        blocks = max(0, room.f_bavail - leaving // _BLOCK)
        ballast.write_bytes(bytes(blocks * _BLOCK))
        try:
            yield
        finally:
            ballast.unlink()

    @contextmanager
    def _limit(self, leaving: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        largest = max(path.stat().st_size for path in self.folder.iterdir())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + leaving, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Make the folder, as the root of a file system of its own where we may."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "palyra-test", str(folder)]
    is_mounted = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield SmallDisk(folder, is_mounted)
    finally:
        if is_mounted:
            subprocess.run(["umount", str(folder)], check=True)
