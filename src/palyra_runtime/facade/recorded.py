"""What is said when something was done and cannot be shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from palyra_events.errors import Unavailable


class RecordedNotShown(Unavailable):
    """It was done and is in the log, but the views cannot show it at the moment."""

    code = "RECORDED_NOT_SHOWN"
    advice = (
        "Do not repeat it. Mend what the message names, then look with the matching show or list command."
    )
    retryable = False


@contextmanager
def showing_recorded() -> Iterator[None]:
    """Read back what was appended; a view that is away then must not say that nothing was written.

    Raises:
        RecordedNotShown: the block could not reach the views.
    """
    try:
        yield
    except Unavailable as error:
        raise RecordedNotShown(f"It was recorded, but cannot be shown: {error.message}") from error
