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
def dying(engine: Engine, after: int) -> Iterator[Engine]:
    """Give a process an engine, and kill it when it has asked the database ``after`` times.

    From then on nothing is asked any more, so that nobody tidies up, and all connections are cut.
    """
    left = iter(range(after))

    def ask(*_about: object) -> None:
        if next(left, None) is None:
            raise Crash

    # What is listened for here does not concern the engine that it is made from.
    mortal = engine.execution_options()
    for name in _ASKS:
        event.listen(mortal, name, ask)
    try:
        yield mortal
    except Crash:
        mortal.dispose()
