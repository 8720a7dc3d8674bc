"""The only code that touches a guest's linear memory.

A guest names a range by two unsigned 32-bit numbers and may lie about both. Each range is checked
against the memory as it is now, since the guest may have grown it since the last call.
"""

from __future__ import annotations

import ctypes

from palyra_runtime.sandbox.contract import MEMORY_EXPORT, RANGE_BYTES_MAX
from palyra_runtime.sandbox.fuel import pay
from palyra_runtime.sandbox.native import ModuleGuest
from palyra_runtime.sandbox.outcome import GuestStopped, trapped

_MEMORY = MEMORY_EXPORT.encode()


class GuestMemory:
    """The memory of the guest that is calling the host."""

    __slots__ = ("_guest",)

    def __init__(self, guest: ModuleGuest) -> None:
        self._guest = guest

    def read(self, pointer: int, size: int) -> bytes:
        """Return a copy of ``size`` bytes at ``pointer``.

        Raises:
            GuestStopped: the range is not inside the memory, or larger than 16 MiB.
        """
        address = self._address(pointer, size)
        pay(self._guest, size)
        return ctypes.string_at(address, size)

    def write(self, pointer: int, capacity: int, data: bytes) -> bool:
        """Copy ``data`` to ``pointer`` if ``capacity`` bytes hold it; return whether they do.

        Raises:
            GuestStopped: the range of ``capacity`` bytes is not inside the memory, or larger than 16 MiB.
        """
        address = self._address(pointer, capacity)
        if len(data) > capacity:
            return False
        pay(self._guest, len(data))
        ctypes.memmove(address, data, len(data))
        return True

    def _address(self, pointer: int, size: int) -> int:
        memory = self._guest.memory(_MEMORY)
        if memory is None:
            raise GuestStopped(trapped("no_memory"))
        address, end = memory
        if size > RANGE_BYTES_MAX or pointer + size > end:
            raise GuestStopped(trapped("bad_pointer"))
        return address + pointer
