"""The pace of plugins: which of them are over so soon that several of them are one step for a worker."""

from __future__ import annotations

#: microseconds that an attempt takes at the most of which several are one step
_QUICK_US_MAX = 10_000


class Pace:
    """How long the last attempt of each plugin took in this process. Safe to share between threads.

    A plugin that was never carried out here is not quick.
    """

    def __init__(self) -> None:
        self._quick: set[str] = set()

    def note(self, plugin_id: str, duration_us: int) -> None:
        """Remember how long an attempt took."""
        if duration_us <= _QUICK_US_MAX:
            self._quick.add(plugin_id)
        else:
            self._quick.discard(plugin_id)

    def is_quick(self, plugin_id: str) -> bool:
        """Return whether the next attempt is likely to be over soon."""
        return plugin_id in self._quick
