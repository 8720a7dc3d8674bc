"""The lookout: of the workers that have nothing to do, one watches the log and the others sleep."""

from __future__ import annotations

from threading import Lock

from palyra_runtime.gateway.stop import Stop


class Lookout:
    """A place for one worker. Who leaves it, having found something to do, lets in the next.

    Without it each event would wake all workers, to find that one of them was faster.
    """

    def __init__(self) -> None:
        self._place = Lock()

    def enter(self, stop: Stop) -> bool:
        """Wait for the place, and say whether it was got; it is not at the stop."""
        self._place.acquire()
        if stop.asked:
            self._place.release()
            return False
        return True

    def leave(self) -> None:
        """Let in the next worker."""
        self._place.release()
