"""Exclusion: keeps the deliveries of a plugin away while something else works with what it stores."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from palyra_events.errors import Unavailable
from palyra_runtime.dispatch.lease import Lease, Leases
from palyra_runtime.dispatch.lost import LostAttempts

#: milliseconds that a tool run waits for attempts of its plugin to end
BUSY_WAIT_MS = 10_000
#: milliseconds between two looks at what somebody else holds
_LOOK_AGAIN_MS = 10


class PluginBusy(Unavailable):
    """The plugin stores values or shows a surface, and is at work on something else."""

    code = "PLUGIN_BUSY"
    advice = "Try again when its deliveries are done. See them with: palyra delivery list --plugin PLUGIN"


class PluginTakenOver(Unavailable):
    """This process was still for so long that others went on with the plugin; nothing was recorded."""

    code = "PLUGIN_TAKEN_OVER"
    advice = "Run the tool again; none of its effects happened."


class Exclusion:
    """Works under the keys of plugins, like a delivery does. Safe to share between threads."""

    def __init__(self, leases: Leases, lost: LostAttempts, *, wait_ms: int = BUSY_WAIT_MS) -> None:
        self._leases = leases
        self._lost = lost
        self._wait_ms = wait_ms

    @contextmanager
    def of(self, key: str, plugin_id: str) -> Iterator[Lease]:
        """Hold a plugin's key while the block runs.

        Raises:
            PluginBusy: somebody else held it for longer than is waited.
        """
        lease = Lease(key, plugin_id)
        deadline = time.monotonic() + self._wait_ms / 1000
        while not self._leases.claim([lease]):
            if time.monotonic() >= deadline:
                raise PluginBusy(f"Plugin {plugin_id} is at work on something else.", plugin_id=plugin_id)
            self._lost.take_over([each for each in self._leases.standing() if each.lease.key == key])
            time.sleep(_LOOK_AGAIN_MS / 1000)
        try:
            yield lease
        finally:
            self._leases.drop([lease])

    def check(self, lease: Lease) -> None:
        """Check, as late as possible before something is recorded, that nobody has gone on without us.

        Raises:
            PluginTakenOver: somebody has.
        """
        if not self._leases.confirm(lease):
            raise PluginTakenOver(plugin_id=lease.plugin_id)
