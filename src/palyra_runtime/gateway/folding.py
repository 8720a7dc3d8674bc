"""The service that keeps the views at the head of the log, also those that nobody acts on."""

from __future__ import annotations

from collections.abc import Callable

from palyra_runtime.gateway.stop import Stop

#: seconds after which the log is looked at although no bell rang
LOOK_ANYWAY_S = 5.0
#: seconds that an event is left to those who act on it: they fold it first, and are not to be held up
LINGER_S = 0.05


class ProjectorService:
    """Folds what has happened; ``fold`` returns the position that it has come to."""

    name = "projector"

    def __init__(self, fold: Callable[[], int]) -> None:
        self._fold = fold

    def run(self, stop: Stop) -> None:
        """Fold until the stop.

        Raises:
            ProjectionFailed: a decision view cannot take in an event; the other views go on.
            Unavailable: the database, or a file, cannot be used at the moment.
        """
        while not stop.asked:
            seen = self._fold()
            stop.sleep_until_event(seen, LOOK_ANYWAY_S)
            stop.sleep(LINGER_S)
