"""From a name to its addresses, in bounded time."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Any, Protocol

from palyra_runtime.capabilities.egress.address import IPAddress
from palyra_runtime.capabilities.egress.deadline import Deadline, late
from palyra_runtime.capabilities.refusal import Refused

#: look-ups that may hang at once: the system's own timeouts free them, after half a minute or so
_LOOKUPS_MAX = 32

#: what ``socket.getaddrinfo`` is, as far as it is used
LookUp = Callable[..., Sequence[tuple[Any, ...]]]


class Resolver(Protocol):
    """Whoever knows the addresses of names."""

    def resolve(self, name: str, deadline: Deadline) -> Sequence[IPAddress]:
        """Return all addresses of ``name``, in the order in which to try them.

        Raises:
            Refused: ``dns``: there are none, or nobody could be asked; ``timeout``.
        """


class SystemResolver:
    """The resolver of the operating system, with its hosts file, asked in a thread of its own.

    The system's call cannot be interrupted. One that hangs keeps its thread until the system gives
    up, and there are never more than 32 of them: a slow name server must not eat the host's threads.
    """

    def __init__(self, look_up: LookUp = socket.getaddrinfo) -> None:
        self._look_up = look_up
        self._free = BoundedSemaphore(_LOOKUPS_MAX)

    def resolve(self, name: str, deadline: Deadline) -> Sequence[IPAddress]:
        """Return all addresses of ``name``."""
        if not self._free.acquire(blocking=False):
            raise Refused("dns", "Too many names are being looked up at the moment.")
        answers: SimpleQueue[Sequence[IPAddress] | OSError | UnicodeError] = SimpleQueue()
        Thread(target=self._ask, args=(name, answers), name="palyra-dns", daemon=True).start()
        try:
            answer = answers.get(timeout=deadline.left())
        except Empty:
            raise late() from None
        if isinstance(answer, OSError | UnicodeError):
            raise Refused("dns", f"The name {name} has no address.") from answer
        return answer

    def _ask(self, name: str, answers: SimpleQueue[Sequence[IPAddress] | OSError | UnicodeError]) -> None:
        try:
            found = self._look_up(name, None, type=socket.SOCK_STREAM)
            # Keeps the order, drops what is there twice.
            answers.put([ip_address(text) for text in dict.fromkeys(row[4][0] for row in found)])
        except (OSError, UnicodeError) as error:
            answers.put(error)
        finally:
            self._free.release()
