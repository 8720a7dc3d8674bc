"""Where the event-sourcing library's words and ours meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from uuid import UUID

from eventsourcing import persistence
from eventsourcing.persistence import IntegrityError, Notification, StoredEvent, Tracking

from palyra_events.blob import Blob
from palyra_events.errors import Conflict
from palyra_events.record import NewEvent, RecordedEvent
from palyra_events.store.append import Append

#: The library's errors have the names that PEP 249 gives the drivers'; the more special come first.
_ERROR_NAMES = (
    "IntegrityError",
    "OperationalError",
    "ProgrammingError",
    "DataError",
    "InternalError",
    "NotSupportedError",
    "DatabaseError",
    "InterfaceError",
)


@contextmanager
def driver_errors(driver: ModuleType) -> Iterator[None]:
    """Raise a driver's errors as the library's."""
    try:
        yield
    except driver.Error as error:
        names = (name for name in _ERROR_NAMES if isinstance(error, getattr(driver, name)))
        raise getattr(persistence, next(names, "PersistenceError"))(str(error)) from error


@contextmanager
def library_errors(driver: ModuleType) -> Iterator[None]:
    """Raise a driver's errors, and our conflicts, as the library's, which its callers expect."""
    try:
        with driver_errors(driver):
            yield
    except Conflict as error:
        raise IntegrityError(str(error)) from error


def as_append(stored: Sequence[StoredEvent], tracking: Tracking | None, blobs: Sequence[Blob]) -> Append:
    """Return what ``insert_events`` is given, in our form."""
    events = [NewEvent(as_uuid(e.originator_id), e.originator_version, e.topic, e.state) for e in stored]
    place = None if tracking is None else (tracking.application_name, tracking.notification_id)
    return Append(events, blobs, place)


def as_stored(event: RecordedEvent) -> StoredEvent:
    """Return an event as ``select_events`` gives it."""
    return StoredEvent(event.stream_id, event.version, event.topic, event.state)


def as_notification(event: RecordedEvent) -> Notification:
    """Return an event as ``select_notifications`` gives it."""
    return Notification(event.stream_id, event.version, event.topic, event.state, event.position)


def as_uuid(originator_id: UUID | str) -> UUID:
    """Return the id of a stream. The library also knows streams named by text; a log has none."""
    if not isinstance(originator_id, UUID):
        raise persistence.ProgrammingError("The id of a stream is a UUID.")
    return originator_id
