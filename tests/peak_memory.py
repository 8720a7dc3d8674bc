"""How much memory this process has had at most."""

from __future__ import annotations

from pathlib import Path


def peak_memory_bytes() -> int:
    """Return the largest resident size since the program was started.

    What `getrusage` tells also counts the process that started this one, for as long as both were one.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
