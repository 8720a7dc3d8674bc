"""Being killed in the middle of what is done to a database, as far as that database can tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

#: what a process asks of a database
_ASKS = ("before_cursor_execute", "commit")


class Crash(BaseException):
    """The process is gone: nothing that it has not committed is there."""


@contextmanager
def dying(engine: Engine, after: int) -> Iterator[None]:
    """Kill whoever uses an engine in the block when that has been asked ``after`` times.

    From then on nothing is asked any more, so that nobody tidies up, and in the end all connections are cut.

    Raises:
        Crash: that many questions were asked.
    """
    left = iter(range(after))

    def ask(*_about: object) -> None:
        if next(left, None) is None:
            raise Crash

    for name in _ASKS:
        event.listen(engine, name, ask)
    try:
        yield
    finally:
        for name in _ASKS:
            event.remove(engine, name, ask)
        engine.dispose()
