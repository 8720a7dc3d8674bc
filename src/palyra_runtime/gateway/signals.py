"""The signals that end a gateway: the first one asks, the second one does not wait."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from palyra_runtime.gateway.stop import Stop

#: what a service manager sends, and what Ctrl-C does
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
#: seconds within which a signal is the same one again: ``timeout`` and the like send it to us and to our
#: group, and a terminal sends Ctrl-C to us and to a wrapper that hands it on
_SAME_S = 0.5


@contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[None]:
    """Ask for the stop at the first signal while the block runs; end the process at the second.

    Only the main thread can hear signals: in another one nothing is changed, and whoever called it
    asks for the stop.

    A handler in Python could meet its own thread inside a lock that it needs. So the handler does
    nothing; the number of the signal comes through a pipe, which a thread reads.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    listener = threading.Thread(target=_listen, args=(reading, stop), name="signals", daemon=True)
    handlers = {number: signal.signal(number, lambda *_: None) for number in _SIGNALS}
    before = signal.set_wakeup_fd(writing)
    listener.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        # The listener ends where its pipe does.
        os.close(writing)
        listener.join()
        os.close(reading)


def _listen(descriptor: int, stop: Stop) -> None:
    first: float | None = None
    while numbers := os.read(descriptor, 1):
        if numbers[0] not in _SIGNALS:
            continue
        if first is None:
            first = monotonic()
            stop.ask("signal")
        elif monotonic() - first > _SAME_S:
            # As if nobody had caught it. What is cut off here survives a kill -9, too.
            os._exit(128 + numbers[0])
