"""The event log in SQLite and PostgreSQL, with the bytes that are kept beside it.

Only this package knows the event-sourcing library and the database drivers.
"""

from palyra_events.blob import Blob
from palyra_events.record import NewEvent, RecordedEvent
from palyra_events.store.log import EventLog
from palyra_events.store.tail import Tail

__all__ = ["Blob", "EventLog", "NewEvent", "RecordedEvent", "Tail"]
