"""The service that builds views anew that other code has made, such as after an upgrade."""

from __future__ import annotations

import logging

from palyra_runtime.gateway.stop import Stop
from projections import Projector, RebuildGivenUp

_log = logging.getLogger(__name__)


class RebuildService:
    """Builds changed views beside the live ones, which are read until the new ones take their place.

    It looks once, as the code of a process does not change. Where several gateways run, the second one
    finds nothing left to do.
    """

    name = "rebuild"

    def __init__(self, projector: Projector) -> None:
        self._projector = projector

    def run(self, stop: Stop) -> None:
        """Build, and then wait for the stop; a build that is not complete at the stop is given up.

        Raises:
            ProjectionFailed: a view cannot take in an event, and stays as it was.
            Unavailable: the database cannot be used at the moment, or somebody else rebuilds views.
        """
        if changed := self._projector.changed():
            _log.info("views that other code has made are built anew: %s", ", ".join(changed))
            try:
                self._projector.rebuild(changed, lambda _position, _until: _check(stop))
            except RebuildGivenUp:
                return
            _log.info("views are built anew: %s", ", ".join(changed))
        stop.wait()


def _check(stop: Stop) -> None:
    if stop.asked:
        raise RebuildGivenUp
