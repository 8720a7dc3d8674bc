"""What a loss of power leaves of files, from a trace of the calls that changed them.

A write is on the disk when its file was synced after it, and a name is there, or gone, when its folder was
(fsync(2)). What was not synced may be there or not: `Disk.remains` leaves out all of it, and with dice it
keeps some of it, in pieces that a disk writes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.tracing import Call
from tests.dice import Dice

#: bytes that a disk writes at once
SECTOR = 512
#: made anew from the write-ahead log by whoever opens the database first
_SHARED_MEMORY = "-shm"


@dataclass(eq=False, slots=True)
class File:
    """A file, or a folder: what a process reads from it, and what the disk has of it."""

    now: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    #: offsets and bytes since the last sync
    writes: list[tuple[int, bytes]] = field(default_factory=list)

    def write(self, offset: int, content: bytes) -> None:
        """Write at a place; a gap before it is zeros."""
        _place(self.now, offset, content)
        self.writes.append((offset, content))

    def cut(self, size: int) -> None:
        """Make it as long as that; the disk has it with the next sync."""
        self.now = self.now[:size].ljust(size, b"\0")

    def sync(self) -> None:
        """Bring everything to the disk."""
        self.synced, self.writes = bytes(self.now), []

    def remains(self, dice: Dice | None) -> bytes:
        """Return what the disk has: without dice nothing but what was synced."""
        content = bytearray(self.synced)
        for offset, written in self.writes if dice is not None else ():
            for start in range(0, len(written), SECTOR):
                if dice is not None and dice.fraction() < 0.5:
                    _place(content, offset + start, written[start : start + SECTOR])
        return bytes(content)


def _place(content: bytearray, offset: int, written: bytes) -> None:
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(written)] = written


class Disk:
    """The files below one folder, which is there from the beginning and empty."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._names: dict[str, File] = {}
        self._synced_names: dict[str, File] = {}
        self._folders: set[str] = set()

    def replay(self, call: Call) -> None:
        """Do what a call did; calls that failed, or are about other files, do nothing."""
        if call.result >= 0 and call.path.startswith(self._root):
            _DONE_BY[call.name](self, call)

    def _open(self, call: Call) -> None:
        if "O_CREAT" in call.arguments:
            self._names.setdefault(call.path, File())

    def _make_folder(self, call: Call) -> None:
        self._names[call.path] = File()
        self._folders.add(call.path)

    def _unlink(self, call: Call) -> None:
        del self._names[call.path]

    def _rename(self, call: Call) -> None:
        self._names[call.path] = self._names.pop(call.texts[0].decode())

    def _link(self, call: Call) -> None:
        self._names[call.path] = self._names[call.texts[0].decode()]

    def _write_at(self, call: Call) -> None:
        self._names[call.path].write(call.numbers[-1], call.texts[-1])

    def _write_on(self, call: Call) -> None:
        file = self._names[call.path]
        file.write(len(file.now), call.texts[-1])

    def _cut(self, call: Call) -> None:
        self._names[call.path].cut(call.numbers[-1])

    def _sync(self, call: Call) -> None:
        path = call.path
        if path not in self._folders and path != self._root:
            self._names[path].sync()
            return
        self._synced_names = {
            name: file for name, file in self._synced_names.items() if _folder(name) != path
        } | {name: file for name, file in self._names.items() if _folder(name) == path}

    def unsynced(self, database: Path) -> list[str]:
        """The files of a database, and the folders on the way to it, of which the disk lacks something."""
        files = {str(database), f"{database}-wal", f"{database}-journal", *map(str, database.parents)}
        return [
            name
            for name, file in self._names.items()
            if name in files and (file.writes or self._synced_names.get(name) is not file)
        ]

    def remains(self, dice: Dice | None = None) -> dict[str, bytes | None]:
        """Return the files that are left, by path, and None for folders. What has lost its folder is lost."""
        left: dict[str, bytes | None] = {}
        for name, file in self._kept(dice):
            if (_folder(name) == self._root or _folder(name) in left) and not name.endswith(_SHARED_MEMORY):
                left[name] = None if name in self._folders else file.remains(dice)
        return left

    def _kept(self, dice: Dice | None) -> Iterator[tuple[str, File]]:
        """Yield the names that are left, folders first, each with the file that it stands for."""
        for name in sorted({*self._names, *self._synced_names}):
            before, after = self._synced_names.get(name), self._names.get(name)
            file = before if dice is None else dice.pick((before, after))
            if file is not None:
                yield name, file


#: calls that change what is on the disk, or will be
_DONE_BY: dict[str, Callable[[Disk, Call], None]] = {
    "openat": Disk._open,
    "mkdir": Disk._make_folder,
    "unlink": Disk._unlink,
    "rename": Disk._rename,
    "link": Disk._link,
    "pwrite64": Disk._write_at,
    "write": Disk._write_on,
    "ftruncate": Disk._cut,
    "fdatasync": Disk._sync,
    "fsync": Disk._sync,
}
WATCHED = tuple(_DONE_BY)


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def restore(left: dict[str, bytes | None], root: Path, folder: Path) -> None:
    """Write what a loss of power left of a folder into another one."""
    for name, content in left.items():
        path = folder / Path(name).relative_to(root)
        if content is None:
            path.mkdir(mode=0o700)
        else:
            path.touch(mode=0o600)
            path.write_bytes(content)
