"""The supervisor: runs services in threads, tries again what the world was in the way of, ends the rest."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Lock, Thread
from time import monotonic

from palyra_events.errors import PalyraError, Unavailable
from palyra_runtime.gateway.service import Service
from palyra_runtime.gateway.stop import Stop
from palyra_runtime.gateway.structured_log import fields
from projections import ProjectionFailed

#: seconds before a service is tried again, at first and at most; twice as long each time
BACK_OFF_S = 0.1
BACK_OFF_MAX_S = 5.0
#: seconds between two tries of a service that a broken view stops: only an operator can mend it
ALARM_BACK_OFF_S = 30.0

_log = logging.getLogger(__name__)


class Supervisor:
    """Runs services until the stop is asked for, or one of them fails for good."""

    def __init__(self, services: Sequence[Service], stop: Stop) -> None:
        self._stop = stop
        self._lock = Lock()
        self._error: Exception | None = None
        # Daemons: a guest that outlives the grace must not keep the process.
        self._threads = [
            Thread(target=self._tend, args=(service,), name=service.name, daemon=True) for service in services
        ]

    @property
    def error(self) -> Exception | None:
        """What a service failed with for good, None where none did."""
        return self._error

    def start(self) -> None:
        """Start all services."""
        for thread in self._threads:
            thread.start()

    def join(self, grace_s: float) -> list[str]:
        """Wait for the services to end, and return the names of those that did not in time."""
        deadline = monotonic() + grace_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))
        return [thread.name for thread in self._threads if thread.is_alive()]

    def _tend(self, service: Service) -> None:
        """Run a service to its end, again and again where its error passes."""
        back_off = BACK_OFF_S
        while not self._stop.asked:
            begun = monotonic()
            try:
                service.run(self._stop)
            except Exception as error:  # noqa: BLE001 - whatever it is, the gateway must hear of it
                if monotonic() - begun > BACK_OFF_MAX_S:
                    back_off = BACK_OFF_S
                back_off = self._judge(service, error, back_off)

    def _judge(self, service: Service, error: Exception, back_off: float) -> float:
        """Sleep and return how long to sleep the next time, or end the gateway."""
        if isinstance(error, ProjectionFailed):
            _log.critical(
                "%s stands still: %s", service.name, error.message, extra=fields(code=error.code, alarm=True)
            )
            self._stop.sleep(ALARM_BACK_OFF_S)
            return BACK_OFF_S
        if isinstance(error, Unavailable) and error.retryable:
            _log.warning(
                "%s is tried again in %.1f s: %s",
                *(service.name, back_off, error.message),
                extra=fields(code=error.code),
            )
            self._stop.sleep(back_off)
            return min(back_off * 2, BACK_OFF_MAX_S)
        self._fail(service, error)
        return back_off

    def _fail(self, service: Service, error: Exception) -> None:
        known = isinstance(error, PalyraError)
        _log.critical(
            "%s failed, and ends the gateway: %s",
            *(service.name, error),
            exc_info=None if known else error,
            extra=fields(code=error.code if isinstance(error, PalyraError) else "INTERNAL"),
        )
        with self._lock:
            self._error = self._error or error
        self._stop.ask("failure")
