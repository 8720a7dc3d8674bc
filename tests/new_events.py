"""Events for tests of the log, which does not look into them."""

from __future__ import annotations

from uuid import UUID

from palyra_events.record import NewEvent

TOPIC = "SkillEnabled@1"


def stream(number: int) -> UUID:
    """Return the id of a stream."""
    return UUID(int=number)


def new_events(count: int, *, number: int = 1, start: int = 1) -> list[NewEvent]:
    """Return ``count`` events of the stream ``number`` from the version ``start`` on."""
    return [
        NewEvent(stream(number), version, TOPIC, b'{"n":%d}' % version)
        for version in range(start, start + count)
    ]
