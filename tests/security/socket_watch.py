"""Sees every connection that this process makes, below all of our own code, and lets out none.

Python announces each ``connect`` to its audit hooks (PEP 578) before the system is asked. A hook
cannot be taken away again, so there is one, and it speaks only while somebody watches.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address


@dataclass
class Seen:
    """What was seen, in order: places connected to, and names that the system was asked for."""

    connects: list[tuple[str, int]] = field(default_factory=list)
    lookups: list[object] = field(default_factory=list)


_watchers: list[Seen] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if not _watchers:
        return
    if event == "socket.getaddrinfo":
        _watchers[-1].lookups.append(arguments[0])
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host, port, *_ = arguments[1]
        _watchers[-1].connects.append((host, port))
        if not ip_address(host).is_loopback:
            raise OSError(errno.ENETUNREACH, "no traffic leaves the machine")


sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[Seen]:
    """Watch this process's sockets."""
    seen = Seen()
    _watchers.append(seen)
    try:
        yield seen
    finally:
        _watchers.pop()
