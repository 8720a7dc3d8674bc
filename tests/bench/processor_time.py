"""Processor time: what a measurement costs, also on a machine on which others are at work.

As the kernel counts it, user and system, in ``/proc/<pid>/stat`` (proc(5)): to a hundredth of a second.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.postgres_server import Server

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
#: places of fields behind the name of the program: utime, stime; cutime, cstime of children that ended
_OWN, _CHILDREN = slice(11, 13), slice(13, 15)
_PARENT = 1


def of_process(pid: int) -> float:
    """Return the seconds that a process has used, all threads together."""
    return _seconds(_fields(pid)[_OWN])


def of_server(server: Server) -> float:
    """Return the seconds that a PostgreSQL has used, with all sessions that it has or had."""
    postmaster = server.pid
    fields = [_fields(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    sessions = sum(_seconds(each[_OWN]) for each in fields if each and int(each[_PARENT]) == postmaster)
    own = _fields(postmaster)
    return sessions + _seconds(own[_OWN]) + _seconds(own[_CHILDREN])


def _seconds(ticks: list[str]) -> float:
    return sum(map(int, ticks)) / _TICKS_PER_S


def _fields(pid: int) -> list[str]:
    """Return what the kernel tells of a process; nothing where it has just ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return stat.rpartition(")")[2].split()
