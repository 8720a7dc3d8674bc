"""Nothing goes on for long where a decision view stands still."""

from __future__ import annotations

from time import monotonic

from projections import Projector

#: seconds for which a service that is busy relies on its last look
LOOK_S = 0.25


class Strictness:
    """Lets one service act only while every decision view can be folded, its own and those of others.

    To fold before each act would cost more than most acts do, and whoever acts folds what it reads anyway.
    """

    def __init__(self, projector: Projector) -> None:
        self._projector = projector
        self._folded_s = float("-inf")

    def check(self) -> None:
        """Fold all views, if that is not just done.

        Raises:
            ProjectionFailed: a decision view stands still; the next check says so again.
        """
        if monotonic() - self._folded_s > LOOK_S:
            self._projector.catch_up()
            self._folded_s = monotonic()
